import type { HostDescription, UnitDescription } from '../description.ts'

function toy(name: string, more: UnitDescription = {}, service: UnitDescription = {}): UnitDescription {
  return {
    description: `The toy ${name}`,
    wantedBy: ['multi-user.target'],
    service: { ExecStart: `/lab/bin/program ${name} 1`, ...service },
    ...more,
  }
}

const triggered = (name: string) => ({ triggers: [name] })

/** Units of every kind that a switch treats in a way of its own. */
export const toys: Readonly<Record<string, UnitDescription>> = {
  'toy.service': toy('toy'),
  'needs.service': toy('needs', { unit: { Requires: 'toy.service', After: 'toy.service' } }),
  'bound.service': toy('bound', { unit: { BindsTo: 'toy.service', After: 'toy.service' } }),
  'part.service': toy('part', { unit: { PartOf: 'toy.service' } }),
  'args.service': toy('args'),
  'nostop.service': toy('nostop', { stopIfChanged: false }),
  'reloader.service': toy('reloader', { reloadIfChanged: true }, { ExecReload: '/usr/bin/true' }),
  'norestart.service': toy('norestart', { restartIfChanged: false }),
  'keep.service': toy('keep', { stopOnRemoval: false }),
  'gone.service': toy('gone'),
  'by-hand.service': toy('by-hand'),
  'trig.service': toy('trig', triggered('trig.conf')),
  'inst@.service': toy('inst', { wantedBy: [] }),
  'inst@a.service': { description: 'An instance', overrideStrategy: 'asDropin', wantedBy: ['multi-user.target'] },
  'mask.service': toy('mask'),
  'sock.socket': {
    description: 'The socket of sock',
    wantedBy: ['sockets.target'],
    socket: { ListenStream: '/run/sock' },
  },
  'sock.service': toy('sock', { wantedBy: [] }),
  'tick.service': { description: 'What tick does', service: { Type: 'oneshot', ExecStart: '/usr/bin/true' } },
  'tick.timer': { description: 'tick', wantedBy: ['timers.target'], timer: { OnCalendar: 'yearly' } },
  'again.target': { description: 'A target that is stopped', wantedBy: ['multi-user.target'] },
}

/** A host with the toys, two mounts, and a user who lingers and has units. */
export const toyHost: HostDescription = {
  init: 'systemd',
  services: [],
  linger: ['sma'],
  etc: { 'trig.conf': 'first\n' },
  fstab: [
    ['lab-t', '/mnt/t', 'tmpfs', 'size=1m', '0', '0'],
    ['lab-u', '/mnt/u', 'tmpfs', 'size=1m', '0', '0'],
  ],
  units: toys,
  userUnits: {
    'uu.service': {
      description: 'A unit of the user',
      wantedBy: ['default.target'],
      service: { ExecStart: '/usr/bin/sleep infinity' },
    },
  },
}
