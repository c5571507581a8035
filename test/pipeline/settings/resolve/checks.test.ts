import { expect, test } from 'vitest'
import { sshConfig } from '../../../../src/adapters/ssh/config.ts'
import { fleetOf, outcomeOf, wrong } from '../../../rig/files/fleet-file.ts'

const check = (text: string) => wrong(`hosts: { a: { checks: [c] } }\nchecks:\n  c: ${text}\n`)

test('checks get the defaults of their type', () => {
  const { checks } = fleetOf(`hosts: { a: {} }
checks:
  web: { type: http, url: "http://{{host.address}}/" }
  port: { type: tcp, port: 22 }
  load: { type: command, run: [uptime] }
  own: { type: module, path: ./check.js }
  units: { type: systemd, stableFor: 10s }
`)
  expect(checks['web']).toMatchObject({
    method: 'GET',
    headers: {},
    expectStatus: [200],
    expectBody: null,
    insecure: false,
    from: 'operator',
  })
  expect(checks['port']).toMatchObject({ address: null, from: 'operator' })
  expect(checks['load']).toMatchObject({ protocol: 'exit', from: 'host', vars: {} })
  expect(checks['own']).toMatchObject({ path: './check.js', with: {} })
  expect(checks['units']).toMatchObject({ stableForMs: 10_000, failedUnits: 'new' })
  expect(Object.keys(checks)).toEqual(['ssh', 'units', 'web', 'port', 'load', 'own'])
})

test('times of a check that contradict each other are an error', () => {
  expect(check('{ type: ssh, timeout: 3m }')).toEqual(['5 config/never-passes'])
  expect(check('{ type: ssh, timeout: 0s }')).toEqual(['5 config/never-passes'])
  expect(check('{ type: ssh, timeout: 6s, deadline: 5s }')).toEqual(['5 config/never-passes'])
  expect(check('{ type: ssh, deadline: 5s }')).toEqual([])
  expect(check('{ type: ssh, stableFor: 2m }')).toEqual(['5 config/never-passes'])
  expect(check('{ type: ssh, initialDelay: 1m, stableFor: 1m }')).toEqual(['5 config/never-passes'])
  expect(check('{ type: ssh, successThreshold: 100 }')).toEqual(['5 config/never-passes'])
  expect(check('{ type: ssh, stableFor: 1m59s }')).toEqual([])
  expect(check('{ type: http, url: "http://a/", expectBody: "(" }')).toEqual(['5 config/bad-value'])
})

test('names of checks are known, and the type of those that every fleet has stays', () => {
  expect(wrong('hosts: { a: { checks: [sssh] } }\n')).toEqual(['3 config/unknown-check'])
  expect(wrong('hosts: { a: {} }\nchecks:\n  ssh: { type: tcp, port: 22 }\n')).toEqual(['5 config/bad-value'])
})

test('placeholders are known, and their variables set', () => {
  expect(check('{ type: http, url: "http://{{host.adress}}/" }')).toEqual(['5 config/unknown-placeholder'])
  expect(check('{ type: http, url: "http://{{vars.name}}/" }')).toEqual(['5 config/unknown-placeholder'])
  expect(check('{ type: command, run: [a, "{{vars.name}}"], vars: { name: b } }')).toEqual([])
  expect(
    wrong(
      'hosts: { a: { checks: [c], vars: { v: x } }, b: {} }\nchecks: { c: { type: http, url: "http://{{vars.v}}/" } }\n',
    ),
  ).toEqual([])
})

test('a check that needs a host cannot guard a wave', () => {
  const gate = (text: string) =>
    wrong(`hosts: { a: {} }\nchecks: { c: ${text} }\nwaves: [{ name: w, hosts: [a], checks: [c] }]\n`)
  expect(gate('{ type: ssh }')).toEqual(['5 config/gate-check'])
  expect(gate('{ type: command, run: [x] }')).toEqual(['5 config/gate-check'])
  expect(gate('{ type: http, url: "http://{{host.name}}/" }')).toEqual(['5 config/gate-check'])
  expect(gate('{ type: command, from: operator, run: [x] }')).toEqual([])
})

const option = (text: string) => wrong(`hosts: { a: { ssh: { options: { ${text} } } } }\n`)

test.each([
  'stricthostkeychecking: "NO"',
  'StrictHostKeyChecking: accept-new',
  'StrictHostKeyChecking: ask',
  'BatchMode: "no"',
  'ControlPath: x',
  'LocalCommand: x',
  'User: x',
  'Include: x',
  'NoHostAuthenticationForLocalhost: "yes"',
])('the ssh option %s would undo what fleet promises', (text) => {
  expect(option(text)).toEqual(['3 config/unsafe-ssh-option'])
})

