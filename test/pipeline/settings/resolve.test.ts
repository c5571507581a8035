import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { HostSettings, Wave } from '../../../src/model/plan/plan-schema.ts'
import { fleetOf, outcomeOf, wrong } from '../../rig/files/fleet-file.ts'

function settingsOf(body: string, host: string): HostSettings {
  const found = fleetOf(body).hosts.find(({ name }) => name === host)
  if (found === undefined) throw new Error(`no host ${host}`)
  return found.settings
}

function wavesOf(body: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(fleetOf(body).waves.map(({ name, hosts }) => [name, hosts]))
}

test('a ten-line file gets every default of the contract', () => {
  const fleet = fleetOf('flake: .\nhosts:\n  web-1: { address: 10.0.0.1 }\n  web-2:\n')
  expect(fleet).toMatchObject({
    flake: '.',
    attribute: 'nixosConfigurations',
    directory: '/srv/lab',
    hooks: [],
    lock: null,
    groups: {},
  })
  expect(fleet.hosts[1]?.settings).toEqual({
    address: ['web-2'],
    attribute: 'web-2',
    note: null,
    dependsOn: [],
    ssh: { user: null, port: null, identityFile: null, connectTimeoutMs: 5000, hostKey: null, options: {} },
    sudo: 'auto',
    local: 'auto',
    expectHostname: 'web-2',
    engine: 'deploy-rs',
    deployRs: { node: 'web-2', profile: 'system', flake: null },
    mode: 'switch',
    activation: { autoRollback: true, magicRollback: true, confirmTimeoutMs: 30_000, timeoutMs: 240_000 },
    buildOn: 'operator',
    substituteOnTarget: true,
    onUnreachable: 'fail',
    onInhibitors: 'refuse',
    reboot: 'never',
    checks: ['ssh', 'units'],
    vars: {},
  } satisfies HostSettings)
  expect(fleet.waves).toEqual([
    {
      name: 'all',
      hosts: ['web-1', 'web-2'],
      maxParallel: 4,
      batches: [],
      maxFailures: 0,
      rollback: 'host',
      bakeTimeMs: 0,
      promotion: 'auto',
      progressDeadlineMs: 1_800_000,
      checks: [],
    } satisfies Wave,
  ])
  expect(fleet.checks['units']).toEqual({
    type: 'systemd',
    timeoutMs: 10_000,
    initialDelayMs: 0,
    intervalMs: 5000,
    deadlineMs: 120_000,
    successThreshold: 1,
    stableForMs: 0,
    severity: 'fail',
    when: ['before', 'after'],
    precondition: false,
    failedUnits: 'new',
    active: [],
  })
})

test('the fleet.yaml of the repository is sound, without a warning', () => {
  const outcome = outcomeOf(readFileSync(new URL('../../../fleet.yaml', import.meta.url), 'utf8'))
  expect(outcome.diagnostics).toEqual([])
  expect(outcome.ok && outcome.value.waves.map(({ hosts }) => hosts)).toEqual([
    ['limiting-factor'],
    ['sleeper-service', 'grey-area', 'reverse-proxy'],
    ['little-rascal', 'congenital-optimist'],
  ])
})

test('a host wins over its groups, they over the defaults; maps merge by key, lists replace', () => {
  const settings = settingsOf(
    `defaults: { mode: boot, sudo: none, reboot: when-needed, checks: [ssh], vars: { a: "1", b: "1", c: "1" }, ssh: { user: x, port: 1, options: { A: "1", B: "1" } } }
hosts:
  h: { mode: test, checks: [units], vars: { a: "3" }, ssh: { port: 3, options: { A: "3" } }, activation: { timeout: 60s } }
groups:
  g: { hosts: [h], mode: switch, sudo: doas -n, vars: { a: "2", b: "2" }, ssh: { port: 2, options: { C: 2 } }, activation: { timeout: 5m, autoRollback: false } }
`,
    'h',
  )
  expect(settings).toMatchObject({ mode: 'test', sudo: 'doas -n', reboot: 'when-needed', checks: ['units'] })
  expect(settings.vars).toEqual({ a: '3', b: '2', c: '1' })
  expect(settings.ssh).toMatchObject({ user: 'x', port: 3, options: { A: '3', B: '1', C: '2' } })
  expect(settings.activation).toEqual({
    autoRollback: false,
    magicRollback: true,
    confirmTimeoutMs: 30_000,
    timeoutMs: 60_000,
  })
})

test('two groups may agree, and disagree only where the host decides', () => {
  const groups = 'groups:\n  a: { hosts: ["*"], mode: boot }\n  b: { hosts: ["*"], mode: test }\n'
  expect(wrong(`hosts: { x: {}, y: {} }\n${groups}`)).toEqual(['6 config/conflicting-groups'])
  expect(wrong(`hosts: { x: { mode: switch } }\n${groups}`)).toEqual([])
  expect(wrong(`hosts: { x: {} }\n${groups.replace('test', 'boot')}`)).toEqual([])
})

test('expectHostname: false turns the guard off', () => {
  expect(settingsOf('hosts: { x: { expectHostname: false } }\n', 'x').expectHostname).toBeNull()
  expect(wrong('hosts: { x: { expectHostname: true } }\n')).toEqual(['3 config/bad-value'])
})

test('groups hold groups, whichever is written first', () => {
  const { groups } = fleetOf(
    'hosts: { a: {}, b: {}, c: { enabled: false }, d: {} }\ngroups:\n  all: { hosts: ["@ab", "c*", "!b"], maxUnavailable: 50% }\n  ab: { hosts: [b, a] }\n',
  )
  expect(groups['all']).toEqual({ hosts: ['a', 'c'], maxUnavailable: 1 })
  expect(groups['ab']).toEqual({ hosts: ['b', 'a'], maxUnavailable: null })
})

