import type { ChangedHost } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import type { EngineAnswer } from '../../ports/engine.ts'
import { isConverged } from '../../model/host/converged.ts'

/** What the host's own word makes of an activation; the engine's is a hint. */
export type Fate =
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
  /** Back where it was: it went back by itself, or the engine took it back. */
  | 'back'
  /** Between the two: profile and running system do not belong together. */
  | 'half-way'
  /** Its profile is neither, and older: the engine went back one generation too far, and deleted a good one. */
  | 'too-far'
  /** Its profile is neither, and newer: somebody else is at work. */
  | 'elsewhere'

/** Tells the ends of an activation apart, by what the host runs before and after (rollouts.md 10, deploy-rs.md 8.6). */
export function fateOf(planned: ChangedHost, before: Observation, answer: EngineAnswer, now: Observation): Fate {
  const isThere = isConverged(planned.settings.mode, now, planned.to)
  if (answer.how === 'refused') {
    if (isThere) return 'overtaken'
    return answer.failure.code === 'activate/stale' ? 'moved' : 'refused'
  }
  if (isThere) {
    if (hasJumped(planned, before, now)) return 'raced'
    return answer.how === 'failed' ? 'arrived-failing' : 'arrived'
  }
  if (isBackAt(before, now)) return 'back'
  const isKnown =
    [before.profile, before.system, planned.to.profile].includes(now.profile) || now.nextBoot === planned.to.system
  if (isKnown || now.profile === null) return 'half-way'
  return now.generation !== null && before.generation !== null && now.generation > before.generation
    ? 'elsewhere'
    : 'too-far'
}

/** True where a host runs, and would boot, what it did. Without a profile before, its system may have become one. */
export function isBackAt(
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
