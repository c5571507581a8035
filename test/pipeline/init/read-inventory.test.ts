import { expect, test } from 'vitest'
import { failed } from '../../../src/model/failure.ts'
import type { Outline, Question } from '../../../src/model/inventory/facts.ts'
import type { Source } from '../../../src/model/plan/plan-schema.ts'
import { readInventory } from '../../../src/pipeline/init/read-inventory.ts'
import type { Inventory } from '../../../src/ports/init/inventory.ts'

const never = new AbortController().signal
const source: Source = {
  original: '.',
  flake: 'path:/nix/store/x',
  rev: null,
  narHash: null,
  dirty: false,
  lastModified: null,
  storePath: null,
}
const nowhere = { configuration: [], hive: [], module: [], node: [], machine: [], darwin: [] }

/** A flake of which some names end the evaluation that asks for them; `asked` is what each evaluation was asked. */
function flake(names: Partial<Outline['names']>, bad: readonly string[] = []) {
  const asked: string[][] = []
  const inventory: Inventory = {
    lock: () => Promise.resolve({ ok: true, value: source }),
    outline: () => Promise.resolve({ names: { ...nowhere, ...names }, failures: new Map() }),
    read(_source, questions: readonly Question[]) {
      asked.push(questions.map(({ name }) => name))
      const wrong = questions.find(({ name }) => bad.includes(name))
      return Promise.resolve(
        wrong === undefined
          ? { ok: true as const, value: questions.map(({ name }) => ({ hostName: name, nixinate: null })) }
          : failed('evaluate/failed', 'evaluation failed', `${wrong.name} is broken`),
      )
    },
  }
  return { inventory, asked }
}

test('a name that does not evaluate costs that name alone', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const { inventory, asked } = flake({ configuration: names }, ['b'])
  const found = await readInventory({ flake: '.', directory: '/', from: 'auto' }, inventory, never)
  if (!found.ok) throw new Error(found.failure.detail)
  const told = found.value.told.configuration
  expect([...told.keys()]).toEqual(names)
  expect(told.get('b')).toMatchObject({ detail: 'b is broken' })
  expect(told.get('c')).toMatchObject({ hostName: 'c' })
  expect(asked.filter((one) => one.includes('b'))).toEqual([['a', 'b', 'c', 'd'], ['a', 'b'], ['b']])
})

test.each([
  [{ node: ['a'], hive: ['a'], machine: ['a'], configuration: ['a'] }, 'deploy-rs'],
  [{ hive: ['a'], machine: ['a'], configuration: ['a'] }, 'colmena'],
  [{ machine: ['a'], configuration: ['a'] }, 'clan'],
  [{ configuration: ['a'] }, 'nixos'],
] as const)('of %o the first source is taken', async (names, origin) => {
  const found = await readInventory({ flake: '.', directory: '/', from: 'auto' }, flake(names).inventory, never)
  expect(found).toMatchObject({ ok: true, value: { origin } })
})

test.each([
  ['auto', {}, 'none of `deploy.nodes`, a hive of Colmena, an inventory of clan or `nixosConfigurations`'],
  ['nixos', {}, 'The flake has no `nixosConfigurations`.'],
  ['deploy-rs', { configuration: ['a'] }, 'The flake has no `deploy.nodes`.'],
  ['colmena', { configuration: ['a'] }, 'neither `colmenaHive` nor `colmena`'],
  ['clan', { configuration: ['a'] }, 'no inventory of clan'],
  ['nixinate', { configuration: ['a'] }, 'No configuration has `_module.args.nixinate`.'],
  ['auto', { module: ['a'] }, 'Add one line to the outputs: colmenaHive = colmena.lib.makeHive self.outputs.colmena;'],
] as const)('--from %s on %o says what is missing', async (from, names, detail) => {
  expect(await readInventory({ flake: '.', directory: '/', from }, flake(names).inventory, never)).toMatchObject({
    ok: false,
    failure: { code: 'init/no-hosts', detail: expect.stringContaining(detail) as string },
  })
})
