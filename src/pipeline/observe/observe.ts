import type { Generation } from '../../model/fleet/operand.ts'
import type { HostSettings } from '../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { Remote } from '../../ports/remote.ts'
import { observationScript } from './script.ts'
import { parseObservation } from './parse.ts'

/** Milliseconds that a host may take to answer once the connection is up. */
const answerTime = 30_000
/** Milliseconds, beside those for the connection, that a host may be silent while a plan waits. */
const patience = 5_000
/** Words of the observation script. */
const wants = { none: [], contents: ['detail'], store: ['detail', 'store'] } as const

export interface ObserveRequest {
  readonly name: string
  readonly settings: HostSettings
  /** Ask also whether the login may act as root; not for a status, which leaves no trace of a failed sudo. */
  readonly withRoot: boolean
  /**
   * Ask also what the running system consists of, for planning: tens of kilobytes where the rest is one. `store`: and what takes
   * a Nix process to tell, which a plan learns from the closure where it needs it. A host that falls silent is not waited for.
   */
  readonly detail?: 'none' | 'contents' | 'store'
  /** A generation whose files stand for those of the running system; absent: the running system. */
  readonly generation?: Generation
  /** See RemoteRequest: absent: over a new connection, which proves that one can be made. */
  readonly connection?: 'shared'
}

/** Asks one host what it runs, in one session. */
export async function observe(
  { name, settings, withRoot, detail = 'none', generation, connection }: ObserveRequest,
  remote: Remote,
  signal: AbortSignal,
): Promise<Found<Observation>> {
  const nonce = crypto.randomUUID()
  const answer = await remote.run(
    { name, settings },
    {
      script: observationScript,
      args: [
        nonce,
        [withRoot ? 'root' : 'no', ...wants[detail], ...(generation === undefined ? [] : [`of-${generation}`])].join(
          ',',
        ),
        ...sudoWords(settings.sudo),
      ],
      asRoot: false,
      timeoutMs: settings.ssh.connectTimeoutMs + answerTime,
      ...(connection === undefined ? {} : { connection }),
      ...(detail === 'none' ? {} : { silenceMs: settings.ssh.connectTimeoutMs + patience }),
    },
    signal,
  )
  return answer.how === 'no-answer' ? { ok: false, failure: answer.failure } : parseObservation(answer.stdout, nonce)
}

function sudoWords(sudo: string): readonly string[] {
  if (sudo === 'none') return []
  return sudo === 'auto' ? ['sudo', '-n', '--'] : sudo.split(/\s+/)
}
