import type { LockedInput } from './lock-file.ts'

/** A locked input in words: `a1b2c3d of 2025-10-30`; `none` where it is not there. */
export function inputText(input: LockedInput | null): string {
  if (input === null) return 'none'
  const revision = input.rev?.slice(0, 7) ?? 'no revision'
  return input.date === null ? revision : `${revision} of ${input.date.slice(0, 10)}`
}
