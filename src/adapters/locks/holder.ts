import { moment } from '../../model/text/moment.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { LockHolder } from '../../ports/lock.ts'

/** Who holds a lock, from the lines `key=value` of its record; null: it holds no such record. */
export function holderOf(lines: readonly string[]): LockHolder | null {
  const values = new Map(
    lines.map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, Math.max(0, at)), cleanLine(line.slice(at + 1)).slice(0, 200)] as const
    }),
  )
  const [id, who, run, since] = ['id', 'who', 'run', 'since'].map((key) => values.get(key) ?? '')
  return id === undefined || id === '' ? null : { id, who: who ?? '', run: run ?? '', since: since ?? '' }
}

/** A holder in one line: who, which run, since when, and what ends it. */
export function tellHolder(holder: LockHolder | null): string {
  if (holder === null) return 'an unknown holder'
  const { id, who, run, since } = holder
  return `${who === '' ? 'an unknown holder' : who}${run === '' ? '' : `, run ${run}`}${since === '' ? '' : `, since ${moment(since)}`} (lock ${id})`
}
