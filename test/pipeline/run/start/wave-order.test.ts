import { expect, test } from 'vitest'
import { outOfOrder } from '../../../../src/pipeline/run/start/wave-order.ts'
import { type DoubleWorld, worldOf } from '../../../rig/doubles/world.ts'
import { excluded, sampleSettings, sampleWave, storePath, unevaluated, unreachable } from '../../../rig/samples/plan.ts'

type More = NonNullable<Parameters<typeof worldOf>[1]>

/** A fleet of two waves: `one`, that bakes as long as is said, and `two`. */
function worldOfTwo(more: More = {}, bakeTimeMs = 0): DoubleWorld {
  return worldOf(['one', 'two'], {
    waves: [sampleWave('canary', ['one'], { bakeTimeMs }), sampleWave('rest', ['two'])],
    ...more,
  })
}

async function forbidden(world: DoubleWorld, wave = 'rest', skipBake = false): Promise<readonly string[]> {
  const found = await outOfOrder({ body: world.plan.body, wave, skipBake }, world.remote, new AbortController().signal)
  return found.map(({ code, host, detail }) => `${code} ${host}: ${detail}`)
}

function arrive(world: DoubleWorld): void {
  world.host('one').switchTo(storePath('b', 'nixos-system-one-25.05'))
}

const because = (reason: string) => [
  `apply/out-of-order one: Wave rest comes after wave canary, and one of that wave ${reason}.`,
]

test('the first wave comes after none', async () => {
  const world = worldOfTwo()
  expect(await forbidden(world, 'canary')).toEqual([])
  expect(world.host('one').questions).toBe(0)
})

test('a later wave may start when the earlier hosts run what is planned', async () => {
  const world = worldOfTwo()
  arrive(world)
  expect(await forbidden(world)).toEqual([])
})

test('a later wave may not start while an earlier host runs something else', async () => {
  expect(await forbidden(worldOfTwo())).toEqual(because('does not run its planned system yet'))
})

test('a host that does not answer forbids it, unless it may be skipped', async () => {
  const world = worldOfTwo()
  world.host('one').silent = 1
  expect(await forbidden(world)).toEqual(because('did not answer (no answer)'))
  const lenient = worldOfTwo({ settings: { onUnreachable: 'skip' } })
  lenient.host('one').silent = 1
  expect(await forbidden(lenient)).toEqual([])
})

test.each([
  [599, because('has not baked long enough: 1s of bakeTime are missing')],
  [600, []],
  [null, because('does not report since when it runs its planned system (bakeTime): check its clock')],
])('a host whose profile is %s s old, of a wave that bakes for 600 s', async (profileAge, expected) => {
  const world = worldOfTwo({}, 600_000)
  arrive(world)
  world.host('one').profileAge = profileAge
  expect(await forbidden(world)).toEqual(expected)
})

test('a host whose age nobody knows is no obstacle in a wave that does not bake', async () => {
  const world = worldOfTwo()
  arrive(world)
  world.host('one').profileAge = null
  expect(await forbidden(world)).toEqual([])
})

test('a host that was silent when the plan was made is asked now', async () => {
  const world = worldOfTwo({ hosts: { one: { ...unreachable('one'), settings: sampleSettings('one') } } })
  arrive(world)
  expect(await forbidden(world)).toEqual([])
})

test.each([
  [excluded('one', 'not selected'), 'is not in this plan: plan without --wave, and choose with `apply --wave`'],
  [unevaluated('one'), 'does not evaluate'],
])('a host about which the plan knows nothing forbids it', async (one, reason) => {
  expect(await forbidden(worldOfTwo({ hosts: { one } }))).toEqual(because(reason))
})

test('with --skip-bake earlier waves must be done, and need not have baked', async () => {
  const world = worldOfTwo({}, 600_000)
  expect(await forbidden(world, 'rest', true)).toEqual(because('does not run its planned system yet'))
  arrive(world)
  world.host('one').profileAge = 1
  expect(await forbidden(world, 'rest', true)).toEqual([])
  expect(await forbidden(world)).toEqual(because('has not baked long enough: 9m59s of bakeTime are missing'))
})
