import type { Attempt, CheckSubject } from '../../../src/ports/check.ts'
import { sampleSettings } from './plan.ts'

/** What a check may look at, of a host `web` in a run. */
export function sampleSubject(more: Partial<CheckSubject> = {}): CheckSubject {
  return {
    name: 'web',
    settings: sampleSettings('web'),
    failedBefore: [],
    wave: 'all',
    run: '20260101T000000Z-test',
    phase: 'after',
    plan: { from: '/nix/store/old', to: '/nix/store/new' },
    ...more,
  }
}

/** One attempt of a check on that host. */
export function sampleAttempt(more: Partial<Attempt> = {}): Attempt {
  return { ...sampleSubject(more), check: 'a', attempt: 1, ...more }
}
