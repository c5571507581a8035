import { type Diagnostic, diagnostic, type Outcome } from '../../../model/diagnostic.ts'
import type { SelectedWave } from '../../../model/run/event-schema.ts'
import type { PlanBody } from '../../../model/plan/plan-schema.ts'

/** The part of a plan that a run is about: its waves in order, each with those of its hosts that are wanted. */
export function selectRun(body: PlanBody, wanted: ReadonlySet<string>): Outcome<readonly SelectedWave[]> {
  if (body.base != null) return { ok: false, diagnostics: [notObserved(body.base.ref)] }
  if (body.comparison != null) return { ok: false, diagnostics: [comparison] }
  const isIn = (host: string) =>
    wanted.has(host) && body.hosts[host] !== undefined && body.hosts[host].action !== 'excluded'
  const waves = body.waves
    .map(({ name, hosts }) => ({ name, hosts: hosts.filter(isIn) }))
    .filter(({ hosts }) => hosts.length > 0)
  const broken = waves.flatMap(({ hosts }) => hosts).flatMap((host) => brokenHost(body, host))
  if (broken.length > 0) return { ok: false, diagnostics: broken }
  return waves.length > 0 ? { ok: true, value: waves, diagnostics: [] } : { ok: false, diagnostics: [nothing] }
}

const nothing = diagnostic(
  'apply/nothing-selected',
  'nothing is selected',
  'The plan holds none of the selected hosts; it was made with a narrower selection. Plan again.',
)

const comparison = diagnostic(
  'apply/comparison',
  'a comparison is no plan',
  '`fleet diff` made this file: it compares two systems. `fleet plan -o FILE` makes a plan to apply.',
)

function notObserved(ref: string): Diagnostic {
  const detail = `The plan was compared with ${ref}, not with the hosts: it does not say what they run. Plan again without --base.`
  return diagnostic('apply/not-observed', 'a plan that contacted no host', detail)
}

function brokenHost(body: PlanBody, host: string): readonly Diagnostic[] {
  const planned = body.hosts[host]
  if (planned?.action !== 'evaluation-failed') return []
  const detail = `${planned.failure.detail}\nFix the configuration and plan again, or leave the host out: --on '!${host}'`
  return [diagnostic('apply/evaluation-failed', 'a selected host does not evaluate or build', detail, { host })]
}
