import { availableParallelism } from 'node:os'
import { freshState, measureFleet, measureOneProcess } from './evaluation.ts'
import { type BenchFlake, heavyFlake, labFlake } from './flakes.ts'
import { interleaved, table, WatchedMemory } from './measure.ts'

/** B1: fleet's pool against one `nix eval` of all hosts; the target is a wall time of 0.65 with the same heap. */
export async function pool(place: string): Promise<void> {
  const weights = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`heavy-${index + 1}`, 600]))
  for (const flake of [await heavyFlake(place, 'heavy-8', weights), await labFlake(place, 50)])
    await compare(place, flake)
}

async function compare(place: string, flake: BenchFlake): Promise<void> {
  const slots = availableParallelism()
  const oneProcess = 'one process, default heap'
  // Derivations are written once, before anything is measured.
  await measureOneProcess(flake, null)
  const results = await interleaved(3, {
    [oneProcess]: () => measureOneProcess(flake, null),
    'one process, 1G heap': () => measureOneProcess(flake, '1G'),
    [`pool of ${slots}, default heap`]: () => measureFleet(flake, freshState(place), new WatchedMemory(null), slots),
    [`pool of ${slots}, heap by §3`]: () => measureFleet(flake, freshState(place), new WatchedMemory('real'), slots),
  })
  console.log(`\nB1  ${flake.name}: evaluate all, nothing cached, derivations there; medians of 3, interleaved`)
  console.log(table(results, oneProcess))
}
