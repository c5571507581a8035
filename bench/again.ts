import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { freshState, measureEach, measureFleet } from './evaluation.ts'
import { type BenchFlake, heavyFlake, labFlake } from './flakes.ts'
import { interleaved, table, WatchedMemory } from './measure.ts'

/** B3: the same commit again; targets are 1.0 of `nix path-info --derivation` with Nix's own cache, and 0.02 of `nix eval`. */
export async function again(place: string): Promise<void> {
  const weights = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`heavy-${index + 1}`, 600]))
  for (const flake of [await heavyFlake(place, 'heavy-8-again', weights), await labFlake(place, 100)])
    await compare(place, flake)
}

async function compare(place: string, flake: BenchFlake): Promise<void> {
  const slots = availableParallelism()
  const [state, cache] = [freshState(place), join(place, 'cache')]
  const pathInfo = 'nix path-info --derivation × N, its cache'
  const ask = () => measureEach(flake, ['path-info', '--derivation'], slots, cache)
  const fleet = () => measureFleet(flake, state, new WatchedMemory('real'), slots)
  await measureEach(flake, ['path-info', '--derivation'], 1, cache)
  await fleet()
  const results = await interleaved(3, {
    [pathInfo]: ask,
    'nix eval × N': () => measureEach(flake, ['eval', '--raw', '--no-eval-cache'], slots, cache),
    'fleet (lock, identify, read)': fleet,
  })
  console.log(`\nB3  ${flake.name}: nothing changed, ${slots} processes at once; medians of 3, interleaved`)
  console.log(table(results, pathInfo))
  console.log('  The same, against nix eval:')
  console.log(table(results, 'nix eval × N'))
}
