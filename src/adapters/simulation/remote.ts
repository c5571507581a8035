import { failure } from '../../model/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Found } from '../../model/host/system.ts'
import type { Address, Remote, RemoteAnswer, RemoteRequest, Transport } from '../../ports/remote.ts'
import type { Session } from './session.ts'

const silent: Failure = failure('ssh/no-answer', 'no answer', 'The simulated host is unreachable.')
const interrupted: Failure = failure('ssh/aborted', 'interrupted', 'The session was interrupted.')

/** The scripts that simulated hosts know: what they answer with what they run, and what reboots them. Any other works and says nothing. */
export interface KnownScripts {
  readonly observation: string
  readonly reboot: string
}

/** Connections to simulated hosts. */
export function simulatedRemote(session: Session, { observation, reboot }: KnownScripts): Remote {
  const { fleet, clock } = session
  return {
    async run({ name, settings }: Address, request: RemoteRequest, signal: AbortSignal): Promise<RemoteAnswer> {
      const host = fleet.host(name)
      const isThere = host.answersAt(clock.now())
      await clock.sleep(isThere ? host.takes(20, 200) : settings.ssh.connectTimeoutMs, signal)
      if (signal.aborted) return { how: 'no-answer', begun: false, failure: interrupted }
      const now = clock.now()
      if (!isThere || !host.answersAt(now)) return { how: 'no-answer', begun: false, failure: silent }
      if (request.script === reboot) host.reboot(now)
      const stdout = request.script === observation ? host.observation(request.args[0] ?? '', now) : ''
      return { how: 'answered', code: 0, stdout, stderr: '' }
    },
    async transport({ settings }: Address): Promise<Found<Transport>> {
      return { ok: true, value: { address: settings.address[0], config: '/dev/null' } }
    },
  }
}
