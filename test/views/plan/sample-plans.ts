import type { Diff, HostPlan, Note, Plan } from '../../../src/model/plan/plan-schema.ts'
import {
  changed,
  type Draft,
  excluded,
  sampleDiff,
  sampleObserved,
  samplePlan,
  sampleSettings,
  sampleWave,
  storePath,
  unchanged,
  unevaluated,
  unknownDiff,
  unreachable,
} from '../../rig/samples/plan.ts'

const drift: Note = {
  code: 'drift/unrecorded',
  severity: 'warning',
  summary: 'runs a system no recorded run put there; the plan would replace it',
  detail: 'Somebody deployed by hand. Look at what it runs before replacing it.',
}
const dirty: Note = {
  code: 'source/dirty',
  severity: 'warning',
  summary: 'made from a dirty tree',
  detail: 'The working tree holds changes that are not committed; the plan is pinned to a copy of it in the Nix store.',
}

const compared: Note = {
  code: 'plan/base',
  severity: 'info',
  summary: 'compared with main, not with the hosts',
  detail: 'No host was asked. What a host runs may be something else.',
}

const nginxPatch = `@@ -12,7 +12,7 @@
 http {
   include mime.types;
\tserver_tokens off;
-  client_max_body_size 10m;
+  client_max_body_size 64m;
   server {
     listen 443 ssl;
   }
`

/** A difference in which every kind of thing happens. */
export const everyDifference: Diff = sampleDiff({
  exact: false,
  kind: 'reboot',
  packages: [
    { name: 'emacs', from: ['29.1'], to: [], direction: 'removed', selected: true },
    { name: 'forgejo', from: ['11.0.7'], to: ['11.0.8'], direction: 'up', selected: true },
    { name: 'jq', from: [], to: ['1.7.1', '1.8.0'], direction: 'added', selected: true },
    { name: 'linux', from: ['6.12.58'], to: ['6.12.61'], direction: 'up', selected: false },
    { name: 'openssl', from: ['3.6.2'], to: ['3.6.2.1'], direction: 'up', selected: false },
    { name: 'sqlite', from: ['3.50.1'], to: ['3.48.0'], direction: 'down', selected: false },
    { name: 'tzdata', from: ['2025a'], to: ['2025b'], direction: 'up', selected: false },
    { name: 'vendor-blob', from: ['4f2c9d1'], to: ['9e1d0aa'], direction: 'changed', selected: false },
  ],
  sizeDelta: 1_258_291,
  download: 671_088_640,
  reboot: { needed: true, because: ['kernel 6.12.58 → 6.12.61'] },
  units: {
    stopped: ['old-backup.service', 'old-backup.timer'],
    restarted: ['forgejo.service', 'getty@tty1.service', 'nginx.service', 'sshd.service', 'systemd-journald.service'],
    reloaded: ['dbus.service'],
    started: ['restic.timer'],
    notStopped: ['display-manager.service'],
    pathsOnly: ['getty@tty1.service', 'nginx.service', 'systemd-journald.service'],
    because: [{ unit: 'sshd.service', files: ['/etc/ssh/sshd_config'] }],
    restartedWith: [{ unit: 'forgejo-runner.service', with: ['forgejo.service'] }],
    stoppedWith: [{ unit: 'old-backup-mail.service', with: ['old-backup.service'] }],
    alsoStarted: [
      { unit: 'linger-users.service', was: 'ended' },
      { unit: 'smartd.service', was: 'failed' },
      { unit: 'vpn.service', was: 'stopped' },
    ],
    reexecuted: 'settings',
    userUnits: { users: ['1000'], restarted: ['mail.service'], stopped: [], started: [], reloaded: [], notStopped: [] },
  },
  etc: [
    { path: 'localtime', change: 'removed' },
    { path: 'restic/excludes', change: 'added', patch: null },
    { path: 'nginx/nginx.conf', change: 'changed', inherited: false, patch: nginxPatch },
    { path: 'pam.d/sshd', change: 'changed', inherited: true, patch: null },
    { path: 'profile', change: 'changed', inherited: true, patch: null },
  ],
  users: { added: ['restic'], removed: ['guest'], changed: ['sma'] },
  groups: { added: ['restic'], removed: [], changed: ['wheel'] },
  firewall: { opened: ['tcp/443', 'udp/60000-61000'], closed: ['tcp/22', 'tcp/8080'], enabled: null },
  inhibitors: [{ name: 'dbus-implementation', from: 'dbus', to: 'broker' }],
  causes: [
    { name: 'openssl', from: '3.6.2', to: '3.6.2.1', rebuilds: 2200 },
    { name: 'nginx.conf', from: null, to: null, rebuilds: 0 },
  ],
  provenance: {
    packages: 'predicted',
    sizeDelta: 'predicted',
    download: 'predicted',
    units: 'predicted',
    etc: 'built',
    users: 'built',
    groups: 'built',
    firewall: 'built',
  },
})

