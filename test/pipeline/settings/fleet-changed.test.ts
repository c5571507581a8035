import { expect, test } from 'vitest'
import type { Fleet } from '../../../src/model/fleet/fleet.ts'
import { fleetChanged } from '../../../src/pipeline/settings/fleet-changed.ts'
import { changed, samplePlan, sampleSettings } from '../../rig/samples/plan.ts'

const { body } = samplePlan({ web: changed('web'), db: changed('db') })

/** A fleet of these hosts, by name, at these addresses; null: disabled. */
function fleetOf(addresses: Readonly<Record<string, string | null>>): Fleet {
  const place = { file: 'fleet.yaml', line: 1, column: 1, length: 1, text: '' }
  const hosts = Object.entries(addresses).map(([name, address]) => ({
    name,
    enabled: address !== null,
    hostnameFrom: 'configuration' as const,
    settings: sampleSettings(name, { address: [address ?? name] }),
    place,
  }))
  const { name, waves, groups, checks, hooks, lock } = body
  return {
    name,
    flake: '.',
    attribute: 'nixosConfigurations',
    directory: '/',
    hosts,
    groups,
    checks,
    hooks,
    waves,
    lock,
  }
}

test('a fleet.yaml that says the same of hosts and addresses is no news', () => {
  expect(fleetChanged(fleetOf({ web: 'web', db: 'db' }), body)).toEqual([])
})

test('hosts that came, went or moved since the plan are warnings', () => {
  const found = fleetChanged(fleetOf({ web: '10.0.0.9', db: null, mail: 'mail' }), body)
  expect(found.map(({ severity, host, detail }) => `${severity} ${host}: ${detail}`)).toEqual([
    'warning web: web has address 10.0.0.9 in fleet.yaml; the plan has web, and that is used.',
    'warning db: db is in the plan and no longer in fleet.yaml. The plan is what is rolled out.',
    'warning mail: mail is in fleet.yaml and not in the plan. It is left alone; plan again to include it.',
  ])
})
