import { formatDuration } from '../../model/fleet/duration.ts'
import type { HostStep } from '../../model/run/event-schema.ts'
import type { HostRun, RunState, WaveRun } from '../../model/run/run.ts'
import { cleanLine } from '../../model/text/text.ts'
import { timeOfDay } from '../terminal/moment.ts'
import { doing } from './doing.ts'

/** How long a step of a host may take, and what governs it; null: nothing does. */
export type LimitOf = (
  host: string,
  step: HostStep['step'],
) => { readonly milliseconds: number; readonly key: string } | null

/** More hosts than this are counted. */
const namedAtMost = 3

/** What a run that says nothing waits for, since when, and until when at the latest. `now`: milliseconds since the epoch. */
export function silenceText(state: RunState, now: number, limitOf: LimitOf): string {
  const hosts = [...state.hosts.values()]
  const busy = hosts.filter((host) => host.phase === 'preparing' || host.phase === 'in-flight' || host.reverting)
  const parts = [
    ...busy.slice(0, namedAtMost).map((host) => hostText(host, now, limitOf)),
    ...(busy.length > namedAtMost ? [`and ${busy.length - namedAtMost} more`] : []),
    ...state.waves.flatMap(bakingText),
  ]
  if (parts.length > 0) return `still waiting: ${parts.join('; ')}`
  const reason = hosts.find(({ ending, waiting }) => ending === null && waiting !== null)
  return reason === undefined
    ? 'still waiting: nothing is in flight'
    : `still waiting: ${cleanLine(reason.host)}: ${cleanLine(reason.waiting ?? '')}`
}

function hostText({ host, step, reverting, since, waiting }: HostRun, now: number, limitOf: LimitOf): string {
  const at = reverting ? 'roll-back' : step
  const what = at === null ? 'starting' : doing[at]
  const reason = waiting === null ? '' : ` (${cleanLine(waiting)})`
  const age = formatDuration(Math.floor((now - since) / 1000) * 1000)
  const limit = at === null ? null : limitOf(host, at)
  // What outlasts its own limit is asked a little longer: no time is promised that has passed.
  const until =
    limit === null || since + limit.milliseconds <= now
      ? ''
      : `, until ${timeOfDay(since + limit.milliseconds)} at the latest (${limit.key})`
  return `${cleanLine(host)} ${what}${reason} for ${age}${until}`
}

function bakingText({ name, phase, bakingUntil }: WaveRun): readonly string[] {
  if (phase !== 'baking' || bakingUntil === null) return []
  return [`wave ${cleanLine(name)} bakes until ${timeOfDay(bakingUntil)} (bakeTime)`]
}
