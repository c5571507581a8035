import type { History } from '../../model/git/history.ts'
import type { Note, Source } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { Checkout } from '../../ports/checkout.ts'
import type { Runs } from '../../ports/journal.ts'
import { driftNotes, takenBackNotes } from './drift.ts'

export interface DriftPorts {
  readonly checkout: Checkout
  readonly runs: Pick<Runs, 'recorded'>
}

export interface DriftRequest {
  /** Of fleet.yaml, absolute. */
  readonly directory: string
  readonly source: Source
  readonly observations: ReadonlyMap<string, Found<Observation>>
}

/** Signs of drift by host; how revisions stand to each other is asked once for each revision that hosts run. */
export async function findDrift(
  { directory, source, observations }: DriftRequest,
  { runs, checkout }: DriftPorts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Note[]>> {
  const recorded = await runs.recorded()
  const histories = new Map<string, Promise<History | null>>()
  const historyOf = (from: string | null) => {
    const to = source.rev
    if (from === null || to === null || from === to) return Promise.resolve(null)
    const known = histories.get(from) ?? checkout.history(source, directory, { from, to }, signal)
    histories.set(from, known)
    return known
  }
  const found = [...observations].map(async ([host, observation]) => {
    if (!observation.ok) return [host, []] as const
    const history = await historyOf(observation.value.revision)
    const known = recorded.get(host) ?? null
    const evidence = { recorded: known, history, plannedRevision: source.rev }
    return [host, [...driftNotes(observation.value, evidence), ...takenBackNotes(observation.value, known)]] as const
  })
  return new Map(await Promise.all(found))
}
