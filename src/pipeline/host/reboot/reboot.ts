import { failed } from '../../../model/failure.ts'
import type { Failure, HostSettings, Target } from '../../../model/plan/plan-schema.ts'
import type { Found, Observation } from '../../../model/host/system.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Remote } from '../../../ports/remote.ts'
import { observe } from '../../observe/observe.ts'

/**
 * Milliseconds that a host may take from the command to its first answer. A server's firmware alone can take five minutes;
 * one that stays away for ten needs a person.
 */
export const rebootTime = 10 * 60_000

/** Milliseconds between two questions whether it is back. */
const pause = 2_000
/** Milliseconds that the command may take once the connection is up. */
const commandTime = 30_000

export interface RebootRequest {
  readonly name: string
  readonly settings: HostSettings
  /** What it must have booted afterwards. */
  readonly to: Pick<Target, 'system'>
  /** The boot that is to end, as the host told it; null where it could not tell. */
  readonly bootId: string | null
}

/**
 * Reboots one host and waits until it answers from a new boot, which must be of the planned system. What it returns is
 * what the host says then. Asked again after an interruption it does not reboot twice: the boot that is to end is named.
 */
export async function reboot(
  request: RebootRequest,
  ports: { readonly remote: Remote; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Found<Observation>> {
  const { name, settings, to, bootId } = request
  if (bootId === null)
    return failed(
      'reboot/no-boot-id',
      'the host reports no boot id',
      'fleet could not see whether it has rebooted. Reboot it yourself.',
    )
  const until = ports.clock.now() + rebootTime
  const timeoutMs = settings.ssh.connectTimeoutMs + commandTime
  const told = await ports.remote.run(
    { name, settings },
    { script: rebootScript, args: [bootId], asRoot: true, timeoutMs },
    signal,
  )
  // A connection that goes once the command has begun is what a reboot looks like.
  if (told.how === 'no-answer' && !told.begun) return { ok: false, failure: told.failure }
  if (told.how === 'answered' && told.code !== 0)
    return failed('reboot/refused', 'the host refused to reboot', `systemctl reboot exited ${told.code}.`)
  const found = await back(request, until, ports, signal)
  if (!found.ok || found.value.booted === to.system) return found
  return failed(
    'reboot/other-system',
    'the host booted another system',
    `It booted ${found.value.booted ?? 'an unknown system'}, the planned system is ${to.system}. Look at its boot menu.`,
  )
}

/** Reboots the host whose boot has the id that is its argument. */
export const rebootScript = `
[ "$(cat /proc/sys/kernel/random/boot_id)" = "$1" ] || exit 0
exec systemctl --no-block reboot </dev/null
`

/** Asks until the host answers from another boot. */
async function back(
  { name, settings, bootId }: RebootRequest,
  until: number,
  { remote, clock }: { readonly remote: Remote; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Found<Observation>> {
  for (;;) {
    const found = await observe({ name, settings, withRoot: false }, remote, signal)
    if (found.ok && found.value.bootId !== null && found.value.bootId !== bootId) return found
    if (!found.ok && (signal.aborted || found.failure.code === 'ssh/refused-login')) return found
    if (signal.aborted || clock.now() >= until) return found.ok ? stillUp : away(found.failure, settings.note)
    await clock.sleep(pause, signal)
  }
}

const stillUp = failed(
  'reboot/not-started',
  'the host did not reboot',
  'The reboot command was sent, but the host still runs the same boot.',
)

function away({ summary, detail }: Failure, note: string | null): Found<never> {
  const minutes = rebootTime / 60_000
  return failed(
    'reboot/no-return',
    'the host did not come back after its reboot',
    `Within ${minutes} minutes: ${summary}. ${detail}${note === null ? '' : ` ${note}`}`,
  )
}
