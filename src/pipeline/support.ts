import { type Diagnostic, diagnostic } from '../model/diagnostic.ts'
import type { HostSettings, PlanBody } from '../model/plan-schema.ts'

/** What this version can carry out; the registries of engines and check types say it. */
export interface Supported {
  readonly engines: readonly string[]
  readonly checkTypes: readonly string[]
}

/**
 * Everything in the selected part of a plan that fleet.yaml may say and this version cannot do. `apply` refuses such a
 * plan as a whole: a health check or a limit that is silently left out is worse than none.
 */
export function unsupported(body: PlanBody, hosts: ReadonlySet<string>, supported: Supported): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const say = (what: string, host: string | null = null) =>
    found.push(diagnostic('apply/unsupported', 'this version of fleet cannot do that', `${what}.`, { host }))
  for (const [name, { action, settings }] of Object.entries(body.hosts)) {
    if (!hosts.has(name) || action === 'excluded') continue
    for (const what of unsupportedSettings(settings, supported)) say(what, name)
  }
  const used = new Set(
    Object.entries(body.hosts).flatMap(([name, { settings }]) => (hosts.has(name) ? settings.checks : [])),
  )
  for (const [name, check] of Object.entries(body.checks)) {
    if (!used.has(name)) continue
    if (!supported.checkTypes.includes(check.type))
      say(`Check ${name} has type ${check.type}; checks that work are of type ${supported.checkTypes.join(', ')}`)
    else if (check.precondition || !check.when.includes('after'))
      say(`Check ${name} is to run before the change; checks run after it only`)
  }
  for (const wave of body.waves) {
    if (!wave.hosts.some((host) => hosts.has(host))) continue
    if (wave.rollback === 'wave' || wave.rollback === 'run')
      say(`Wave ${wave.name} has rollback: ${wave.rollback}; what works is none and host`)
    if (wave.checks.length > 0) say(`Wave ${wave.name} has gate checks`)
  }
  if (body.hooks.length > 0) say('Hooks are not called')
  if (body.lock !== null) say('The fleet-wide lock (lock.http) is not taken')
  return found
}

function unsupportedSettings(settings: HostSettings, { engines }: Supported): readonly string[] {
  const found: string[] = []
  if (!engines.includes(settings.engine)) found.push(`Engine ${settings.engine}; set engine: ${engines.join(' or ')}`)
  if (settings.buildOn === 'target') found.push('buildOn: target; what works is operator')
  if (settings.reboot === 'when-needed') found.push('reboot: when-needed; what works is never')
  return found
}
