import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'
import { deployRsRefusals } from './notes/deploy-rs.ts'
import { inhibitorRefusals } from './inhibitors.ts'

/** What this version can carry out; the registries of engines and check types say it. */
export interface Supported {
  readonly engines: readonly string[]
  readonly checkTypes: readonly string[]
}

/**
 * Everything in the selected part of a plan that a plan may say and this version cannot do. `apply` refuses such a plan as
 * a whole: a health check or an engine that is silently left out is worse than none.
 */
export function unsupported(body: PlanBody, hosts: ReadonlySet<string>, supported: Supported): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const say = (what: string, host: string | null = null) =>
    found.push(diagnostic('apply/unsupported', 'this version of fleet cannot do that', `${what}.`, { host }))
  for (const [name, { action, settings }] of Object.entries(body.hosts)) {
    if (!hosts.has(name) || action === 'excluded' || supported.engines.includes(settings.engine)) continue
    say(`Engine ${settings.engine}; set engine: ${supported.engines.join(' or ')}`, name)
  }
  const used = checksInUse(body, hosts)
  for (const [name, { type }] of Object.entries(body.checks)) {
    if (!used.has(name) || supported.checkTypes.includes(type)) continue
    say(`Check ${name} has type ${type}; checks that work are of type ${supported.checkTypes.join(', ')}`)
  }
  return [...found, ...deployRsRefusals(body.hosts, hosts), ...inhibitorRefusals(body.hosts, hosts)]
}

/** Checks of the selected hosts and of the waves that they are in. */
function checksInUse(body: PlanBody, hosts: ReadonlySet<string>): ReadonlySet<string> {
  const ofHosts = Object.entries(body.hosts).flatMap(([name, { settings }]) => (hosts.has(name) ? settings.checks : []))
  const ofWaves = body.waves.flatMap((wave) => (wave.hosts.some((host) => hosts.has(host)) ? wave.checks : []))
  return new Set([...ofHosts, ...ofWaves])
}
