import { cleanLine } from '../../model/text.ts'
import type { Failure, HostSettings } from '../../model/plan-schema.ts'
import type { Engine, EngineAnswer, EngineTask } from '../../ports/engine.ts'
import type { Remote, RemoteAnswer } from '../../ports/remote.ts'
import { errorText, nix } from '../nix/command.ts'
import { activationScript } from './activation-script.ts'

/** Milliseconds that a session may last longer than the activation in it. */
const margin = 30_000

/** The built-in engine: copy, set the profile, switch-to-configuration. It needs nothing in the flake. */
export function nixEngine(remote: Remote): Engine {
  return {
    copy: (task, signal) => copy(task, remote, signal),
    activate: (task, signal) =>
      runScript(
        task,
        [
          'activate',
          task.settings.mode,
          task.to.profile,
          task.to.system,
          task.from.profile ?? 'none',
          task.from.system,
        ],
        remote,
        signal,
      ),
    rollBack: (task, signal) =>
      // A host without a profile had nothing to boot before: its system is the best that can be set.
      runScript(
        task,
        ['roll-back', task.settings.mode, task.from.profile ?? task.from.system, task.from.system, '-', '-'],
        remote,
        signal,
      ),
  }
}

async function copy(task: EngineTask, remote: Remote, signal: AbortSignal): Promise<EngineAnswer> {
  const { address, config } = await remote.transport(task)
  const substitute = task.settings.substituteOnTarget ? ['--substitute-on-destination'] : []
  const ended = await nix(
    ['copy', '--to', `ssh-ng://${address}`, '--no-check-sigs', ...substitute, '--', task.to.system],
    signal,
    { env: { NIX_SSHOPTS: `-F ${config}` }, onLine: (line) => task.onLine('stderr', cleanLine(line)) },
  )
  if (ended.how === 'exited' && ended.code === 0) return verifyCopy(task, remote, signal)
  if (ended.how === 'aborted') return refused('copy/aborted', 'the copy was interrupted', 'Nothing was activated.')
  return { how: 'refused', failure: copyFailure(ended.stderr) }
}

/** Milliseconds that the host may take to look a path up. */
const lookUpTime = 30_000

/** Nix 2.8 can exit 0 although its connection went (seen on the lab): the host says whether the system is there, whole. */
async function verifyCopy(task: EngineTask, remote: Remote, signal: AbortSignal): Promise<EngineAnswer> {
  const script = 'exec nix-store --check-validity -- "$1" </dev/null\n'
  const { connectTimeoutMs } = task.settings.ssh
  const timeoutMs = connectTimeoutMs + lookUpTime
  const answer = await remote.run(task, { script, args: [task.to.system], asRoot: false, timeoutMs }, signal)
  if (answer.how === 'answered' && answer.code === 0) return { how: 'done' }
  const why = answer.how === 'answered' ? 'The host does not have it.' : answer.failure.detail
  return refused('copy/incomplete', 'the copy ended early', `nix copy reported success for ${task.to.system}. ${why}`)
}

/** Why `nix copy` failed, by what Nix and ssh say. Nothing on the host runs differently for it. */
function copyFailure(stderr: string): Failure {
  const detail = errorText(stderr) || 'nix copy failed without a word.'
  if (/No space left on device|disk( is)? full/i.test(stderr))
    return { code: 'copy/no-space', summary: 'no space left on the host', detail }
  if (
    /Permission denied|cannot connect|Connection (closed|reset|refused)|unexpected end-of-file|Broken pipe/i.test(
      stderr,
    )
  )
    return { code: 'copy/connection-lost', summary: 'the connection was lost while copying', detail }
  if (/lacks a( valid)? signature/.test(stderr))
    return {
      code: 'copy/not-trusted',
      summary: 'the host does not trust this login to copy',
      detail: `${detail}\nAdd the login to nix.settings.trusted-users on the host.`,
    }
  return { code: 'copy/failed', summary: 'the copy failed', detail }
}

async function runScript(
  task: EngineTask,
  args: readonly string[],
  remote: Remote,
  signal: AbortSignal,
): Promise<EngineAnswer> {
  const { timeoutMs } = task.settings.activation
  const answer = await remote.run(
    task,
    {
      script: activationScript,
      args: [...args, String(Math.ceil(timeoutMs / 1000))],
      asRoot: true,
      timeoutMs: timeoutMs + margin,
      onLine: (stream, line) => task.onLine(stream, cleanLine(line)),
    },
    signal,
  )
  return answerOf(answer, task.settings)
}

function answerOf(answer: RemoteAnswer, { activation }: HostSettings): EngineAnswer {
  if (answer.how === 'no-answer') return { how: answer.begun ? 'lost' : 'refused', failure: answer.failure }
  const said = tellingLine(answer.stderr) || tellingLine(answer.stdout)
  switch (answer.code) {
    case 0:
      return { how: 'done' }
    case 4:
      return failed('activate/units-failed', 'units failed during activation', failedUnits(answer.stdout) || said)
    case 75:
      return refused('activate/locked', 'another run is changing the host', said)
    case 76:
      return refused('activate/stale', 'the host moved since the plan', said)
    case 77:
      return failed('activate/profile', 'the profile could not be set', said)
    case 124:
    case 137:
      return failed(
        'activate/timed-out',
        'the activation took too long',
        `It was ended on the host after ${activation.timeoutMs / 1000} s (activation.timeout).`,
      )
    default:
      return failed('activate/failed', `activation failed (exit ${answer.code})`, said)
  }
}

function failed(code: string, summary: string, detail: string): EngineAnswer {
  return { how: 'failed', failure: { code, summary, detail } }
}

function refused(code: string, summary: string, detail: string): EngineAnswer {
  return { how: 'refused', failure: { code, summary, detail } }
}

function failedUnits(output: string): string {
  return cleanLine(/^warning: the following units failed: .*$/m.exec(output)?.[0] ?? '')
}

/** The last line that speaks of something wrong, else the last line. */
function tellingLine(text: string): string {
  const lines = text
    .split('\n')
    .map(cleanLine)
    .filter((line) => line.trim() !== '')
  return lines.findLast((line) => /fail|error|cannot|could not|denied|no space/i.test(line)) ?? lines.at(-1) ?? ''
}
