import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { flakeFor, fleetNameOf } from '../../../src/cli/open/flake-name.ts'

test.each([
  ['/srv/home-lab', 'home-lab'],
  ['/srv/infra?dir=fleet', 'fleet'],
  ['github:owner/repository', 'repository'],
  ['github:owner/repository/main?dir=x', 'repository'],
  ['git+ssh://git.example.net:2222/anna/home-lab.git?ref=main', 'home-lab'],
  ['https://flakehub.com/f/owner/servers', 'servers'],
  ['flake:lab', 'lab'],
  ['lab', 'lab'],
])('the fleet of %s is called %s', (flake, name) => expect(fleetNameOf(flake)).toBe(name))

test('that of the folder one stands in has the name of the folder', () => {
  expect(fleetNameOf('.')).toBe(basename(process.cwd()))
})

test.each([
  ['fleet.yaml', '.', '.'],
  ['fleet.yaml', './infra', './infra'],
  ['fleet.yaml', 'path:./infra', 'path:./infra'],
  ['deploy/fleet.yaml', '.', '..'],
  ['deploy/fleet.yaml', './infra?dir=x', '../infra?dir=x'],
  ['infra/fleet.yaml', './infra', '.'],
  ['/tmp/fleet.yaml', '/srv/infra', '/srv/infra'],
  ['fleet.yaml', 'github:owner/repository', 'github:owner/repository'],
])('in %s, %s is %s', (file, flake, written) => expect(flakeFor(file, flake)).toBe(written))
