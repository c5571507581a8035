/** Unit files by name; null is a mask. */
export type Units = Readonly<Record<string, string | null>>

/** An edit on a real NixOS host, and what its switch-to-configuration asked systemd to do with the units of that edit. */
export interface Recording {
  readonly edit: string
  readonly before: Units
  readonly after: Units
  readonly fstab?: { readonly before: string; readonly after: string }
  /** Units that were not active. */
  readonly inactive?: readonly string[]
  /** From the jobs of PID 1 and the words that were printed. */
  readonly did: readonly string[]
}

const service = (start: string, more = '') =>
  `[Unit]\nDescription=A toy\n\n[Service]\nExecStart=/nix/store/${start}\n${more}`
const unit = (more: string) => `[Unit]\nDescription=A toy\n${more}`

/**
 * Recorded on three hosts with NixOS 26.11pre, switch-to-configuration-ng and systemd 257: the journal of PID 1, and the
 * InvocationID of every unit before and after. The unit files are of the shape that NixOS writes.
 */
export const recordings: readonly Recording[] = [
  {
    edit: 'ExecStart has other arguments',
    before: { 'args.service': service('x/bin/x 1') },
    after: { 'args.service': service('x/bin/x 2') },
    did: ['stop args.service', 'start args.service'],
  },
  {
    edit: 'the package of a service changes',
    before: { 'toy.service': service('aaa-toyd-1.0/bin/toyd') },
    after: { 'toy.service': service('bbb-toyd-1.1/bin/toyd') },
    did: ['stop toy.service', 'start toy.service'],
  },
  {
    edit: 'a variable of the environment changes',
    before: { 'envy.service': service('x/bin/x', 'Environment="A=1"') },
    after: { 'envy.service': service('x/bin/x', 'Environment="A=2"') },
    did: ['stop envy.service', 'start envy.service'],
  },
  {
    edit: 'stopIfChanged is off',
    before: { 'nostop.service': service('x/bin/x 1', 'X-StopIfChanged=false') },
    after: { 'nostop.service': service('x/bin/x 2', 'X-StopIfChanged=false') },
    did: ['restart nostop.service'],
  },
  {
    edit: 'reloadIfChanged is on',
    before: { 'reloader.service': service('x/bin/x 1', 'X-ReloadIfChanged=true') },
    after: { 'reloader.service': service('x/bin/x 2', 'X-ReloadIfChanged=true') },
    did: ['reload reloader.service'],
  },
  {
    edit: 'restartIfChanged is off',
    before: { 'norestart.service': service('x/bin/x 1', 'X-RestartIfChanged=false') },
    after: { 'norestart.service': service('x/bin/x 2', 'X-RestartIfChanged=false') },
    did: ['skip norestart.service'],
  },
  {
    edit: 'only the description changes',
    before: { 'descr.service': '[Unit]\nDescription=Old\n[Service]\nExecStart=/x' },
    after: { 'descr.service': '[Unit]\nDescription=New\n[Service]\nExecStart=/x' },
    did: [],
  },
  {
    edit: 'a restart trigger changes',
    before: {
      'trig.service': unit('X-Restart-Triggers=/nix/store/aaa-X-Restart-Triggers-trig\n[Service]\nExecStart=/x'),
    },
    after: {
      'trig.service': unit('X-Restart-Triggers=/nix/store/bbb-X-Restart-Triggers-trig\n[Service]\nExecStart=/x'),
    },
    did: ['stop trig.service', 'start trig.service'],
  },
  {
    edit: 'a reload trigger changes',
    before: {
      'rtrig.service': unit('X-Reload-Triggers=/nix/store/aaa-X-Reload-Triggers-rtrig\n[Service]\nExecStart=/x'),
    },
    after: {
      'rtrig.service': unit('X-Reload-Triggers=/nix/store/bbb-X-Reload-Triggers-rtrig\n[Service]\nExecStart=/x'),
    },
    did: ['reload rtrig.service'],
  },
  {
    edit: 'a service goes, another comes',
    before: { 'gone.service': service('x/bin/x') },
    after: { 'newone.service': service('x/bin/x') },
    did: ['stop gone.service'],
  },
  {
    edit: 'an instance loses its drop-in, its template stays',
    before: {
      'inst@.service': service('x/bin/x %i'),
      'inst@a.service.d/overrides.conf': '[Service]\nEnvironment="B=1"',
    },
    after: { 'inst@.service': service('x/bin/x %i') },
    did: ['stop inst@a.service'],
  },
  {
    edit: 'a template changes',
    before: {
      'inst@.service': service('x/bin/x %i'),
      'inst@a.service.d/overrides.conf': '[Service]\nEnvironment="B=1"',
    },
    after: {
      'inst@.service': service('x/bin/y %i'),
      'inst@a.service.d/overrides.conf': '[Service]\nEnvironment="B=1"',
    },
    did: ['stop inst@a.service', 'start inst@a.service'],
  },
  {
    edit: 'another instance comes',
    before: { 'inst@.service': service('x %i'), 'inst@a.service.d/overrides.conf': '[Unit]' },
    after: {
      'inst@.service': service('x %i'),
      'inst@a.service.d/overrides.conf': '[Unit]',
      'inst@b.service.d/overrides.conf': '[Unit]',
    },
    inactive: ['inst@b.service'],
    did: [],
  },
  {
    edit: 'a unit is masked',
    before: { 'toy.service': service('x/bin/x') },
    after: { 'toy.service': null },
    did: ['stop toy.service'],
  },
  {
    edit: 'a unit is unmasked',
    before: { 'toy.service': null },
    after: { 'toy.service': service('x/bin/x') },
    inactive: ['toy.service'],
    did: [],
  },
  {
    edit: 'a timer changes',
    before: { 'tick.timer': unit('[Timer]\nOnCalendar=daily') },
    after: { 'tick.timer': unit('[Timer]\nOnCalendar=weekly') },
    did: ['restart tick.timer'],
  },
  {
    edit: 'a timer goes',
    before: { 'tick.timer': unit('[Timer]\nOnCalendar=daily') },
    after: {},
    did: ['stop tick.timer'],
  },
  {
    edit: 'a socket listens elsewhere and its active service changes',
    before: { 'sock.socket': unit('[Socket]\nListenStream=/run/a'), 'sock.service': service('x/bin/x 1') },
    after: { 'sock.socket': unit('[Socket]\nListenStream=/run/b'), 'sock.service': service('x/bin/x 2') },
    did: ['stop sock.service', 'stop sock.socket', 'start sock.socket'],
  },
  {
    edit: 'a path and a slice change',
    before: { 'pp.path': unit('[Path]\nPathExists=/a'), 'mem.slice': unit('[Slice]\nMemoryMax=1G') },
    after: { 'pp.path': unit('[Path]\nPathExists=/b'), 'mem.slice': unit('[Slice]\nMemoryMax=2G') },
    did: [],
  },
  {
    edit: 'a target changes',
    before: { 'mine.target': unit('') },
    after: { 'mine.target': unit('After=network.target') },
    did: ['start-hidden mine.target'],
  },
  {
    edit: 'a target that is stopped on reconfiguration',
    before: { 'local-fs.target': unit('X-StopOnReconfiguration=true') },
    after: { 'local-fs.target': unit('X-StopOnReconfiguration=true') },
    did: ['start-hidden local-fs.target', 'stop-hidden local-fs.target'],
  },
  {
    edit: 'the options of a mount change',
    before: {},
    after: {},
    fstab: { before: 'a /mnt/t tmpfs size=1m 0 0', after: 'a /mnt/t tmpfs size=2m 0 0' },
    did: ['reload mnt-t.mount'],
  },
  {
    edit: 'the device of a mount changes, and a mount comes',
    before: {},
    after: {},
    fstab: { before: 'a /mnt/t tmpfs x 0 0', after: 'b /mnt/t tmpfs x 0 0\nc /mnt/new tmpfs x 0 0' },
    did: ['restart mnt-t.mount'],
  },
  {
    edit: 'a mount goes, and the root has another device',
    before: {},
    after: {},
    fstab: { before: '/dev/a / ext4 x 0 1\na /mnt/t tmpfs x 0 0', after: '/dev/b / ext4 x 0 1' },
    did: ['stop mnt-t.mount'],
  },
  {
    edit: 'the nftables ruleset changes',
    before: { 'nftables.service': service('aaa-nftables-rules', 'X-ReloadIfChanged=true') },
    after: { 'nftables.service': service('bbb-nftables-rules', 'X-ReloadIfChanged=true') },
    did: ['reload nftables.service'],
  },
  {
    edit: 'sshd is disabled',
    before: { 'sshd.service': service('x/bin/sshd -D') },
    after: {},
    did: ['stop sshd.service'],
  },
]
