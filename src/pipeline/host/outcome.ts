import type { ChangedHost } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import type { EngineAnswer } from '../../ports/engine.ts'
import type { Journey } from './journey.ts'
import { isConverged } from '../../model/host/converged.ts'

/** What the host's own word makes of an activation; the engine's is a hint. */
export type ActivationOutcome =
  /** Where the plan wants it, and the engine says so or could not see it. */
  | 'arrived'
  /** Where the plan wants it, though the engine failed: units may have failed, nobody may have confirmed it. */
  | 'arrived-failing'
  /** Where the plan wants it, but somebody else set the profile in between. */
  | 'raced'
  /** Nothing was done, because somebody else had brought it there. */
  | 'overtaken'
  /** Nothing was done, because it was found elsewhere. */
  | 'moved'
  /** Nothing was done. */
  | 'refused'
  /** Back where it was: the host or the engine rolled it back. */
  | 'rolled-back'
  /** Between the two: profile and running system do not belong together. */
  | 'half-way'
  /** Its profile is neither, and older: the engine rolled back one generation too far, and deleted a good one. */
  | 'too-far'
  /** Its profile is neither, and newer: somebody else is at work. */
  | 'elsewhere'

/** Tells the ends of an activation apart, by what the host runs before and after. */
export function outcomeOf(
  { planned, before }: Pick<Journey, 'planned' | 'before'>,
  answer: EngineAnswer,
  now: Observation,
): ActivationOutcome {
  const isThere = isConverged(planned.settings.mode, now, planned.to)
  if (answer.how === 'refused') {
    if (isThere) return 'overtaken'
    return answer.failure.code === 'activate/stale' ? 'moved' : 'refused'
  }
  if (isThere) {
    if (hasJumped(planned, before, now)) return 'raced'
    return answer.how === 'failed' ? 'arrived-failing' : 'arrived'
  }
  if (isRolledBack(before, now)) return 'rolled-back'
  const isKnown =
    [before.profile, before.system, planned.to.profile].includes(now.profile) || now.nextBoot === planned.to.system
  if (isKnown || now.profile === null) return 'half-way'
  return now.generation !== null && before.generation !== null && now.generation > before.generation
    ? 'elsewhere'
    : 'too-far'
}

/** True where a host runs, and would boot, what it did. Without a profile before, its system may have become one. */
export function isRolledBack(
  before: Pick<Observation, 'system' | 'profile'>,
  now: Pick<Observation, 'system' | 'profile'>,
): boolean {
  const isProfileBack = now.profile === before.profile || (before.profile === null && now.profile === before.system)
  return now.system === before.system && isProfileBack
}

/** One activation makes one generation, the next after all there were; the same path makes none. */
function hasJumped({ settings, to }: ChangedHost, before: Observation, now: Observation): boolean {
  const { generation, newestGeneration } = before
  if (now.generation === null || generation === null) return false
  const makesNone = settings.mode === 'test' || before.profile === to.profile
  return now.generation > (makesNone ? generation : Math.max(generation, newestGeneration ?? generation) + 1)
}
