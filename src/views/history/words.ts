import { formatDuration } from '../../model/fleet/duration.ts'
import { type HostStory, isInFlight } from '../../model/run/host-story.ts'
import type { RunStory, WaveStory } from '../../model/run/story.ts'
import { shortPlanId } from '../../model/plan/short-id.ts'
import { shortRun } from '../../model/run/short-name.ts'
import { quote } from '../../model/text/quote.ts'
import { cleanLine } from '../../model/text/text.ts'
import { moment } from '../../model/text/moment.ts'
import type { NextCommand } from '../terminal/next-block.ts'
import type { Role } from '../terminal/paint.ts'

/** How a run stands, in a word or two, and how that is coloured. */
export function outcomeOf({ end, isRunning }: RunStory): { readonly text: string; readonly role: Role } {
  if (end === null)
    return isRunning ? { text: 'running', role: 'change' } : { text: 'no end recorded', role: 'warning' }
  const text = cleanLine(end.outcome)
  if (end.exitCode === 0) return { text, role: 'good' }
  return { text, role: end.outcome === 'paused' ? 'warning' : 'bad' }
}

/** How a run stands, with its exit code where that says more. */
export function resultOf(story: RunStory): string {
  const code = story.end?.exitCode ?? 0
  return `${outcomeOf(story).text}${code === 0 ? '' : ` (exit ${code})`}`
}

/** The names of a run's waves. */
export function wavesOf({ waves }: RunStory): string {
  return waves.map(({ name }) => cleanLine(name)).join(', ')
}

/** Who started a run; empty: the journal does not say. */
export function authorOf({ startedBy }: RunStory): string {
  return cleanLine(startedBy ?? '')
}

/** The plan of a run, as people name it; empty: the journal does not say. */
export function planOf({ planId }: RunStory): string {
  return planId === null ? '' : cleanLine(shortPlanId(planId))
}

/** How long a run took, or has taken; empty: unknown. */
export function runTime({ startedAt, lastAt, end }: RunStory): string {
  return startedAt === null || lastAt === null || (end === null && lastAt === startedAt)
    ? ''
    : lasting(lastAt - startedAt)
}

