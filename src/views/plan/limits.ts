import { formatDuration } from '../../model/fleet/duration.ts'
import type { Wave } from '../../model/plan/plan-schema.ts'
import { counted } from '../terminal/amounts.ts'

/** The limits of waves: what all or most of them have is said once. */
export interface Limits {
  /** Limits of every wave, but where one says otherwise; empty: they share none. */
  readonly shared: string
  /** By wave, what it has of its own; empty: nothing. */
  readonly own: readonly string[]
}

/** What one limit says; `''`: the wave has no such limit. */
interface Phrase {
  /** In a sentence. */
  readonly whole: string
  /** In a column. */
  readonly short: string
}

/** In the order in which they come into play: before a wave, in it, after it. */
const kinds: readonly ((wave: Wave) => Phrase)[] = [
  ({ promotion }) => phrase(promotion === 'manual' ? 'asks first' : ''),
  ({ maxParallel }) => ({ whole: `${counted(maxParallel, 'host')} at a time`, short: `${maxParallel} at a time` }),
  ({ batches }) => phrase(batches.length === 0 ? '' : `batches end at ${batches.join(', ')}`),
  ({ maxFailures }) =>
    phrase(maxFailures === 0 ? 'halts at the first failure' : `halts at ${maxFailures + 1} failures`),
  ({ bakeTimeMs }) => phrase(bakeTimeMs === 0 ? '' : `bakes ${formatDuration(bakeTimeMs)}`),
]

function phrase(text: string): Phrase {
  return { whole: text, short: text }
}

/** The limits of one wave in a sentence: `asks first, 4 hosts at a time, halts at the first failure, bakes 10m`. */
export function tellLimits(wave: Wave): string {
  return kinds
    .map((kind) => kind(wave).whole)
    .filter((text) => text !== '')
    .join(', ')
}

/** What waves share of their limits, and what each has of its own. */
export function limitsOf(waves: readonly Wave[]): Limits {
  const columns = kinds.map((kind) => {
    const phrases = waves.map(kind)
    const common = commonIn(phrases.map(({ whole }) => whole))
    return { common, own: phrases.map(({ whole, short }) => (whole === common ? '' : short)) }
  })
  const shared = columns.flatMap(({ common }) => (common === '' ? [] : [common])).join(', ')
  const someDiffer = columns.some(({ common, own }) => common !== '' && own.some((text) => text !== ''))
  return {
    shared: shared !== '' && someDiffer ? `${shared}, unless noted` : shared,
    own: waves.map((_, index) => columns.flatMap(({ own }) => own[index] || []).join('; ')),
  }
}

/** The phrase of most waves; none where some wave has no such limit, or no two agree. */
function commonIn(phrases: readonly string[]): string {
  if (phrases.includes('')) return ''
  const counts = new Map<string, number>()
  for (const phrase of phrases) counts.set(phrase, (counts.get(phrase) ?? 0) + 1)
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a)
  return most !== undefined && most[1] > 1 ? most[0] : ''
}