const forgejo = sampleDiff({
  kind: 'packages',
  packages: [{ name: 'forgejo', from: ['11.0.7'], to: ['11.0.8'], direction: 'up', selected: true }],
  sizeDelta: 1_258_291,
  units: { restarted: ['forgejo.service'], stopped: [], started: [], reloaded: [] },
})

/** Every kind of host, note, danger and difference. */
export function everything(): Plan {
  const booted = storePath('e', 'nixos-system-fallback-25.05')
  const login = { ...sampleSettings('x').ssh, user: 'deployer' }
  return samplePlan(
    {
      'limiting-factor': changed('limiting-factor', everyDifference, {
        notes: [{ code: 'plan/reboot-pending', severity: 'warning', summary: 'reboot pending: initrd changed' }],
      }),
      'sleeper-service': changed('sleeper-service', forgejo, {
        notes: [drift, { code: 'deploy-rs/first', severity: 'info', summary: 'the first change by fleet' }],
        settings: sampleSettings('sleeper-service', { reboot: 'when-needed' }),
      }),
      'grey-area': unevaluated('grey-area'),
      'reverse-proxy': changed('reverse-proxy', forgejo, {
        from: sampleObserved('reverse-proxy', { failedUnits: ['backup.service'] }),
      }),
      fallback: changed('fallback', sampleDiff(), {
        from: sampleObserved('fallback', { booted }),
        to: { ...changed('fallback').to, system: booted, profile: booted },
        settings: sampleSettings('fallback', { mode: 'boot' }),
      }),
      'little-rascal': {
        ...unreachable('little-rascal', 'a laptop; ask Ana to open the lid'),
        settings: sampleSettings('little-rascal', {
          address: ['10.99.0.8', 'rascal.example.net'],
          ssh: login,
          note: 'a laptop; ask Ana to open the lid',
        }),
        failure: {
          code: 'ssh/refused-login',
          summary: 'login refused by 10.99.0.8',
          detail: 'ssh to deployer@10.99.0.8: Permission denied (publickey).',
        },
      },
      'congenital-optimist': unchanged('congenital-optimist'),
      waiting: unchanged('waiting', {
        notes: [
          { code: 'plan/reboot-pending', severity: 'warning', summary: 'reboot pending: kernel 6.12.58 → 6.12.61' },
        ],
      }),
      retired: excluded('retired', 'disabled'),
    },
    [
      sampleWave('canary', ['limiting-factor'], { bakeTimeMs: 600_000 }),
      sampleWave('servers', ['sleeper-service', 'grey-area', 'reverse-proxy', 'fallback'], { maxParallel: 1 }),
      sampleWave('desktops', ['little-rascal', 'congenital-optimist', 'waiting', 'retired'], {
        promotion: 'manual',
        maxFailures: 1,
        batches: [1, 3],
      }),
    ],
    {
      source: {
        ...samplePlan({}).body.source,
        original: 'git+https://deployer:s3cr3t@git.example.net/lab',
        dirty: true,
      },
      notes: [dirty, compared],
      ...programs,
    },
  )
}

