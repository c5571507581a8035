import type { Failure } from '../../model/plan/plan-schema.ts'
import { maskCredentials } from '../../model/text/secret.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { EngineAnswer, EngineTask } from '../../ports/engine.ts'
import type { Remote, Transport } from '../../ports/remote.ts'
import { errorText, nix } from '../nix/command.ts'
import { concernsSharing, withoutSharing } from '../ssh/shared-connections.ts'
import { refusedAnswer } from './activation-answer.ts'

/** Milliseconds that the host may take to look a path up. */
const lookUpTime = 30_000
/** Milliseconds that a build on the host may take: one that is stuck must end some day. */
const buildTime = 12 * 60 * 60_000

/**
 * Brings a host its system and keeps it from being collected there: copied as it is, or built there from its derivations.
 * A system whose derivation is not known is one that the host has had.
 */
export async function copyClosure(task: EngineTask, remote: Remote, signal: AbortSignal): Promise<EngineAnswer> {
  const { drv } = task.to
  const builtThere = task.settings.buildOn === 'target'
  const what = builtThere ? ['--derivation', drv ?? ''] : [task.to.profile]
  const copied = drv === null ? null : await copyAgainAnew(task, what, remote, signal)
  if (copied !== null) return copied
  return drv !== null && builtThere ? build(task, drv, remote, signal) : keep(task, remote, signal)
}

/**
 * Null: it went well, as far as Nix says. It goes through the connection that holds the host's lock; where that goes meanwhile,
 * the copy is made over one of its own, which begins with what the host has by then.
 */
async function copyAgainAnew(
  task: EngineTask,
  what: readonly string[],
  remote: Remote,
  signal: AbortSignal,
): Promise<EngineAnswer | null> {
  const way = await remote.transport(task)
  if (!way.ok) return { how: 'refused', failure: way.failure }
  const { shared, ...anew } = way.value
  if (way.value.local === true) return null
  const copied = await copy(task, what, way.value, signal)
  const isLost = copied?.how === 'refused' && copied.failure.code === 'copy/connection-lost'
  return isLost && shared !== undefined && !signal.aborted ? copy(task, what, anew, signal) : copied
}

async function copy(
  task: EngineTask,
  what: readonly string[],
  { address, config, shared = [] }: Transport,
  signal: AbortSignal,
): Promise<EngineAnswer | null> {
  const substitute = task.settings.substituteOnTarget ? ['--substitute-on-destination'] : []
  const ended = await nix(['copy', '--to', `ssh-ng://${address}`, '--no-check-sigs', ...substitute, ...what], signal, {
    env: { NIX_SSHOPTS: ['-F', config, ...shared].join(' ') },
    onLine: (line) => {
      if (!concernsSharing(line)) tell(task, line)
    },
  })
  if (ended.how === 'exited' && ended.code === 0) return null
  if (ended.how === 'aborted')
    return refusedAnswer('copy/aborted', 'interrupted before the activation', 'Nothing was activated.')
  return { how: 'refused', failure: copyFailure(withoutSharing(ended.stderr)) }
}

/**
 * Keeps the system as a root of the host's garbage collector until the next one comes.
 * Nix 2.8 can exit 0 although its connection went (seen on the lab): the host says whether the system is there, whole.
 */
async function keep(task: EngineTask, remote: Remote, signal: AbortSignal): Promise<EngineAnswer> {
  // A session that is open already has rooted it, and says the same at no cost; where it says no, the host is asked why.
  const missing = await task.missing?.([task.to.profile], signal)
  if (missing?.ok === true && !missing.value.has(task.to.profile)) return { how: 'done' }
  const { connectTimeoutMs } = task.settings.ssh
  const timeoutMs = connectTimeoutMs + lookUpTime
  const args = [task.to.profile]
  const request = { script: keepScript, args, asRoot: true, timeoutMs, connection: 'shared' } as const
  const answer = await remote.run(task, request, signal)
  if (answer.how === 'answered' && answer.code === 0) return { how: 'done' }
  if (answer.how === 'answered' && /No space left on device/.test(answer.stderr))
    return refusedAnswer('copy/no-space', 'no space left on the host', cleanLine(answer.stderr))
  const why = answer.how === 'answered' ? 'The host does not have it.' : answer.failure.detail
  return refusedAnswer('copy/incomplete', 'the copy ended early', `It should have copied ${task.to.profile}. ${why}`)
}

const root = '/nix/var/nix/gcroots/fleet/new-system'
const keepScript = `nix-store --check-validity -- "$1" </dev/null && mkdir -p ${root.slice(0, root.lastIndexOf('/'))} && ln -sfn "$1" ${root}\n`

async function build(task: EngineTask, drv: string, remote: Remote, signal: AbortSignal): Promise<EngineAnswer> {
  const script = `exec nix-store --realise "$1" --add-root ${root} </dev/null\n`
  const onLine = (_: string, line: string) => tell(task, line)
  const request = { script, args: [drv], asRoot: true, timeoutMs: buildTime, onLine, connection: 'shared' } as const
  const answer = await remote.run(task, request, signal)
  if (signal.aborted)
    return refusedAnswer('copy/aborted', 'interrupted before the activation', 'Nothing was activated.')
  if (answer.how === 'no-answer') return { how: 'refused', failure: answer.failure }
  if (answer.code === 0) return keep(task, remote, signal)
  return refusedAnswer('copy/build-failed', 'the build on the host failed', errorText(answer.stderr))
}

function tell(task: EngineTask, line: string): void {
  task.onLine('stderr', maskCredentials(cleanLine(line)))
}

/** Why `nix copy` failed, by what Nix and ssh say. Nothing on the host runs differently for it. */
function copyFailure(stderr: string): Failure {
  const detail = maskCredentials(errorText(stderr)) || 'nix copy failed without a message.'
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
