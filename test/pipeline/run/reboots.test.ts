import { expect, test } from 'vitest'
import { endings, run } from '../../rig/doubles/run.ts'
import { worldOf } from '../../rig/doubles/world.ts'
import { sampleWave } from '../../rig/samples/plan.ts'

test('hosts that need it reboot one at a time, and are checked in what they booted', async () => {
  const hosts = ['one', 'two', 'three']
  const world = worldOf(hosts, {
    waves: [sampleWave('all', hosts, { maxParallel: 3 })],
    settings: { reboot: 'when-needed', mode: 'boot' },
  })
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'succeeded', two: 'succeeded', three: 'succeeded' })
  const story = world.journal.events.flatMap((event) =>
    event.type === 'host.step' && event.step === 'reboot' ? [`${event.status} ${event.host}`] : [],
  )
  expect(story).toEqual(hosts.flatMap((host) => [`started ${host}`, `finished ${host}`]))
  for (const host of hosts) expect(world.host(host)).toMatchObject({ boots: 2, system: world.host(host).booted })
})

/** Three hosts of one wave that all need a reboot, of which the first does not come back. */
function withoutTheFirst(maxFailures: number) {
  const hosts = ['one', 'two', 'three']
  const world = worldOf(hosts, {
    waves: [sampleWave('all', hosts, { maxParallel: 3, maxFailures })],
    settings: { reboot: 'when-needed', mode: 'boot' },
  })
  world.host('one').returns = false
  return world
}

test('a system that one host does not boot is tried on no other of a wave that halts for it', async () => {
  const world = withoutTheFirst(0)
  const state = await run(world)
  expect(endings(state)).toEqual({ one: 'failed', two: 'succeeded', three: 'succeeded' })
  expect(['one', 'two', 'three'].map((host) => world.host(host).boots)).toEqual([2, 1, 1])
  const told = world.journal.events.flatMap((event) =>
    event.type === 'diagnostic' ? [`${event.host} ${event.code}`] : [],
  )
  expect(told).toEqual(['two reboot/held-back', 'three reboot/held-back'])
  expect(state.finished?.exitCode).toBe(3)
})

test('a wave that allows the failure reboots its other hosts', async () => {
  const world = withoutTheFirst(1)
  expect(endings(await run(world))).toEqual({ one: 'failed', two: 'succeeded', three: 'succeeded' })
  expect(['one', 'two', 'three'].map((host) => world.host(host).boots)).toEqual([2, 2, 2])
})
