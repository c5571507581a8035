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
