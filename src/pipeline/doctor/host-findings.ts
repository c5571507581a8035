import { codes, isKnown } from '../../model/codes/codes.ts'
import type { Host } from '../../model/fleet/fleet.ts'
import type { Finding } from '../../model/host/doctor-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import { tellFailure } from '../../model/failure.ts'
import { finding, problem } from '../../model/host/finding.ts'

/** Bytes on a host's /nix that a rollout should find free. */
const roomOfHost = 1024 ** 3
/** Seconds by which a clock may be wrong before certificates, timers and logs suffer. */
const clockOff = 60

/** What one session with a host tells of its readiness; `now` is this machine's clock, seconds since the epoch. */
export function hostFindings(host: Host, observed: Found<Observation>, now: number): readonly Finding[] {
  const { name, settings } = host
  if (!observed.ok) {
    const { failure } = observed
    const next = isKnown(failure.code) ? codes[failure.code].next : null
    // A host that may be away is passed over.
    const stops = settings.onUnreachable !== 'skip'
    return [problem({ host: name, about: 'reach', stops, says: tellFailure(failure), next })]
  }
  const { value } = observed
  return [
    finding({ host: name, about: 'reach', says: 'answers, and its key is the known one' }),
    sudoOf(host, value),
    trustOf(host, value),
    diskOf(name, value),
    clockOf(name, value, now),
  ]
}

function sudoOf({ name, settings: { sudo } }: Host, { mayActAsRoot }: Observation): Finding {
  const about = { host: name, about: 'sudo' } as const
  if (mayActAsRoot === true) return finding({ ...about, says: 'the login may act as root without a password' })
  if (mayActAsRoot === null) return finding({ ...about, state: 'unknown', says: 'the host did not say' })
  const prefix = sudo === 'auto' ? 'sudo -n' : sudo
  return problem({
    ...about,
    stops: true,
    says: sudo === 'none' ? 'the login is not root, and sudo is none' : `\`${prefix} true\` does not work`,
    next: 'Let the login use sudo without a password (security.sudo.wheelNeedsPassword = false), set `sudo`, or set `ssh.user: root`.',
  })
}

function trustOf({ name }: Host, { isTrusted = null }: Observation): Finding {
  const about = { host: name, about: 'trusted-user' } as const
  if (isTrusted === true) return finding({ ...about, says: 'Nix on the host takes what is built here' })
  if (isTrusted === null)
    return finding({ ...about, state: 'unknown', says: 'its nix.conf does not say whom it trusts' })
  return problem({
    ...about,
    stops: true,
    says: 'Nix on the host refuses unsigned paths from this login',
    next: 'Add the login to nix.settings.trusted-users on the host, or sign what is built with a key that the host trusts.',
  })
}

function diskOf(host: string, { freeBytes: { nix } }: Observation): Finding {
  const about = { host, about: 'disk' } as const
  if (nix === null)
    return finding({ ...about, state: 'unknown', says: 'the host did not say how much of /nix is free' })
  const says = `${Math.floor(nix / 1024 ** 2)} MiB free on /nix`
  if (nix >= roomOfHost) return finding({ ...about, says })
  return problem({ ...about, stops: false, says, next: 'nix-collect-garbage --delete-older-than 30d, on the host' })
}

function clockOf(host: string, { clockSeconds = null }: Observation, now: number): Finding {
  const about = { host, about: 'clock' } as const
  if (clockSeconds === null) return finding({ ...about, state: 'unknown', says: 'the host did not say the time' })
  const off = Math.round(clockSeconds - now)
  if (Math.abs(off) <= clockOff) return finding({ ...about, says: 'as this machine’s' })
  const says = `${Math.abs(off)} s ${off > 0 ? 'ahead of' : 'behind'} this machine’s`
  return problem({ ...about, stops: false, says, next: 'timedatectl timesync-status, on the host and here' })
}
