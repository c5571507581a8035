import { expect, test } from 'vitest'
import { prepare } from '../../../src/pipeline/host/prepare.ts'
import { outcome, prepared, run } from '../../rig/doubles/run.ts'
import { said, worldOf } from '../../rig/doubles/world.ts'
import { storePath } from '../../rig/samples/plan.ts'

const never = new AbortController().signal
const elsewhere = storePath('c', 'nixos-system-web-24.11')

test.each([
  [-300, /300 s behind/],
  [300, /300 s ahead of/],
])('a clock that is %s s off is told, and nothing else', async (seconds, words) => {
  const world = worldOf()
  world.host().clock = world.clock.now() / 1000 + seconds
  expect(await prepared(world)).toBeNull()
  expect(said(world, 'diagnostic')).toMatchObject({
    code: 'preflight/clock-skew',
    severity: 'warning',
    detail: expect.stringMatching(words) as string,
  })
})

test('a check that must pass before keeps fleet from touching the host; another that fails already condemns nothing', async () => {
  const blocked = worldOf(['web'], { check: { precondition: true, deadlineMs: 5000 } })
  blocked.check.measures = () => ({ result: 'fail', message: 'a backup is running' })
  expect(await prepared(blocked)).toMatchObject({ code: 'check/precondition', step: 'check', touched: false })
  expect(blocked.locks.at('web').holder).toBeNull()
  const world = worldOf()
  world.check.measures = () => ({ result: 'fail', message: 'no reply' })
  expect(outcome(await run(world))).toEqual(['complete', 0])
})

test('--force-stale: what the host runs then is what it rolls back to, and is recorded', async () => {
  const world = worldOf()
  world.host().switchTo(elsewhere)
  world.host().has.add(elsewhere)
  const task = { ...world.task(), forceStale: true }
  expect(await prepare({ task, ports: world, signal: never })).toMatchObject({
    before: { system: elsewhere, generation: 42 },
  })
  expect(said(world, 'diagnostic')).toMatchObject({ code: 'apply/forced-stale', host: 'web' })
})
