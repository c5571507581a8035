import type { Code } from '../../model/codes/codes.ts'
import { isConverged } from '../../model/host/converged.ts'
import type { Host } from '../../model/fleet/fleet.ts'
import type { HostPlan, Note, Observed, Target, UnchangedHost } from '../../model/plan/plan-schema.ts'
import type { Evaluation, Found, Observation } from '../../model/host/system.ts'
import { deployRsNotes } from './deploy-rs-notes.ts'
import type { Difference } from '../compare/compare.ts'
import { compareBoot } from '../compare/diff/boot.ts'

/** What is known of one host when the plan is made. */
export interface Findings {
  readonly evaluation: Found<Evaluation>
  readonly observation: Found<Observation>
  /** How the two sides differ; null where the host does not change or one side is missing. */
  readonly difference: Difference | null
  /** Signs of drift. */
  readonly drift: readonly Note[]
  /** Warnings of its evaluation that not all hosts share. */
  readonly warnings: readonly string[]
}

/** What the plan does about one host: a host that does not evaluate or answer is a kind of change, never an exception. */
export function changeHost(
  host: Host,
  wave: string,
  { evaluation, observation, difference, drift, warnings }: Findings,
): HostPlan {
  const common = { wave, settings: host.settings }
  if (!evaluation.ok) {
    const from = observation.ok ? observedOf(observation.value) : null
    return { ...common, action: 'evaluation-failed', notes: [], from, failure: evaluation.failure }
  }
  const should = evaluation.value
  const notes = [
    ...warnings.map((warning) => note('plan/evaluation-warning', 'warning', warning)),
    ...deployRsNotes(host.name, host.settings, should, observation.ok ? observation.value : null),
  ]
  const to = targetOf(should)
  if (!observation.ok)
    return {
      ...common,
      action: 'unreachable',
      notes: [...notes, ...consoleNote(host)],
      to,
      failure: observation.failure,
    }
  const does = observation.value
  const rest = { ...common, from: observedOf(does), to, notes: [...notes, ...stateNotes(host, does, to), ...drift] }
  if (isConverged(host.settings.mode, does, to)) return unchanged(rest, does, should)
  if (difference === null) throw new Error(`bug: ${host.name} changes and was not compared`)
  const gaps = difference.problems.map(({ summary, detail }) =>
    note('plan/not-compared', 'warning', `not compared in full: ${summary}`, detail),
  )
  return { ...rest, action: 'change', notes: [...rest.notes, ...gaps], diff: difference.diff }
}

function unchanged(rest: Omit<UnchangedHost, 'action'>, does: Observation, should: Evaluation): UnchangedHost {
  const { needed, because } = compareBoot(does, should)
  const pending = note(
    'plan/reboot-pending',
    'warning',
    `reboot pending: ${because.join(', ')}`,
    'The host runs its planned system, but what it booted with is older. fleet does not reboot it (reboot: never).',
  )
  return { ...rest, action: 'none', notes: needed === true ? [...rest.notes, pending] : rest.notes }
}

function stateNotes(host: Host, does: Observation, to: Target): readonly Note[] {
  const notes: Note[] = []
  if (does.nextBoot !== null && does.nextBoot !== does.system)
    notes.push(
      note(
        'plan/half-way',
        'warning',
        'runs another system than its profile would boot',
        `Running ${does.system}, next boot ${does.nextBoot}. Somebody switched without setting the profile, set it for the next boot, or an activation broke off.`,
      ),
    )
  if (does.platform !== null && does.platform !== to.platform)
    notes.push(note('plan/platform', 'error', `the host is ${does.platform}, its configuration ${to.platform}`))
  const { expectHostname } = host.settings
  if (expectHostname !== null && does.hostname !== expectHostname)
    notes.push(
      note(
        'plan/hostname',
        'error',
        `says it is "${does.hostname}", expected "${expectHostname}"`,
        'fleet will not activate anything on it. Is the address right? See expectHostname.',
      ),
    )
  if (does.failedUnits.length > 0)
    notes.push(
      note(
        'plan/failed-units',
        'warning',
        `failed already: ${does.failedUnits.join(', ')}`,
        'These units had failed before the change and do not condemn it.',
      ),
    )
  return notes
}

function consoleNote({ settings }: Host): readonly Note[] {
  return settings.note === null ? [] : [note('plan/console', 'info', settings.note)]
}

function note(code: Code, severity: Note['severity'], summary: string, detail?: string): Note {
  return detail === undefined ? { code, severity, summary } : { code, severity, summary, detail }
}

function observedOf(does: Observation): Observed {
  const { system, profile, nextBoot, booted, generation, failedUnits } = does
  const { hostname, platform, machine, hostKey = null, release, revision } = does
  return {
    system,
    profile,
    nextBoot,
    booted,
    generation,
    failedUnits,
    hostname,
    platform,
    machine,
    hostKey,
    release,
    revision,
  }
}

function targetOf(should: Evaluation): Target {
  const { drv, system, profileDrv, profile, platform, release, deployRs = null } = should
  const target = { drv, system, profileDrv, profile, platform, release }
  return deployRs === null ? target : { ...target, deployRs }
}

/** A plan entry for a host that the selection leaves out. */
export function excludedHost(host: Host, wave: string, reason: string): HostPlan {
  return { action: 'excluded', wave, settings: host.settings, notes: [], reason }
}