const timing = { timeoutMs: 30_000, initialDelayMs: 0, intervalMs: 5000, deadlineMs: 120_000, successThreshold: 1 }
const checked = { ...timing, stableForMs: 0, severity: 'fail', when: ['after'], precondition: false } as const

/** What runs on the deploying machine: something of every kind, one new, one gone, one as before. */
const programs: Pick<Plan['body'], 'hooks' | 'checks' | 'lock' | 'ranBefore'> = {
  hooks: [
    { on: ['before.run'], run: ['./hooks/gate.sh', '--strict'], timeoutMs: 30_000, onError: 'fail' },
    { on: ['run.finished'], run: ['ntfy', 'publish', 'home lab'], timeoutMs: 30_000, onError: 'ignore' },
  ],
  checks: {
    ssh: {
      ...checked,
      type: 'command',
      run: 'set -e\nssh deployer@10.99.0.8 true\npassword=hunter2 ./probe.sh',
      protocol: 'exit',
      from: 'operator',
      vars: {},
    },
    units: { ...checked, type: 'module', path: './checks/units.mjs', with: { least: 3 } },
  },
  lock: { http: 'https://locks.example.net/home-lab' },
  ranBefore: {
    of: 'the plan applied last',
    entries: [
      { kind: 'hook', name: 'run.finished', what: "ntfy publish 'home lab'" },
      { kind: 'module', name: 'units', what: './checks/units.mjs {"least":3}' },
      { kind: 'lock', name: '', what: 'https://locks.example.net/home-lab' },
      { kind: 'hook', name: 'before.wave', what: './hooks/ask.sh' },
    ],
  },
}

/** A change of which every key says that it is not known. */
export function nothingKnown(): Plan {
  return samplePlan({
    'grey-area': changed('grey-area', unknownDiff()),
    'sleeper-service': unchanged('sleeper-service'),
  })
}

/** Every commit changes a system that holds the revision it was made from. */
export function stampOnly(): Plan {
  const diff = sampleDiff({ kind: 'stamp', causes: [] })
  return samplePlan({ one: changed('one', diff), two: changed('two', diff), three: unchanged('three') })
}

/** Twelve hosts in three waves that share three changes, of different sizes. */
export function threeGroups(): Plan {
  const names = Array.from({ length: 12 }, (_, index) => `web-${String(index + 1).padStart(2, '0')}`)
  const opened = sampleDiff({
    exact: false,
    kind: 'configuration',
    firewall: { opened: ['tcp/8443'], closed: [], enabled: null },
    etc: [{ path: 'nginx/nginx.conf', change: 'changed', inherited: false, patch: nginxPatch }],
    sizeDelta: null,
    download: null,
    causes: null,
  })
  const bump = sampleDiff({
    kind: 'packages',
    packages: [{ name: 'openssl', from: ['3.6.2'], to: ['3.6.2.1'], direction: 'up', selected: false }],
    units: {
      restarted: Array.from({ length: 38 }, (_, index) => `service-${String(index).padStart(2, '0')}.service`),
      stopped: [],
      started: [],
      reloaded: [],
      notStopped: [],
      pathsOnly: Array.from({ length: 38 }, (_, index) => `service-${String(index).padStart(2, '0')}.service`),
    },
  })
  const drafts: Record<string, Draft<HostPlan>> = {}
  for (const [index, name] of names.entries()) {
    const causes = [{ name: 'openssl', from: '3.6.2', to: '3.6.2.1', rebuilds: 2200 + index }]
    drafts[name] =
      index % 3 === 0
        ? changed(name, forgejo)
        : index % 3 === 1
          ? changed(name, { ...bump, sizeDelta: 1024 * 1024 * (index + 1), causes })
          : changed(name, opened)
  }
  return samplePlan(drafts, [
    sampleWave('canary', names.slice(0, 2)),
    sampleWave('half', names.slice(2, 6)),
    sampleWave('rest', names.slice(6), { batches: [1, 6] }),
  ])
}
