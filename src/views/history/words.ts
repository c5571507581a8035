import { shortPlanId } from '../../model/plan/short-id.ts'
import { formatDuration } from '../../model/fleet/duration.ts'
import { type HostStory, isInFlight, type RunStory, type WaveStory } from '../../model/run/story.ts'
import { quote } from '../../model/text/quote.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Role } from '../terminal/paint.ts'

/** How a run stands, in a word or two, and how that is coloured. */
export function outcomeOf({ end, isRunning }: RunStory): { readonly text: string; readonly role: Role } {
  if (end === null) return isRunning ? { text: 'running', role: 'change' } : { text: 'did not finish', role: 'warning' }
  const text = cleanLine(end.outcome)
  if (end.exitCode === 0) return { text, role: 'good' }
  return { text, role: end.outcome === 'paused' ? 'warning' : 'bad' }
}

/** Whose run it was, over which waves and from which plan. */
export function authorsOf({ operator, waves, planId }: RunStory): readonly string[] {
  return [
    ...(operator === null ? [] : [cleanLine(operator)]),
    ...(waves.length === 0 ? [] : [waves.map(({ name }) => cleanLine(name)).join(', ')]),
    ...(planId === null ? [] : [`plan ${cleanLine(shortPlanId(planId))}`]),
  ]
}

/** The counts of a run that has ended; for another, what its hosts tell. */
export function countsOf({ end, waves }: RunStory): readonly string[] {
  if (end !== null) {
    const { changed, failed, notReached } = end.counts
    return [`${changed} changed`, `${failed} failed`, `${notReached} not started`]
  }
  const hosts = waves.flatMap(({ hosts }) => hosts)
  const ended = hosts.filter(({ ending }) => ending !== null)
  if (ended.length === 0 && !hosts.some(isInFlight)) return []
  return [
    `${ended.filter(({ ending }) => ending === 'succeeded').length} changed`,
    `${ended.filter(({ ending }) => isBad(ending)).length} failed`,
    `${hosts.filter(isInFlight).length} in flight`,
  ]
}

/** True for an ending that counts against a wave. */
function isBad(ending: string | null): boolean {
  return ending === 'failed' || ending === 'stale' || ending === 'rolled-back' || ending === 'unknown'
}

/** The mark before a host. */
export function markOf(host: HostStory): { readonly mark: string; readonly role: Role } {
  if (isInFlight(host)) return { mark: '?', role: 'warning' }
  if (isBad(host.ending)) return { mark: '✗', role: 'bad' }
  const isFine = host.ending === 'succeeded' || (host.ending === 'skipped' && !host.isPassedOver)
  return isFine ? { mark: '✓', role: 'good' } : { mark: '-', role: 'faint' }
}

const told: Readonly<Record<string, string>> = {
  succeeded: 'changed and healthy',
  skipped: 'skipped',
  stale: 'stale, not touched',
  failed: 'failed',
  'rolled-back': 'rolled back',
  unknown: 'state unknown',
  cancelled: 'not started',
}

/** How a host ended, or where it was when the journal ends. */
export function fateOf(host: HostStory): string {
  const { ending, reason, steps, after } = host
  if (ending !== null) {
    const word = host.isUnmeasured ? 'health unknown' : (told[ending] ?? cleanLine(ending))
    const words = [word, cleanLine(reason)].filter((part) => part !== '').join(': ')
    return after === null ? words : `${words}; ${cleanLine(after)}`
  }
  const step = steps.at(-1)?.step
  const during = step === undefined ? '' : ` (${cleanLine(step)})`
  return isInFlight(host)
    ? `in flight when the journal ends${during}: its state is unknown until it is asked`
    : `not started${during}`
}

/** How long a host's change took, and its longer steps; nothing for a host that was not changed. */
export function timesOf({ startedAt, endedAt, steps }: HostStory): readonly string[] {
  if (startedAt === null || endedAt === null) return []
  const parts = steps.flatMap((step) =>
    step.endedAt === null || step.startedAt < startedAt || step.endedAt - step.startedAt < 1000
      ? []
      : [`${cleanLine(step.step)} ${lasting(step.endedAt - step.startedAt)}`],
  )
  return [lasting(endedAt - startedAt), ...(parts.length === 0 ? [] : [parts.join(', ')])]
}

/** What became of a wave, in words. */
export function waveFate({ startedAt, finishedAt, bakingAt, stopped }: WaveStory): string {
  if (stopped !== null) return `${stopped.how}: ${cleanLine(stopped.reason)}`
  if (startedAt === null) return 'not begun'
  const baked = bakingAt !== null && finishedAt !== null ? `, baked ${lasting(finishedAt - bakingAt)} of it` : ''
  return finishedAt === null ? 'begun, not finished' : `finished in ${lasting(finishedAt - startedAt)}${baked}`
}

/** A duration in whole seconds. */
export function lasting(milliseconds: number): string {
  return formatDuration(Math.round(Math.max(0, milliseconds) / 1000) * 1000)
}

/** A moment: `2026-11-22 10:15:30 UTC`. */
export function moment(at: number | null): string {
  return at === null ? 'time unknown' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** What a person would type after reading of a run, with why. */
export function nextCommands(story: RunStory, planFile: string | null): readonly (readonly [string, string])[] {
  const plan = planFile === null ? '' : ` ${quote(planFile)}`
  const hosts = story.waves.flatMap(({ hosts }) => hosts)
  const isChanged = hosts.some((host) => host.isChanged)
  const back: (readonly [string, string])[] = isChanged
    ? [[`fleet rollback --run ${cleanLine(story.run)}`, 'back to what its hosts ran before']]
    : []
  if (story.isRunning) return []
  switch (story.end?.outcome) {
    case undefined:
    case 'interrupted':
      return [[`fleet apply${plan}`, 'asks the hosts and goes on'], ...back]
    case 'paused':
      return [pausedCommand(story, plan), ...back]
    case 'failed':
    case 'refused':
      return [['fleet plan', 'what is still to be done'], ...back]
    default:
      return back
  }
}

/** A wave that waits for a yes gets it by its name; without it the run would pause there again. */
function pausedCommand({ waves }: RunStory, plan: string): readonly [string, string] {
  const waiting = waves.find(({ startedAt, stopped }) => startedAt === null && stopped?.how === 'paused')
  return waiting === undefined || !/^[\w.][\w.-]*$/.test(waiting.name)
    ? [`fleet apply${plan}`, 'asks the hosts and goes on']
    : [`fleet apply${plan} --wave ${waiting.name}`, `begins wave ${waiting.name}`]
}
