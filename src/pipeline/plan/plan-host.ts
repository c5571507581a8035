import type { Code } from '../../model/codes/codes.ts'
import { isConverged } from '../../model/host/converged.ts'
import { expectingHostname } from '../../model/fleet/expected-hostname.ts'
import type { Host } from '../../model/fleet/fleet.ts'
import type { HostPlan, Note, Observed, Target, UnchangedHost } from '../../model/plan/plan-schema.ts'
import type { Evaluation, Found, Observation } from '../../model/host/system.ts'
import { deployRsNotes } from './notes/deploy-rs.ts'
import { hostnameNotes } from './notes/hostname.ts'
import { missingToolsNotes } from './notes/missing-tools.ts'
import { inhibitorNotes, settingsFor } from './inhibitors.ts'
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
export function planHost(host: Host, wave: string, findings: Findings): HostPlan {
  const { difference, drift, warnings } = findings
  if (!findings.evaluation.ok) {
    const from = findings.observation.ok ? observedOf(findings.observation.value) : null
    const { settings } = host
    return { action: 'evaluation-failed', wave, settings, notes: [], from, failure: findings.evaluation.failure }
  }
  const evaluation = findings.evaluation.value
  const written = expectingHostname(host, evaluation)
  const common = { wave, settings: written }
  const observed = findings.observation.ok ? findings.observation.value : null
  const notes = [
    ...warnings.map((warning) => note('plan/evaluation-warning', 'warning', warning)),
    ...deployRsNotes(host.name, written, evaluation, observed),
  ]
  const to = targetOf(evaluation)
  if (!findings.observation.ok)
    return {
      ...common,
      action: 'unreachable',
      notes: [...notes, ...consoleNote(host)],
      to,
      failure: findings.observation.failure,
    }
  const observation = findings.observation.value
  const known = [...notes, ...stateNotes({ ...host, settings: written }, observation, to), ...drift]
  const settings = difference === null ? written : settingsFor(written, difference.diff)
  const rest = { ...common, settings, from: observedOf(observation), to, notes: known }
  if (isConverged(settings.mode, observation, to)) return unchanged(rest, observation, evaluation)
  if (difference === null) throw new Error(`bug: ${host.name} changes and was not compared`)
  const gaps = difference.problems.map(({ summary, detail }) =>
    note('plan/not-compared', 'warning', `only partly compared: ${summary}`, detail),
  )
  const refused = inhibitorNotes(written, settings, difference.diff)
  return { ...rest, action: 'change', notes: [...rest.notes, ...refused, ...gaps], diff: difference.diff }
}

function unchanged(
  rest: Omit<UnchangedHost, 'action'>,
  observation: Observation,
  evaluation: Evaluation,
): UnchangedHost {
  const { needed, because } = compareBoot(observation, evaluation)
  const pending = note(
    'plan/reboot-pending',
    'warning',
    `reboot pending: ${because.join(', ')}`,
    'The host runs its planned system, but it booted an older one. Reboot it with `fleet reboot --on HOST`.',
  )
  return { ...rest, action: 'none', notes: needed === true ? [...rest.notes, pending] : rest.notes }
}

function stateNotes(host: Host, observation: Observation, to: Target): readonly Note[] {
  const notes: Note[] = []
  const { specialisation = null } = observation
  if (specialisation !== null) notes.push(specialisationNote(specialisation, to))
  else if (observation.nextBoot !== null && observation.nextBoot !== observation.system)
    notes.push(
      note(
        'plan/half-way',
        'warning',
        'runs another system than it would boot',
        `Running ${observation.system}, next boot ${observation.nextBoot}. It was switched without setting the profile, the profile was set for the next boot only, or an activation was interrupted.`,
      ),
    )
  if (observation.platform !== null && observation.platform !== to.platform)
    notes.push(
      note(
        'plan/platform',
        'error',
        `the host is ${observation.platform}, but its configuration is for ${to.platform}`,
      ),
    )
  notes.push(...hostnameNotes(host, observation))
  if (observation.mayActAsRoot === false)
    notes.push(note('plan/no-root', 'error', 'the login may not act as root', noRootDetail(host.settings.sudo)))
  notes.push(...missingToolsNotes(observation))
  if (observation.failedUnits.length > 0)
    notes.push(
      note(
        'plan/failed-units',
        'warning',
        `failed units (before this change): ${observation.failedUnits.join(', ')}`,
        'These units failed before the change, so they do not fail it.',
      ),
    )
  return notes
}

/** A change takes a host out of the specialisation that it runs, which fleet.yaml does not ask for. */
function specialisationNote({ name, of }: NonNullable<Observation['specialisation']>, to: Target): Note {
  if (of === to.system)
    return note('plan/specialisation', 'info', `runs specialisation ${name} of its planned system, and is left in it`)
  return note(
    'plan/leaves-specialisation',
    'error',
    `the change takes the host out of its specialisation ${name}`,
    `It runs specialisation ${name} of ${of}; fleet activates the planned system itself. Afterwards, run \`/run/current-system/specialisation/${name}/bin/switch-to-configuration test\` on the host where the planned system has it.`,
  )
}

/** Why a login may not act as root, and what helps; `sudo` is the host's setting. */
function noRootDetail(sudo: string): string {
  const prefix = sudo === 'auto' ? 'sudo -n' : sudo
  const why =
    sudo === 'none' ? 'The login is not root, and sudo is none.' : `\`${prefix}\` needs a password, or is not there.`
  return `${why} fleet would refuse this host before changing anything. Let the login become root without a password, set \`sudo\` for the host, or \`ssh.user: root\`.`
}

function consoleNote({ settings }: Host): readonly Note[] {
  return settings.note === null ? [] : [note('plan/console', 'info', settings.note)]
}

function note(code: Code, severity: Note['severity'], summary: string, detail?: string): Note {
  return detail === undefined ? { code, severity, summary } : { code, severity, summary, detail }
}

/** The part of an observation that a plan keeps. */
export function observedOf(observation: Observation): Observed {
  const { system, profile, nextBoot, booted, generation, failedUnits } = observation
  const { hostname, platform, machine, hostKey = null, release, revision } = observation
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

/** The part of an evaluation that a plan keeps. */
export function targetOf(evaluation: Evaluation): Target {
  const { drv, system, profileDrv, profile, platform, release, deployRs = null } = evaluation
  const target = { drv, system, profileDrv, profile, platform, release }
  return deployRs === null ? target : { ...target, deployRs }
}

/** A plan entry for a host that the selection leaves out. */
export function excludedHost(host: Host, wave: string, reason: string): HostPlan {
  return { action: 'excluded', wave, settings: host.settings, notes: [], reason }
}
