import { expect, it } from 'vitest'
import { done } from '../../rig/doubles/engines/engine.ts'
import { endings, run } from '../../rig/doubles/run.ts'
import { worldOf } from '../../rig/doubles/world.ts'

/** Characters of one line that a host prints without end. */
const line = 'x'.repeat(2000)
const lines = 10_000

it('a host that prints twenty megabytes fills neither the journal nor its log, and keeps no other from being done', async () => {
  const world = worldOf(['flood', 'calm'])
  const activates = world.engine.activates
  world.engine.activates = (host, task, signal) => {
    if (host.name === 'flood') for (let count = 0; count < lines; count += 1) task.onLine('stdout', line)
    return activates(host, task, signal) ?? done
  }
  const state = await run(world)
  const told = world.journal.events.reduce((sum, event) => sum + JSON.stringify(event).length, 0)
  const kept = world.journal.outputs.reduce((sum, text) => sum + text.length, 0)
  // An event has the line, and the sentence that it is.
  expect(told).toBeLessThan(10 * 1024 * 1024)
  expect(kept).toBeLessThan(6 * 1024 * 1024)
  expect(endings(state)).toEqual({ flood: 'succeeded', calm: 'succeeded' })
}, 60_000)
