import { readFileSync } from 'node:fs'
import { changed, sampleDiff, samplePlan, storePath, unchanged, unevaluated, unreachable } from '../rig/samples/plan.ts'
import { answered, sampleStatus } from '../rig/samples/status.ts'
import { brokenCanary, twoWaves } from '../views/history/sample-stories.ts'

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

const diff = sampleDiff({
  etc: [{ path: 'issue', change: 'changed', patch: '@@ -1 +1 @@\n-a\n+b\n', inherited: false }],
})
/** A plan of every kind of host. */
export const plan = samplePlan({
  web: changed('web', diff),
  db: unchanged('db'),
  mail: unreachable('mail', 'in the cellar'),
  old: unevaluated('old'),
})

/** What `fleet status --json` writes. */
export const status = sampleStatus([['all', ['web', 'db']]], {
  web: answered({ failedUnits: ['a.service'] }, { drifted: true }),
  db: {
    reach: 'unreachable',
    wave: 'all',
    note: 'x',
    lastRun: null,
    failure: { code: 'ssh/no-answer', summary: 'no answer', detail: 'd' },
  },
})

/** Journals of two runs. */
export const journals = [twoWaves(), brokenCanary()].map(({ events }) =>
  events.map((event) => JSON.stringify(event)).join('\n'),
)

/** What a host answers when it is observed. */
export const said = [
  'system=/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web-25.05',
  'profile=/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web-25.05',
  'generation=41',
  'profile-age=3600',
  'hostname=web',
  'platform=x86_64-linux',
  'failed-unit=nginx.service',
  'free-nix=1000000',
  'clock=1767225600',
  'root=yes',
  'booted=/run/booted-system',
  'unit=nginx.service /nix/store/x',
  'etc=issue\t/nix/store/y',
].join('\n')

/** What deploy printed. */
export const transcripts = [
  'activation-failed-rolled-back',
  'success-magic',
  'ssh-unreachable-copy',
  'eval-failed',
].map((name) => file(`test/golden/deploy-rs/${name}.txt`))

/** What `nix eval` prints. */
export const evaluation = {
  drv: storePath('a', 'nixos-system-web-25.05.drv'),
  out: storePath('a', 'nixos-system-web-25.05'),
  platform: 'x86_64-linux',
  release: '25.05',
  kernelVersion: '6.12',
  kernelParams: ['quiet'],
  packages: ['git-2.51.0', ''],
  warnings: ['old option'],
  facts: {
    firewall: { enabled: true, tcp: ['22'], udp: [] },
    users: ['root'],
    units: ['nginx.service'],
    etc: ['issue'],
  },
  deployRs: { missing: 'node', known: ['web'] },
}
/** What `nix flake metadata --json` prints. */
export const metadata = {
  url: 'git+file:///x?rev=0',
  resolvedUrl: 'git+file:///x',
  path: storePath('c', 'source'),
  revision: '0',
  lastModified: 1_767_225_600,
  locked: { narHash: 'sha256-x', rev: '0', lastModified: 1 },
}

/** A derivation as it lies in the store. */
export const derivation =
  'Derive([("out","/nix/store/a-x","","")],[("/nix/store/b-y.drv",["out"])],["/nix/store/c-z"],"x86_64-linux","/bin/sh",["-e","/nix/store/d.sh"],[("name","x"),("text","a\\nb"),("__json","{\\"a\\":[1]}")])'
/** A unit file. */
export const unit =
  '[Unit]\nDescription=x\nAfter=a.service \\\n  b.service\n\n[Service]\nExecStart=\nExecStart=/bin/x\n; c\n# d\nEnvironment="A=b"\n[Install]\nWantedBy=multi-user.target\n'
/** A path as the store registers it. */
export const registration = '/nix/store/a-x\n\n120\n/nix/store/b.drv\n1\n/nix/store/a-x\n'
/** Files of fleet.yaml, right and wrong. */
export const fleets = [
  file('test/golden/broken/several-at-once/fleet.yaml'),
  file('test/golden/broken/quotes-missing/fleet.yaml'),
  `version: 1
name: home-lab
defaults: { engine: nix, ssh: { user: admin, options: { Compression: 'yes' } }, vars: { port: '80' } }
groups: { servers: { hosts: [web-*, '!web-2'], maxUnavailable: 50% } }
hosts:
  web-1: { address: [web-1.example.net, 10.0.0.1], checks: [web], dependsOn: [db] }
  web-2: { onUnreachable: skip, note: often asleep }
  db: { expectHostname: false, activation: { timeout: 10m } }
waves:
  - { name: canary, hosts: [db, web-1], bakeTime: 5m }
  - { name: rest, hosts: ['*'], maxParallel: 25%, promotion: manual }
checks:
  web: { type: http, url: 'http://{{host.address}}:{{vars.port}}/', deadline: 2m }
hooks:
  - { on: [before.run], run: [./freeze, --now], timeout: 10s }
`,
]
