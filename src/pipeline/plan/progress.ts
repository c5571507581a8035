import type { Clock } from '../../ports/clock.ts'
import { type Open, timeLeft } from '../evaluate/time-left.ts'

/** How far planning is, in hosts. */
export interface PlanProgress {
  /** Null: nothing is evaluated. */
  readonly evaluated: number | null
  readonly observed: number
  readonly total: number
  /** Milliseconds until all are evaluated, by what each took last time; null: not known. */
  readonly leftMs: number | null
}

/** What planning tells of its progress. */
export interface ProgressCounter {
  /** What is to be evaluated, as soon as that is known. */
  readonly expect: (open: Open) => void
  readonly evaluated: (host: string) => void
  readonly observed: () => void
}

/** Counts hosts; the time left is corrected whenever an evaluation ends, and runs down in between. */
export function countProgress(
  total: number,
  slots: number,
  clock: Pick<Clock, 'now'>,
  onProgress: (progress: PlanProgress) => void,
): ProgressCounter {
  let [evaluated, observed] = [0, 0]
  let open: Open | null = null
  let estimate: { readonly leftMs: number; readonly at: number } | null = null
  const correct = () => {
    const leftMs = open === null ? null : timeLeft(open, slots)
    estimate = leftMs === null ? null : { leftMs, at: clock.now() }
  }
  const tell = () => {
    const leftMs = estimate === null ? null : Math.max(0, estimate.leftMs - (clock.now() - estimate.at))
    onProgress({ evaluated, observed, total, leftMs })
  }
  return {
    expect(expected) {
      open = expected
      correct()
      tell()
    },
    evaluated(host) {
      evaluated += 1
      if (open?.has(host) === true) {
        open = new Map([...open].filter(([name]) => name !== host))
        correct()
      }
      tell()
    },
    observed() {
      observed += 1
      tell()
    },
  }
}