test.each([
  'StrictHostKeyChecking: "yes"',
  'ProxyCommand: nc %h %p',
  'ProxyJump: edge',
  'ServerAliveInterval: 5',
  'PermitLocalCommand: "no"',
])('the ssh option %s is passed on', (text) => {
  expect(option(text)).toEqual([])
})

test('no ssh option loses silently to what fleet sets', () => {
  const { settings } = fleetOf('hosts: { a: }\n').hosts[0] ?? { settings: undefined }
  if (settings === undefined) throw new Error('no host')
  const set =
    sshConfig(
      { name: 'a', settings },
      { directory: '/srv', knownHosts: null, inherited: null, knowsGssapi: true },
    ).split('\nMatch')[0] ?? ''
  const names = [...set.matchAll(/^ {2}(\w+) /gm)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(10)
  const lost = [...names, 'LocalForward', 'RemoteForward', 'DynamicForward']
  const passed = lost.filter((name) => option(`${name}: something`).length === 0)
  expect(passed).toEqual([])
})

test('an ssh option that another spelling or a pinned key overrules is refused where it is written', () => {
  const key = `ssh-ed25519 ${Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.alloc(36)]).toString('base64')}`
  const pinned = (text: string) =>
    wrong(`defaults: { ssh: { options: { ${text} } } }\nhosts:\n  a: { ssh: { hostKey: "${key}" } }\n  b:\n`)
  expect(pinned('UserKnownHostsFile: known')).toEqual(['3 config/unsafe-ssh-option'])
  expect(pinned('HostKeyAlias: other')).toEqual(['3 config/unsafe-ssh-option'])
  expect(pinned('ProxyJump: edge')).toEqual([])
  expect(
    wrong(
      'defaults: { ssh: { options: { Compression: "yes" } } }\nhosts:\n  a: { ssh: { options: { compression: "no" } } }\n',
    ),
  ).toEqual(['5 config/unsafe-ssh-option'])
})

test('an ssh option cannot bring further ones along', () => {
  expect(option('ProxyJump: "a\\nLocalCommand x"')).toEqual(['3 config/bad-value'])
  expect(option('"-oA": x')).toEqual(['3 config/bad-name'])
})

test('a host key must be whole', () => {
  const blob = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32),
  ])
  const key = (text: string) => wrong(`hosts: { a: { ssh: { hostKey: "${text}" } } }\n`)
  expect(key(`ssh-ed25519 ${blob.toString('base64')}`)).toEqual([])
  expect(key('ssh-ed25519 AAAAC3Nza')).toEqual(['3 config/bad-value'])
  expect(key(`ssh-rsa ${blob.toString('base64')}`)).toEqual(['3 config/bad-value'])
  expect(key(`ssh-ed25519 ${blob.toString('base64')} root@host`)).toEqual(['3 config/bad-value'])
})

test('variables that the shell knows are refused', () => {
  expect(wrong('hosts: { a: { vars: { LD_PRELOAD: x, maxLoad: "3" } } }\n')).toEqual(['3 config/reserved-variable'])
})

test('localhost is a warning: the fleet resolves', () => {
  const outcome = outcomeOf('version: 1\nname: a\nhosts: { x: { address: localhost } }\n')
  expect(outcome).toMatchObject({ ok: true, diagnostics: [{ severity: 'warning', code: 'config/localhost' }] })
})

test('a lock whose URL holds a login is refused: every saved plan would hold it', () => {
  expect(wrong('hosts: { a: {} }\nlock: { http: "https://ana:secret@lock.example.net/lab" }\n')).toEqual([
    '4 config/bad-value',
  ])
})

test.each([
  ['git+https://ana:secret@git.example.net/lab', ['3 config/bad-value']],
  ['git+https://token@git.example.net/lab', ['3 config/bad-value']],
  ['git+ssh://git@git.example.net/lab', []],
])('a flake %s is refused where it holds a login', (flake, problems) => {
  expect(wrong(`flake: "${flake}"\nhosts: { a: {} }\n`)).toEqual(problems)
})

test('hooks and the lock are taken over', () => {
  const fleet = fleetOf(
    'hosts: { a: {} }\nlock: { http: "https://lock.example.net/lab" }\nhooks: [{ on: [before.wave, run.finished], run: [./notify.sh] }]\n',
  )
  expect(fleet.lock).toEqual({ http: 'https://lock.example.net/lab' })
  expect(fleet.hooks).toEqual([
    { on: ['before.wave', 'run.finished'], run: ['./notify.sh'], timeoutMs: 30_000, onError: 'ignore' },
  ])
})
