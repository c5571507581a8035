import { expect, test } from 'vitest'
import { load } from '../../../src/pipeline/settings/load.ts'
import { explainHost } from '../../../src/pipeline/settings/explain-host.ts'
import { resolve } from '../../../src/pipeline/settings/resolve.ts'
import { explainedText } from '../../../src/views/explain/host.ts'
import { library } from '../../rig/files/fleet-file.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { checked } from '../../rig/files/schema.ts'

const text = `version: 1
name: home-lab
defaults:
  engine: nix
  ssh: { user: admin, connectTimeout: 8s }
groups:
  web: { hosts: [web-*], maxUnavailable: 1, reboot: when-needed, vars: { site: example.net } }
checks:
  site: { type: http, url: "https://{{vars.site}}/" }
hosts:
  web-1: { address: [web-1.example.net, 203.0.113.9], note: console in the rack, checks: [ssh, units, site] }
  web-2: { ssh: { port: 2222 }, dependsOn: [web-1] }
  old: { enabled: false }
waves:
  - { name: canary, hosts: [web-1], bakeTime: 5m }
  - { name: rest, hosts: ["@web", "!web-1"], promotion: manual }
`

function explained(name: string) {
  const loaded = load(text, 'fleet.yaml')
  if (!loaded.ok) throw new Error('not loaded')
  const fleet = resolve(loaded.value, { directory: '/srv/lab', library })
  if (!fleet.ok) throw new Error(fleet.diagnostics.map(({ detail }) => detail).join())
  const host = fleet.value.hosts.find((one) => one.name === name)
  if (host === undefined) throw new Error(`no ${name}`)
  const runs = [{ run: '20261122T021400Z-9c1e', at: '2026-11-22T02:14:00.000Z', result: 'changed' }]
  return checked('explain', { format: '1.0', ...explainHost(loaded.value, fleet.value, host), runs })
}

test.each(['web-1', 'web-2', 'old'])('each setting of %s is told with the place that it comes from', (name) => {
  const style = { color: false, width: 100, verbose: false }
  expectGolden(`views/explain/${name}.txt`, explainedText(explained(name), style))
})

test('a value of a group wins over the defaults, and one of the host over both', () => {
  const { settings } = explained('web-2')
  const from = (key: string) => settings.find((setting) => setting.key === key)?.from
  expect(from('ssh.port')).toMatchObject({ what: 'host', line: 12 })
  expect(from('ssh.user')).toMatchObject({ what: 'defaults', line: 5 })
  expect(from('reboot')).toMatchObject({ what: 'group', name: 'web', line: 7 })
  expect(from('mode')).toMatchObject({ what: 'built-in', line: null })
})

test('every setting is told where all are asked for', () => {
  const text = explainedText(explained('web-2'), { color: false, width: 100, verbose: true })
  expect(text).toContain('ssh.hostKey')
})