/** The counts of a run that has ended; for another, what its hosts tell. */
export function countsOf({ end, waves }: RunStory): readonly string[] {
  if (end !== null) {
    const { changed, failed, skipped, notStarted } = end.counts
    const passedOver = skipped > 0 ? [`${skipped} skipped (unreachable)`] : []
    return [`${changed} changed`, `${failed} failed`, ...passedOver, `${notStarted} not started`]
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
  if (host.later === 'rolled-back' && host.unhealthy === null) return { mark: '↩', role: 'warning' }
  if (isBad(host.ending) || host.later !== null || host.unhealthy !== null) return { mark: '✗', role: 'bad' }
  const isFine = host.ending === 'succeeded' || (host.ending === 'skipped' && !host.isPassedOver)
  return isFine ? { mark: '✓', role: 'good' } : { mark: '-', role: 'faint' }
}

const told: Readonly<Record<string, string>> = {
  succeeded: 'changed and healthy',
  skipped: 'up to date',
  stale: 'stale, not touched',
  failed: 'failed',
  'rolled-back': 'rolled back',
  unknown: 'state unknown',
  cancelled: 'not started',
}

/** How a host ended, or where it was when the journal ends. */
export function hostOutcome(host: HostStory): string {
  const { ending, reason, steps, after } = host
  if (ending !== null) {
    const word = host.isUnmeasured
      ? 'health unknown'
      : host.isPassedOver
        ? 'skipped (unreachable)'
        : (told[ending] ?? cleanLine(ending))
    const words = [word, cleanLine(reason)].filter((part) => part !== '').join(': ')
    const later = [
      ...(host.unhealthy === null ? [] : [`then unhealthy: ${cleanLine(host.unhealthy)}`]),
      ...(after === null ? [] : [laterWord(host) + cleanLine(after)]),
    ]
    return [words, ...later].join('; ')
  }
  const step = steps.at(-1)?.step
  const during = step === undefined ? '' : ` (${cleanLine(step)})`
  return isInFlight(host)
    ? `in flight when the journal ends${during}: its state is unknown until fleet contacts it`
    : `not started${during}`
}

/** What became of a host after its ending, before the reason. */
function laterWord({ later }: HostStory): string {
  switch (later) {
    case 'rolled-back':
      return 'then rolled back: '
    case 'reverting':
      return 'a rollback started: '
    case 'unknown':
      return 'then state unknown: '
    case 'failed':
      return 'then not rolled back: '
    default:
      return ''
  }
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
export function waveOutcome({ startedAt, finishedAt, bakingAt, stopped }: WaveStory): string {
  if (stopped !== null) return `${stopped.how}: ${cleanLine(stopped.reason)}`
  if (startedAt === null) return 'not started'
  const baked = bakingAt !== null && finishedAt !== null ? `, ${lasting(finishedAt - bakingAt)} of it baking` : ''
  return finishedAt === null ? 'started, not finished' : `finished in ${lasting(finishedAt - startedAt)}${baked}`
}

/** A duration in whole seconds. */
function lasting(milliseconds: number): string {
  return formatDuration(Math.round(Math.max(0, milliseconds) / 1000) * 1000)
}

/** When something was, to the minute. */
export function timeOf(at: number | null): string {
  return at === null ? 'time unknown' : moment(new Date(at).toISOString())
}

/** When a run was, how long it took, whose it was, and the figures. */
export function aboutOf(story: RunStory): readonly string[] {
  const author = authorOf(story)
  const by = author === '' ? '' : `by ${author}`
  const parts = [timeOf(story.startedAt), runTime(story), by, countsOf(story).join(', ')]
  return parts.filter((part) => part !== '')
}

/** Why a run ended so; empty where its hosts say it already. */
export function reasonOf({ end, waves }: RunStory): string {
  // That it is complete, or had nothing to do, says it.
  if (end === null || end.exitCode === 0) return ''
  const isSaid =
    end.outcome === 'failed' &&
    waves.some(({ hosts }) =>
      hosts.some((host) => isBad(host.ending) || host.later !== null || host.unhealthy !== null),
    )
  return isSaid ? '' : cleanLine(end.reason)
}

/** What a person would type after reading of a run. */
export function nextCommands(story: RunStory, planFile: string | null): readonly NextCommand[] {
  const plan = planFile === null ? '' : ` ${quote(planFile)}`
  const hosts = story.waves.flatMap(({ hosts }) => hosts)
  const isChanged = hosts.some((host) => host.isChanged)
  const back: readonly NextCommand[] = isChanged
    ? [
        {
          command: `fleet rollback --run ${cleanLine(shortRun(story.run))}`,
          why: 'rolls its hosts back to what they ran before',
        },
      ]
    : []
  if (story.isRunning) return []
  switch (story.end?.outcome) {
    case undefined:
    case 'interrupted':
      return [{ command: `fleet apply${plan}`, why: 'asks the hosts and does the rest' }, ...back]
    case 'paused':
      return [pausedCommand(story, plan), ...back]
    case 'failed':
    case 'refused':
      return [{ command: 'fleet plan', why: 'after the fix' }, ...back]
    default:
      return back
  }
}

/** A wave that waits for approval gets it by its name; without it the run would pause there again. */
function pausedCommand({ waves }: RunStory, plan: string): NextCommand {
  const waiting = waves.find(({ startedAt, stopped }) => startedAt === null && stopped?.how === 'paused')
  return waiting === undefined || !/^[\w.][\w.-]*$/.test(waiting.name)
    ? { command: `fleet apply${plan}`, why: 'asks the hosts and does the rest' }
    : { command: `fleet apply${plan} --wave ${waiting.name}`, why: `approves and starts wave ${waiting.name}` }
}
