import { failed } from '../../model/failure.ts'
import type { Found } from '../../model/host/system.ts'

/** One question that waits for its turn, of all who have asked since the last was sent. */
interface Question<Item, Answer> {
  readonly items: Item[]
  readonly signals: AbortSignal[]
  readonly answer: Promise<Found<Answer>>
}

/**
 * Turns many small questions into few: those that are asked at the same moment, or while one is under way, are one question,
 * and every caller gets the answer to all that was asked together. A process costs as much for one path as for a thousand.
 * A caller whose signal fires is told `nix/aborted`; the question itself ends when all its callers have gone.
 */
export function gather<Item, Answer>(
  ask: (items: readonly Item[], signal: AbortSignal) => Promise<Found<Answer>>,
): (items: readonly Item[], signal: AbortSignal) => Promise<Found<Answer>> {
  let waiting: Question<Item, Answer> | null = null
  let underWay: Promise<unknown> = Promise.resolve()
  const open = (): Question<Item, Answer> => {
    const items: Item[] = []
    const signals: AbortSignal[] = []
    const answer = Promise.all([underWay, new Promise<void>((resolve) => setImmediate(resolve))]).then(() => {
      waiting = null
      return ask(items, whenAllHave(signals))
    })
    // Its failure is its callers' to see; the next question waits for its end alone.
    underWay = answer.catch(() => null)
    return { items, signals, answer }
  }
  return async (items, signal) => {
    if (signal.aborted) return interrupted
    waiting ??= open()
    waiting.items.push(...items)
    waiting.signals.push(signal)
    return orAborted(waiting.answer, signal)
  }
}

const interrupted = failed('nix/aborted', 'interrupted', 'Asking Nix was interrupted.')

/** Fires when each of the signals has fired. */
function whenAllHave(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController()
  let left = new Set(signals).size
  for (const signal of new Set(signals)) {
    const gone = () => {
      left -= 1
      if (left === 0) all.abort()
    }
    if (signal.aborted) gone()
    // A signal of our own: hundreds of questions may listen to the operator's, which Node takes for a leak.
    else AbortSignal.any([signal]).addEventListener('abort', gone, { once: true })
  }
  return all.signal
}

async function orAborted<Answer>(answer: Promise<Found<Answer>>, signal: AbortSignal): Promise<Found<Answer>> {
  const own = AbortSignal.any([signal])
  let forget = () => {}
  const gone = new Promise<Found<Answer>>((resolve) => {
    const tell = () => resolve(interrupted)
    own.addEventListener('abort', tell, { once: true })
    forget = () => own.removeEventListener('abort', tell)
  })
  try {
    return await Promise.race([answer, gone])
  } finally {
    forget()
  }
}
