import type { EvaluationCost } from '../../model/nix/evaluation-cost.ts'

/** Evaluations that are not done, with what each took last time; null: nobody knows. */
export type Open = ReadonlyMap<string, EvaluationCost | null>

/**
 * Milliseconds that the open evaluations will take, so many at once: all of them shared out, and never less than the longest.
 * Null where one of them was never measured.
 */
export function timeLeft(open: Open, slots: number): number | null {
  let [sum, longest] = [0, 0]
  for (const cost of open.values()) {
    if (cost === null) return null
    sum += cost.cpuMs
    longest = Math.max(longest, cost.cpuMs)
  }
  return open.size === 0 ? 0 : Math.max(longest, sum / Math.min(slots, open.size))
}