test('a glob or group takes the hosts that no earlier wave has taken', () => {
  const waves = 'hosts: { a: {}, b: {}, c: {}, d: { enabled: false } }\ngroups: { ab: { hosts: [a, b] } }\nwaves:\n'
  expect(
    wavesOf(
      `${waves}  - { name: 1, hosts: [b] }\n`.replace('name: 1', 'name: "1"') +
        '  - { name: "2", hosts: ["@ab"] }\n  - { name: "3", hosts: ["*"] }\n',
    ),
  ).toEqual({
    1: ['b'],
    2: ['a'],
    3: ['c'],
  })
})

test('a host outright in two waves, a wave without hosts and a host without wave are errors', () => {
  const hosts = 'hosts:\n  a: {}\n  b: {}\nwaves:\n'
  expect(wrong(`${hosts}  - { name: x, hosts: [a] }\n  - { name: y, hosts: [a, b] }\n`)).toEqual([
    '8 config/host-in-two-waves',
  ])
  expect(wrong(`${hosts}  - { name: x, hosts: ["*"] }\n  - { name: y, hosts: ["*"] }\n`)).toEqual([
    '8 config/empty-wave',
  ])
  expect(wrong(`${hosts}  - { name: x, hosts: ["*"] }\n  - { name: y, hosts: ["*"], allowEmpty: true }\n`)).toEqual([])
  expect(wrong(`${hosts}  - { name: x, hosts: [a] }\n`)).toEqual(['5 config/host-in-no-wave'])
  expect(wrong(`${hosts}  - { name: x, hosts: [a] }\n  - { name: x, hosts: [b] }\n`)).toEqual([
    '8 config/duplicate-wave',
  ])
})

test('a mistake in a selector is not also told as a host without wave', () => {
  expect(wrong('hosts: { a: {}, b: {} }\nwaves:\n  - { name: x, hosts: [a, bb] }\n')).toEqual(['5 config/unknown-host'])
  expect(wrong('hosts: { a: {} }\ngroups: { g: { hosts: [aa] } }\nwaves: [{ name: x, hosts: ["@g"] }]\n')).toEqual([
    '4 config/unknown-host',
  ])
})

test('a fleet in which every host is disabled has nothing to roll out', () => {
  expect(wrong('hosts: { a: { enabled: false } }\n')).toEqual(['3 config/empty-wave'])
})

test('percentages are of the hosts of the wave, and batches end with all of them', () => {
  const ten = Array.from({ length: 10 }, (_, index) => `  h${index}:\n`).join('')
  const wave = (keys: string) => fleetOf(`hosts:\n${ten}waves: [{ name: w, hosts: ["*"], ${keys} }]\n`).waves[0]
  expect(wave('maxParallel: 25%, maxFailures: 5%')).toMatchObject({ maxParallel: 2, maxFailures: 0 })
  expect(wave('maxParallel: 5%, maxFailures: 20%')).toMatchObject({ maxParallel: 1, maxFailures: 2 })
  expect(wave('batches: [1, 25%, 100%]')?.batches).toEqual([1, 2, 10])
  expect(wave('batches: [1, 5%, 50%]')?.batches).toEqual([1, 5, 10])
  expect(wave('batches: [1, 40]')?.batches).toEqual([1, 10])
  expect(wrong(`hosts:\n${ten}waves: [{ name: w, hosts: ["*"], batches: [5, 25%] }]\n`)).toEqual([
    '14 config/bad-batches',
  ])
})

test('dependencies on a host that is unknown, disabled, later or the host itself are errors', () => {
  const lines = 'hosts:\n  a: { dependsOn: [aa] }\n  b: { dependsOn: [c] }\n  c: { enabled: false, dependsOn: [c] }\n'
  expect(wrong(lines)).toEqual(['4 config/unknown-host', '5 config/dependency-disabled', '6 config/dependency-cycle'])
  const waves = 'waves:\n  - { name: x, hosts: [a] }\n  - { name: y, hosts: [b] }\n'
  expect(wrong(`hosts:\n  a: { dependsOn: [b] }\n  b: {}\n${waves}`)).toEqual(['4 config/dependency-order'])
  expect(wrong(`hosts:\n  a: {}\n  b: { dependsOn: [a] }\n${waves}`)).toEqual([])
})

test('a chain of thousands of hosts is not a circle, and takes no time', () => {
  const hosts = Array.from({ length: 5000 }, (_, index) => `  h${index}: { dependsOn: [h${index + 1}] }\n`).join('')
  const outcome = outcomeOf(`version: 1\nname: a\nhosts:\n${hosts}  h5000: {}\n`)
  expect(outcome.diagnostics).toEqual([])
})

test('hosts in a Nix file have the built-in engine, since others take a flake', () => {
  const { flake, hosts } = fleetOf('file: hive.nix\nhosts: { web: {} }\n')
  expect(flake).toBe('nix-file:hive.nix')
  expect(hosts[0]?.settings.engine).toBe('nix')
})

test('hosts in a Nix file are refused another engine where it is written, and a flake beside the file', () => {
  expect(wrong('file: hive.nix\ndefaults: { engine: deploy-rs }\nhosts: { web: {} }\n')).toEqual(['4 config/bad-value'])
  expect(wrong('file: hive.nix\nflake: .\nhosts: { web: {} }\n')).toEqual(['3 config/bad-value'])
})
