import { failure } from '../../model/failure.ts'
import { followsFrom } from '../../model/codes/codes.ts'
import { readFileSync } from 'node:fs'
import type { Failure, HostSettings } from '../../model/plan/plan-schema.ts'
import { maskCredentials } from '../../model/text/secret.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EngineAnswer, EngineTask } from '../../ports/engine.ts'
import type { Remote, RemoteAnswer, RemoteRequest } from '../../ports/remote.ts'
import { activationAnswer, refusedAnswer } from './activation-answer.ts'

/** What the program on the host is asked to do; its parameters are explained in activate.sh. */
interface Activation {
  readonly what: 'activate' | 'roll-back'
  readonly action: HostSettings['mode']
  readonly profile: string
  readonly system: string
  /** What must be found, and where the host rolls back to by itself; null: anything, and it does not roll back. */
  readonly old: EngineTask['from'] | null
  /** Milliseconds; 0: no confirmation is needed. */
  readonly confirmMs: number
  readonly rollsBack: boolean
  /** See EngineTask. */
  readonly failedBefore: readonly string[]
}

/** Runs fleet's own program on hosts. Every engine can roll a host back with it. */
export interface HostProgram {
  activate(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer>
  dryActivate(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer>
  /** Back to `from`, by path; whatever is found there, and without a rollback of the rollback. */
  rollBack(task: EngineTask, signal: AbortSignal): Promise<EngineAnswer>
}

/** Milliseconds that a session may last longer than what is done in it. */
const margin = 30_000
/** Milliseconds, beside those that it needs at most, that a host is asked what became of its activation. */
const patience = 5_000
/** Milliseconds between two attempts to reach a host whose connection went. */
const pause = 1_000
/** Lines of an activation that are kept to say why it failed. */
const remembered = 500

/** The program, to be run by `sh` on a host. */
const activateProgram = readFileSync(new URL('activate.sh', import.meta.url), 'utf8')

/** What only a new connection could prove, a connection that is new does: see activate.sh for how a host decides. */
export function hostProgram(remote: Remote, clock: Clock): HostProgram {
  const world = { remote, clock }
  return {
    activate: (task, signal) => {
      const { mode, activation } = task.settings
      const isProven = activation.magicRollback && mode !== 'boot'
      const request: Activation = {
        what: 'activate',
        action: mode,
        profile: task.to.profile,
        system: task.to.system,
        old: task.from,
        confirmMs: isProven ? activation.confirmTimeoutMs : 0,
        rollsBack: activation.autoRollback,
        failedBefore: task.failedBefore ?? [],
      }
      return perform(task, request, world, signal)
    },
    rollBack: (task, signal) => {
      const { system, profile } = task.from
      const action = task.settings.mode
      // A host without a profile had nothing to boot before: its system is the best that can be set.
      const target = { what: 'roll-back', action, profile: profile ?? system, system } as const
      const { failedBefore = [] } = task
      return perform(task, { ...target, old: null, confirmMs: 0, rollsBack: false, failedBefore }, world, signal)
    },
    dryActivate: (task, signal) => dryActivate(task, remote, signal),
  }
}

async function dryActivate(task: EngineTask, remote: Remote, signal: AbortSignal): Promise<EngineAnswer> {
  const { timeoutMs } = task.settings.activation
  const told = tellingLines(task)
  const args = ['dry-activate', task.to.system, seconds(timeoutMs)]
  const request = { script: activateProgram, args, asRoot: true, timeoutMs: timeoutMs + margin, onLine: told.onLine }
  const answer = await remote.run(task, request, signal)
  if (answer.how === 'no-answer') return { how: 'refused', failure: answer.failure }
  const judged = activationAnswer(answer.code, told.lines, task)
  // Whatever went wrong, nothing has changed.
  return judged.how === 'done' ? judged : { how: 'refused', failure: judged.failure }
}

interface World {
  readonly remote: Remote
  readonly clock: Clock
}

/**
 * Begins an activation through the connection that holds the host's lock and stays with it, over new connections when that
 * goes and to confirm, until the host has told how it ended or the
 * time in which it must have ended is over.
 */
async function perform(
  task: EngineTask,
  activation: Activation,
  { remote, clock }: World,
  signal: AbortSignal,
): Promise<EngineAnswer> {
  if (signal.aborted) return refusedAnswer('activate/aborted', 'interrupted', 'Nothing was started.')
  const { timeoutMs } = task.settings.activation
  const id = `${activation.what}-${task.run.replaceAll(/[^\w-]/g, '')}-${crypto.randomUUID().slice(0, 8)}`
  const told = tellingLines(task)
  const call = (script: string, args: readonly string[], through: Pick<RemoteRequest, 'connection'> = {}) => {
    const request = { script, args, asRoot: true, timeoutMs: 2 * timeoutMs + margin, onLine: told.onLine, ...through }
    return remote.run(task, request, signal)
  }
  const again = (verb: 'follow' | 'confirm') => call(callProgram, [verb, id, String(told.shown())])
  const insist = async (first: RemoteAnswer, verb: 'follow' | 'confirm', until: number) => {
    let answer = first
    while (answer.how === 'no-answer' && mayAskAgain(answer.failure) && !signal.aborted && clock.now() < until) {
      await clock.sleep(pause, signal)
      answer = await again(verb)
    }
    return answer
  }
  const until = clock.now() + (activation.rollsBack ? 2 : 1) * timeoutMs + activation.confirmMs + patience
  const start = await call(installProgram, ['start', id, ...parameters(activation, timeoutMs)], {
    connection: 'shared',
  })
  if (start.how === 'no-answer' && !start.begun) return { how: 'refused', failure: start.failure }
  let answer = await insist(start, 'follow', until)
  const isAsked = answer.how === 'answered' && answer.code === waits && !signal.aborted
  if (isAsked)
    answer = await insist(await again('confirm'), 'confirm', clock.now() + activation.confirmMs + timeoutMs + patience)
  if (answer.how === 'no-answer') return { how: 'lost', failure: answer.failure }
  if (answer.code === waits) return { how: 'lost', failure: interrupted }
  const judged = activationAnswer(answer.code, told.lines, task)
  return isAsked && judged.how === 'done' ? { how: 'done', confirmed: true } : judged
}

/** Exit code of the program: activated, and waiting for its confirmation. */
const waits = 79

const interrupted: Failure = failure(
  'activate/aborted',
  'interrupted',
  'The activation was not confirmed: the host rolls back by itself.',
)

function parameters(activation: Activation, timeoutMs: number) {
  const { action, profile, system, old, confirmMs, rollsBack, failedBefore } = activation
  const expected = old === null ? ['-', '-'] : [old.profile ?? 'none', old.system]
  return [
    action,
    profile,
    system,
    ...expected,
    seconds(timeoutMs),
    seconds(confirmMs),
    rollsBack ? 'yes' : 'no',
    failedBefore.join(','),
  ]
}

function seconds(milliseconds: number): string {
  return String(Math.ceil(milliseconds / 1000))
}

/** A login that was refused is not tried again: hosts ban. */
function mayAskAgain({ code }: Failure): boolean {
  return followsFrom(code).again !== 'final'
}

const folder = '/run/fleet/activations/"$2"'
const end = 'end of the program'

/** Puts the program where the activation finds it after its connection has gone, and begins. */
const installProgram = `umask 077
mkdir -p ${folder} && cat >${folder}/activate <<'${end}' || exit 77
${activateProgram}${end}
exec sh ${folder}/activate "$@" </dev/null
`

const callProgram = `[ -e ${folder}/activate ] || exit 80
exec sh ${folder}/activate "$@" </dev/null
`

/** Passes on what a host says, and keeps the last of it. */
function tellingLines(task: EngineTask) {
  const lines: string[] = []
  let shown = 0
  return {
    lines,
    /** Lines of the activation's own log that have been passed on. */
    shown: () => shown,
    onLine: (stream: 'stdout' | 'stderr', line: string) => {
      const clean = maskCredentials(cleanLine(line))
      if (stream === 'stdout') shown += 1
      lines.push(clean)
      if (lines.length > remembered) lines.shift()
      task.onLine(stream, clean)
    },
  }
}
