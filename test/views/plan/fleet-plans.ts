import type { Diff, Failure, HostPlan, Note, PackageChange, Plan } from '../../../src/model/plan/plan-schema.ts'
import {
  changed,
  type Draft,
  sampleDiff,
  sampleObserved,
  samplePlan,
  sampleSettings,
  sampleWave,
  storePath,
  unchanged,
  unevaluated,
  unreachable,
} from '../../rig/samples/plan.ts'

/** Three hosts: one is up to date, one takes a small update, one does not answer. */
export function homeLab(): Plan {
  const forgejo = sampleDiff({
    exact: false,
    kind: 'packages',
    packages: [{ name: 'forgejo', from: ['11.0.7'], to: ['11.0.8'], direction: 'up', selected: true }],
    units: {
      restarted: ['forgejo.service'],
      stopped: [],
      started: [],
      reloaded: [],
      pathsOnly: ['forgejo.service'],
    },
  })
  const failure: Failure = {
    code: 'ssh/connection-refused',
    summary: 'connection refused',
    detail: 'ssh to 127.209.0.3: ssh: connect to host 127.209.0.3 port 7022: Connection refused',
  }
  const laptop = { ...unreachable('laptop'), failure, settings: sampleSettings('laptop', { note: 'often asleep' }) }
  return samplePlan({ 'web-1': unchanged('web-1'), 'web-2': changed('web-2', forgejo), laptop }, [
    sampleWave('canary', ['web-1'], { bakeTimeMs: 2000 }),
    sampleWave('rest', ['web-2', 'laptop']),
  ])
}

const up = (name: string, from: string, to: string): PackageChange => ({
  name,
  from: [from],
  to: [to],
  direction: 'up',
  selected: false,
})

/** What a new nixpkgs does to a host: the kernel, some libraries, and 210 packages that nobody chose. */
const bumped: readonly PackageChange[] = [
  up('linux', '6.12.58', '6.12.61'),
  up('openssl', '3.6.2', '3.6.2.1'),
  up('openssh', '10.0p2', '10.1p1'),
  up('systemd', '258.1', '258.2'),
  ...Array.from({ length: 212 }, (_, index) => up(`library-${String(index).padStart(3, '0')}`, '1.0', '1.1')),
]

function bumpOf(name: string, index: number, more: readonly PackageChange[] = []): Draft<HostPlan> {
  const own = [
    'nginx.service',
    'postgresql.service',
    'sshd.service',
    'cron.service',
    'dbus.service',
    'getty@tty1.service',
  ]
  const inherited = Array.from({ length: 38 }, (_, at) => `service-${String(at).padStart(2, '0')}.service`)
  const units = [...own, ...more.map((change) => `${change.name}.service`)]
  const diff: Diff = {
    ...sampleDiff({ kind: 'reboot', exact: false, packages: [...bumped, ...more] }),
    sizeDelta: (11 + (index % 54)) * 1024 * 1024,
    download: (640 + (index % 63)) * 1024 * 1024,
    etc: null,
    firewall: null,
    units: { restarted: [...units, ...inherited], stopped: [], started: [], reloaded: [], pathsOnly: inherited },
    reboot: { needed: true, because: ['kernel 6.12.58 → 6.12.61'], state: 'needed' },
    // The toplevel of each host says of itself that it changed, by a name that holds the host's.
    causes: [
      { name: 'openssl', from: '3.6.2', to: '3.6.2.1', rebuilds: 2200 + index },
      { name: `nixos-system-${name}`, from: '25.05.20251030.a1b2c3d', to: '25.05.20251121.0f1e2d3', rebuilds: 0 },
    ],
  }
  const system = storePath('b', `nixos-system-${name}-25.05.20251121.0f1e2d3`)
  return changed(name, diff, {
    from: sampleObserved(name, { release: '25.05.20251030.a1b2c3d' }),
    to: { ...changed(name).to, system, profile: system, release: '25.05.20251121.0f1e2d3' },
  })
}

const drifted: Note = {
  code: 'drift/unrecorded',
  severity: 'warning',
  summary: 'runs a system that fleet has no record of deploying',
  detail: 'The plan would replace it.',
}

const nixpkgs: Note = {
  code: 'source/input-changed',
  severity: 'info',
  summary: 'input nixpkgs: a1b2c3d of 2025-10-30 → 0f1e2d3 of 2025-11-21',
  detail: 'Since 9be31f0.',
}

/** Forty hosts in four waves after an update of nixpkgs: 36 of them share one change. */
export function upgrade(): Plan {
  const web = Array.from({ length: 30 }, (_, index) => `web-${String(index + 1).padStart(2, '0')}`)
  const names = ['canary-1', 'canary-2', ...web, 'db-2', 'db-3', 'db-4', 'db-5', 'git-1', 'db-1', 'edge-2', 'edge-3']
  const forgejo: PackageChange = { name: 'forgejo', from: ['11.0.7'], to: ['11.0.8'], direction: 'up', selected: true }
  const drafts: Record<string, Draft<HostPlan>> = {}
  for (const [index, name] of names.entries()) drafts[name] = bumpOf(name, index, name === 'git-1' ? [forgejo] : [])
  const failure: Failure = {
    code: 'evaluate/failed',
    summary: "attribute 'pgvector' missing",
    detail: "error: attribute 'pgvector' missing\nat machines/db-1/postgres.nix:41",
  }
  const far = unreachable('edge-3', 'serial console in the VPS panel')
  const git = {
    ...bumpOf('git-1', 5, [forgejo]),
    settings: sampleSettings('git-1', { checks: ['ssh', 'units', 'forgejo'] }),
  }
  const waves = [
    sampleWave('canary', names.slice(0, 2), { bakeTimeMs: 600_000 }),
    sampleWave('web', web, { batches: [1, 8, 30] }),
    sampleWave('data', names.slice(32, 38), { promotion: 'manual', maxParallel: 1 }),
    sampleWave('edge', ['edge-2', 'edge-3']),
  ]
  return samplePlan(
    {
      ...drafts,
      'git-1': git,
      'web-07': { ...bumpOf('web-07', 9), notes: [drifted] },
      'db-1': { ...unevaluated('db-1'), failure },
      'edge-2': unchanged('edge-2'),
      'edge-3': far,
    },
    waves,
    {
      name: 'prod',
      source: { ...samplePlan({}).body.source, original: 'git+https://git.example.net/prod' },
      notes: [nixpkgs],
    },
  )
}
