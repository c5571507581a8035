import type { Wave } from '../../model/plan/plan-schema.ts'
import type { HostRun, RunState, WaveRun } from '../../model/run/run.ts'
import { idle, type Move, only, type Schedule } from './move.ts'

/** What follows when the last host of a wave has ended well enough: its bake, or its end. */
export function afterLast(wave: Wave, run: RunState, current: WaveRun, now: number): Move {
  const remainingMs = run.overrides.skipBake ? 0 : bakeLeft(wave, current, now)
  const isChanged = current.hosts.some(({ ending }) => ending?.type === 'host.succeeded')
  // Checks of the wave itself are asked once more when its hosts have changed, though nothing is waited for.
  const isAsked = isChanged && wave.checks.length > 0
  return remainingMs > 0 || isAsked
    ? { move: 'bake', wave: wave.name, remainingMs }
    : { move: 'close', wave: wave.name }
}

/**
 * What is left of the bake. A host that this run changed bakes from its beginning; one that was there already has baked
 * since its profile was set, by its own clock, whichever run did that.
 */
function bakeLeft({ bakeTimeMs }: Wave, current: WaveRun, now: number): number {
  const left = current.hosts.map((host) => bakeTimeMs - bakedMs(host, bakeTimeMs, now))
  return Math.max(0, ...left)
}

function bakedMs({ ending, since }: HostRun, all: number, now: number): number {
  if (ending?.type === 'host.succeeded') return 0
  if (ending?.type !== 'host.skipped' || ending.cause !== 'converged') return all
  const age = ending.profileAgeSeconds ?? null
  return age === null ? 0 : age * 1000 + (now - since)
}

/** Waits until the wave has baked. */
export function bake(current: WaveRun, now: number): Schedule {
  const until = current.bakingUntil ?? now
  return now >= until ? only({ move: 'end-bake', wave: current.name }) : { ...idle, wakeAt: until }
}
