import { someOf } from '../terminal/names.ts'

/** How far a command is, in one line: what it waits for is worth more than how much there is. */
export function waitingText({
  done,
  total,
  underWay,
}: {
  readonly done: number
  readonly total: number
  readonly underWay: readonly string[]
}): string {
  const rest = underWay.length === 0 ? '' : `; waiting for ${someOf(underWay, false)}`
  return `${done} of ${total} done${rest}`
}
