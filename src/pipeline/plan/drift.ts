import type { Code } from '../../model/codes/codes.ts'
import type { Note } from '../../model/plan/plan-schema.ts'
import type { History } from '../../model/git/history.ts'
import type { Recorded } from '../../model/host/recorded.ts'
import type { Observation } from '../../model/host/system.ts'

/** What is known of one host beside what it said. */
export interface DriftEvidence {
  /** What journals say of it; null: no run is on record. */
  readonly recorded: Recorded | null
  /** How the planned revision stands to the one the host runs; null: not known. */
  readonly history: History | null
  /** The revision that is planned; null: not known. */
  readonly plannedRevision: string | null
}

/** Signs that a host is not as the last run left it, or would get an older revision: for a reviewer, never a reason to stop. */
export function driftNotes(
  observation: Observation,
  { recorded, history, plannedRevision }: DriftEvidence,
): readonly Note[] {
  const notes: Note[] = []
  const warn = (code: Code, summary: string, detail: string) =>
    notes.push({ code, severity: 'warning', summary, detail })
  if (
    recorded !== null &&
    recorded.systems.size > 0 &&
    ![observation.system, observation.specialisation?.of ?? ''].some((system) => recorded.systems.has(system))
  )
    warn(
      'drift/unrecorded',
      'runs a system that fleet has no record of deploying',
      `Running ${observation.system}. It was deployed without fleet, or from another machine; the plan would replace it.`,
    )
  if (recorded?.machine != null && observation.machine !== null && recorded.machine !== observation.machine)
    warn(
      'drift/other-machine',
      'is another machine than at its last plan',
      'Its machine id changed: it was reinstalled, or the address now leads to another host. Check that before you apply.',
    )
  else if (recorded?.hostKey != null && observation.hostKey != null && recorded.hostKey !== observation.hostKey)
    warn(
      'drift/other-host-key',
      'has another ssh host key than at its last plan',
      `It was ${recorded.hostKey}, now it is ${observation.hostKey}: the key or the machine was replaced. Check that before you apply.`,
    )
  if (history !== null && history.ahead === 0 && history.behind > 0)
    warn(
      'drift/downgrade',
      'the plan would deploy an older revision',
      `The host runs ${short(observation.revision)}, the plan is ${short(plannedRevision)}, which is ${history.behind} ${history.behind === 1 ? 'commit' : 'commits'} older.`,
    )
  else if (history !== null && history.ahead > 0 && history.behind > 0)
    warn(
      'drift/diverged',
      'runs a revision that the plan does not contain',
      `The host runs ${short(observation.revision)}, which has ${history.behind} ${history.behind === 1 ? 'commit' : 'commits'} that the planned ${short(plannedRevision)} lacks.`,
    )
  const updaters = observation.detail?.selfUpdaters ?? []
  if (updaters.length > 0)
    warn(
      'drift/self-updating',
      'updates itself',
      `${updaters.join(', ')} ${updaters.length === 1 ? 'is' : 'are'} active on it, and may change it between plan and apply.`,
    )
  return notes
}

/** A host that its last run left as planned, and that runs an older recorded system again: somebody took it back. */
export function takenBackNotes({ system, specialisation }: Observation, recorded: Recorded | null): readonly Note[] {
  const last = recorded?.last ?? null
  if (
    last?.ending !== 'succeeded' ||
    last.mode !== 'switch' ||
    last.to === null ||
    [system, specialisation?.of].includes(last.to)
  )
    return []
  if (recorded?.systems.has(system) !== true) return []
  return [
    {
      code: 'drift/behind',
      severity: 'warning',
      summary: 'no longer runs the system its last run deployed',
      detail: `Running ${system}; run ${last.run} deployed ${last.to}. It was rolled back without fleet, or from another machine.`,
    },
  ]
}

function short(revision: string | null): string {
  return revision === null ? 'an unknown revision' : revision.slice(0, 7)
}
