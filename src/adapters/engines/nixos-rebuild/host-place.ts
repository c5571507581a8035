import { activationRuns } from '../../../model/host/activation-processes.ts'
import { failure } from '../../../model/failure.ts'
import { framed } from '../../../model/text/frame.ts'
import { parseStorePath } from '../../../model/nix/store-path.ts'
import type { Found } from '../../../model/host/system.ts'
import type { EngineTask } from '../../../ports/engine.ts'
import type { Remote, RemoteRequest } from '../../../ports/remote.ts'

/** Where a host is, for engines that do not look before they leap. */
export interface HostPlace {
  readonly system: string
  readonly profile: string | null
  /** Somebody's activation is at work on it. */
  readonly busy: boolean
}

/** Milliseconds that the host may take to say it once the connection is up. */
const answerTime = 30_000

const script = `
place() { [ -e "$1" ] && readlink -f "$1" || echo none; }
printf '\\nfleet-place 1 %s\\n' "$1"
place /run/current-system
place /nix/var/nix/profiles/system
${activationRuns} >/dev/null && echo busy
echo "fleet-place end $1"
exit 0
`

/** Asks a host where it is; `connection` as in RemoteRequest. */
export async function hostPlace(
  task: EngineTask,
  { remote, connection }: { readonly remote: Remote } & Pick<RemoteRequest, 'connection'>,
  signal: AbortSignal,
): Promise<Found<HostPlace>> {
  const nonce = crypto.randomUUID()
  const timeoutMs = task.settings.ssh.connectTimeoutMs + answerTime
  const through = connection === undefined ? {} : { connection }
  const answer = await remote.run(task, { script, args: [nonce], asRoot: false, timeoutMs, ...through }, signal)
  if (answer.how === 'no-answer') return { ok: false, failure: answer.failure }
  const [system = '', profile = '', busy] = framed(answer.stdout, 'fleet-place 1', 'fleet-place end', nonce) ?? []
  if (parseStorePath(system) === null || (profile !== 'none' && parseStorePath(profile) === null))
    return {
      ok: false,
      failure: failure('activate/no-place', 'the host does not say what it runs', 'Its answer was cut short.'),
    }
  return { ok: true, value: { system, profile: profile === 'none' ? null : profile, busy: busy === 'busy' } }
}
