import type { HostDescription, UnitDescription } from '../description.ts'
import type { Random } from '../prediction/random.ts'
import { toys } from '../systemd/toys.ts'

/** One random change of a host's description. */
type Edit = (host: HostDescription, random: Random) => HostDescription

const withUnit = (host: HostDescription, name: string, unit: UnitDescription | undefined): HostDescription => {
  const { [name]: _, ...others } = host.units ?? {}
  return { ...host, units: unit === undefined ? others : { ...others, [name]: unit } }
}

/** Changes one unit in some keys; one that is not there is as it was at first, then changed. */
const changedUnit = (host: HostDescription, name: string, change: UnitDescription): HostDescription =>
  withUnit(host, name, { ...(host.units?.[name] ?? toys[name]), ...change })

/** Starts another program, which a real service does on nearly every update. */
const otherProgram =
  (name: string): Edit =>
  (host, random) => {
    const service = (host.units?.[name] ?? toys[name])?.['service'] as UnitDescription | undefined
    return changedUnit(host, name, { service: { ...service, ExecStart: `/lab/bin/program x ${random.below(1e6)}` } })
  }

/** Takes a unit away, or brings it back. */
const toggledUnit =
  (name: string): Edit =>
  (host) =>
    withUnit(host, name, host.units?.[name] === undefined ? toys[name] : undefined)

const tmpfs = (device: string, place: string, options: string) => [device, place, 'tmpfs', options, '0', '0']

/** Another text of a file in /etc, so that there is something to plan. */
const otherFile: Edit = (host, random) => ({ ...host, etc: { ...host.etc, 'plain.conf': `${random.below(1e6)}\n` } })

/** What is done on the host itself before it is planned, by kinds of edits. */
export const doneByHand: Readonly<Record<string, string>> = {
  'unit stopped by hand': 'systemctl stop by-hand.service',
  'unit that failed': `systemctl start by-hand.service && systemctl kill --signal=KILL by-hand.service
for _ in $(seq 500); do [ "$(systemctl is-active by-hand.service)" != failed ] || break; done`,
}

/** Every kind of edit, by the name that the table gives it. */
export const editKinds: Readonly<Record<string, Edit>> = {
  'package of a service': (host, random) => ({
    ...host,
    packages: { ...host.packages, nix: `2.28.${random.below(1e6)}` },
  }),
  'ExecStart, stop and start': otherProgram('args.service'),
  'ExecStart, restart': otherProgram('nostop.service'),
  'ExecStart, reload': otherProgram('reloader.service'),
  'ExecStart, left alone': otherProgram('norestart.service'),
  'ExecStart with dependents': otherProgram('toy.service'),
  'environment of sshd': (host, random) => ({
    ...host,
    environment: { sshd: { LEVEL: String(random.below(1e6)) } },
  }),
  'restart trigger': (host, random) => ({ ...host, etc: { ...host.etc, 'trig.conf': `${random.below(1e6)}\n` } }),
  'unit comes or goes': toggledUnit('gone.service'),
  'unit that is kept comes or goes': toggledUnit('keep.service'),
  'instance comes or goes': toggledUnit('inst@a.service'),
  template: otherProgram('inst@.service'),
  mask: (host) => changedUnit(host, 'mask.service', { enable: host.units?.['mask.service']?.['enable'] === false }),
  timer: (host, random) =>
    changedUnit(host, 'tick.timer', { timer: { OnCalendar: `yearly`, RandomizedDelaySec: random.below(1e6) } }),
  'socket and service': (host, random) =>
    changedUnit(otherProgram('sock.service')(host, random), 'sock.socket', {
      socket: { ListenStream: `/run/sock-${random.below(1e6)}` },
    }),
  'target that stops': (host) => {
    const unit = (host.units?.['again.target'] ?? {})['unit'] as UnitDescription | undefined
    const stops = unit?.['X-StopOnReconfiguration'] === 'true'
    return changedUnit(host, 'again.target', { unit: { 'X-StopOnReconfiguration': stops ? 'false' : 'true' } })
  },
  'mount options': (host, random) => ({
    ...host,
    fstab: [tmpfs('lab-t', '/mnt/t', `size=${random.below(900) + 100}k`), ...(host.fstab ?? []).slice(1)],
  }),
  'mount device': (host, random) => ({
    ...host,
    fstab: [...(host.fstab ?? []).slice(0, 1), tmpfs(`lab-${random.below(1e6)}`, '/mnt/u', 'size=1m')],
  }),
  'mount comes or goes': (host) => {
    const fstab = host.fstab ?? []
    return { ...host, fstab: fstab.length > 2 ? fstab.slice(0, 2) : [...fstab, tmpfs('lab-v', '/mnt/v', 'size=1m')] }
  },
  'file in /etc': otherFile,
  'unit stopped by hand': otherFile,
  'unit that failed': otherFile,
  'wants of a unit': (host, random) => {
    const wants = random.once(2) ? { Wants: 'tick.service' } : {}
    return changedUnit(host, 'nostop.service', { unit: { ...wants, 'X-Lab': String(random.below(1e6)) } })
  },
  'package comes or goes': (host) => ({
    ...host,
    install: host.install === undefined || host.install.length === 0 ? ['jq'] : [],
  }),
  'firewall port': (host, random) => ({ ...host, tcpPorts: [8000 + random.below(999)] }),
  user: (host) => ({ ...host, users: host.users?.['bob'] === undefined ? { bob: { uid: 2001 } } : {} }),
  "systemd's settings": (host, random) => ({ ...host, systemConf: `DefaultTimeoutStopSec=${5 + random.below(99)}s\n` }),
  'user unit': (host, random) => ({
    ...host,
    userUnits: {
      'uu.service': {
        ...host.userUnits?.['uu.service'],
        service: { ExecStart: `/usr/bin/sleep ${1e5 + random.below(1e5)}` },
      },
    },
  }),
  'kernel parameters': (host, random) => ({ ...host, kernelParams: [`lab=${random.below(1e6)}`] }),
  'inhibitor comes or goes': (host) => ({
    ...host,
    inhibitors: {
      'dbus-implementation': 'broker',
      ...(host.inhibitors?.['thing'] === undefined ? { thing: 'one' } : {}),
    },
  }),
}
