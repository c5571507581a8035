import type { AnyCode } from '../../model/codes/codes.ts'
import { tellFailure } from '../../model/failure.ts'
import type { Observation } from '../../model/host/system.ts'
import type { Journey } from './journey.ts'
import type { HostTask } from './task.ts'

/** Store paths that a host must keep to be rolled back: the system that it runs, and its profile. */
export function oldSystemOf({ system, profile }: Pick<Observation, 'system' | 'profile'>): readonly string[] {
  return [...new Set([system, profile ?? system])]
}

/** Where the operator's garbage-collector root for what the host runs before its change is. */
export function oldSystemRoot({ root }: HostTask): string {
  return `${root}.from`
}

/** Keeps what runs and what is to run from both garbage collectors; says why the host must not be touched, or null. */
export async function protectBothSides({
  task,
  planned,
  before,
  lock,
  ports,
  signal,
}: Journey): Promise<{ readonly code: AnyCode; readonly reason: string } | null> {
  const from = oldSystemOf(before)
  await ports.roots.add(before.profile ?? before.system, oldSystemRoot(task), signal)
  const missing = await lock.protect([...from, planned.to.profile], signal)
  if (!missing.ok) return { code: missing.failure.code, reason: tellFailure(missing.failure) }
  const lost = from.filter((path) => missing.value.has(path))
  if (lost.length === 0) return null
  return {
    code: 'preflight/missing-path',
    reason: `could not be rolled back later: its store no longer has ${lost.join(' and ')}`,
  }
}
