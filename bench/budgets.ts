import { readdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { evaluateFleet, freshState } from './evaluation.ts'
import { heavyFlake } from './flakes.ts'
import { WatchedMemory } from './measure.ts'

const gibibyte = 1024 ** 3
/** About 3 GiB, and a third of one. */
const [large, usual] = [6000, 600]

/** B7: budgets below, about and above one large host: the sum stays within, and no host is lost to another. */
export async function budgets(place: string): Promise<void> {
  const weights = { 'usual-1': usual, 'usual-2': usual, large, 'usual-3': usual, 'usual-4': usual, 'usual-5': usual }
  const flake = await heavyFlake(place, 'budgets', weights)
  const slots = Math.max(3, availableParallelism())
  console.log(`\nB7  5 usual hosts and a large one, ${slots} processes at once, nothing learned before the first run`)
  for (const budget of [2, 4, 8]) {
    const state = freshState(place)
    for (const knowledge of ['nothing learned', 'learned']) {
      await forgetResults(state)
      // So much is free that the budget comes out as wanted.
      const memory = new WatchedMemory((budget * gibibyte + gibibyte / 2) / 0.75)
      const began = performance.now()
      const found = await evaluateFleet(flake, state, memory, slots)
      const lost = [...found].filter(([, one]) => !one.ok)
      const said = lost.map(([host, one]) => `${host}: ${one.ok ? '' : one.failure.code}`).join(', ')
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      const peak = (memory.peakBytes / gibibyte).toFixed(2)
      console.log(
        `  ${budget} GiB, ${knowledge.padEnd(15)}  Σ RSS ${peak} GiB (${(memory.peakBytes / gibibyte / budget).toFixed(2)})  ${seconds.padStart(5)} s  killed ${memory.killed.length}  failed ${lost.length === 0 ? 'none' : said}`,
      )
    }
  }
}

/** Leaves of a state directory only what evaluations took. */
async function forgetResults(state: string): Promise<void> {
  const directory = join(state, 'cache', 'evaluations')
  const names = await readdir(directory).catch(() => [])
  for (const name of names) if (name !== 'costs.json') await rm(join(directory, name))
}
