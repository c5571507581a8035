import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fleetOf, library, outcomeOf, wrong } from '../../../rig/files/fleet-file.ts'

const details = (body: string): readonly string[] =>
  outcomeOf(`version: 1\nname: home-lab\n${body}`).diagnostics.map(({ detail }) => detail)

test('a ready-made check that a host names is in the fleet with all its keys, and no other one is', () => {
  const { checks } = fleetOf('hosts: { a: { checks: [builtin/load, builtin/sshd] } }\n')
  expect(Object.keys(checks)).toEqual(['ssh', 'units', 'builtin/load', 'builtin/sshd'])
  expect(checks['builtin/load']).toMatchObject({
    type: 'command',
    from: 'host',
    protocol: 'exit',
    severity: 'warn',
    vars: { maxLoadPerCore: '1.25', maxLoad: '' },
    run: expect.stringContaining('/proc/loadavg') as string,
  })
  expect(checks['builtin/sshd']).toMatchObject({ type: 'systemd', active: ['sshd.service'], failedUnits: 'ignore' })
})

test('a check list of the defaults, a group or a host brings its ready-made checks', () => {
  const { checks } = fleetOf(
    'defaults: { checks: [builtin/load] }\nhosts: { a: {}, b: { checks: [builtin/nginx] } }\ngroups: { g: { hosts: [a], checks: [builtin/uptime] } }\n',
  )
  expect(Object.keys(checks)).toEqual(['ssh', 'units', 'builtin/load', 'builtin/uptime', 'builtin/nginx'])
})

test('an entry changes some keys of a ready-made check and keeps the rest', () => {
  const { checks } = fleetOf(`hosts: { a: { checks: [disk] } }
checks:
  disk: { use: builtin/disk-space, vars: { maxUse: "85" }, severity: warn, timeout: 40s }
`)
  expect(Object.keys(checks)).toEqual(['ssh', 'units', 'disk'])
  expect(checks['disk']).toMatchObject({
    type: 'command',
    severity: 'warn',
    timeoutMs: 40_000,
    vars: { mounts: '/ /nix /boot', maxUse: '85' },
  })
})

test('one made from another keeps what it does not change, the script too', () => {
  const { checks } = fleetOf('hosts: { a: { checks: [builtin/nextcloud, builtin/web-service] } }\n')
  expect(checks['builtin/nextcloud']).toMatchObject({
    run: (checks['builtin/web-service'] as { run: string }).run,
    stableForMs: 10_000,
    vars: { serviceUnit: 'phpfpm-nextcloud.service', serviceStatus: '200' },
  })
})

test('a ready-made check that does not exist is told with the nearest name', () => {
  const body = 'hosts: { a: { checks: [builtin/disk-spce, nginx] } }\nchecks: { c: { use: builtin/zzzzzz } }\n'
  expect(wrong(body)).toEqual(['3 config/unknown-check', '3 config/unknown-check', '4 config/unknown-check'])
  expect(details(body)).toEqual([
    'There is no built-in check `builtin/disk-spce`. Did you mean `builtin/disk-space`?',
    'There is no check `nginx`. Did you mean `builtin/nginx`?',
    'There is no built-in check `builtin/zzzzzz`. `fleet check --list` lists them.',
  ])
})

test('a variable that a ready-made check does not have is an error: nothing would read it', () => {
  const body = (entry: string) => `hosts: { a: { checks: [c] } }\nchecks:\n  c: ${entry}\n`
  expect(wrong(body('{ use: builtin/disk-space, vars: { maxuse: "85" } }'))).toEqual(['5 config/unknown-variable'])
  expect(details(body('{ use: builtin/disk-space, vars: { maxuse: "85" } }'))).toEqual([
    '`builtin/disk-space` has no variable `maxuse`. Did you mean `maxUse`?',
  ])
  expect(wrong(body('{ use: builtin/reachable, vars: { port: "22" } }'))).toEqual(['5 config/unknown-variable'])
})

test('times that contradict those of the ready-made check are an error', () => {
  const body = 'hosts: { a: { checks: [c] } }\nchecks:\n  c: { use: builtin/disk-space, deadline: 5s }\n'
  expect(wrong(body)).toEqual(['5 config/never-passes'])
})

test('a ready-made check asks a host, so it cannot guard a wave', () => {
  const body = 'hosts: { a: {} }\nwaves: [{ name: w, hosts: [a], checks: [builtin/load] }]\n'
  expect(wrong(body)).toEqual(['4 config/gate-check'])
})

test.each(library.names)('%s is a check that a fleet.yaml could hold, described in one line', (name) => {
  const ready = library.find(name)
  expect(ready?.description).toMatch(/^[A-Z].{10,90}\.$/i)
  const file = JSON.stringify({
    version: 1,
    name: 'home-lab',
    hosts: { a: { checks: ['c'] } },
    checks: { c: ready?.check },
  })
  expect(outcomeOf(file)).toMatchObject({ ok: true, diagnostics: [] })
  const described = readFileSync(new URL('../../../../docs/reference/builtin-checks.md', import.meta.url), 'utf8')
  expect(described).toContain(`\`${name}\``)
})
