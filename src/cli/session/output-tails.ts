import type { Event } from '../../model/run/event-schema.ts'

/** Lines of a host's output that are kept for the report, before equal ones are folded. */
const lookedAt = 100
/** What fleet's own program says before it goes back, and where going back fails, too. */
const goingBack = /^fleet: going back to /
const notBack = /^fleet: going back failed: /

/** The last lines of what each host printed, event by event. */
export interface OutputTails {
  readonly add: (event: Event) => void
  readonly lines: () => ReadonlyMap<string, readonly string[]>
}

interface Tail {
  /** Of what failed: the step itself, or the way back where that failed as well. */
  lines: string[]
  /** Of the way back, since it began; null: the host is not on it. */
  back: string[] | null
}

/**
 * Keeps the last lines of what failed on each host: of the activation, not of the copy before it, nor of the way back after it,
 * unless that fails, too.
 */
export function outputTails(): OutputTails {
  const tails = new Map<string, Tail>()
  return {
    add: (event) => {
      if (event.type === 'host.output') addLine(tails, event.host, event.line)
      if (event.type === 'host.step' && event.status === 'started') {
        const tail = tails.get(event.host)
        if (event.step === 'activate') tails.delete(event.host)
        else if (event.step === 'roll-back' && tail !== undefined) tail.back = []
      }
      if (event.type === 'host.failed' && event.step === 'roll-back') showBack(tails.get(event.host))
    },
    lines: () => new Map([...tails].map(([host, { lines }]) => [host, lines])),
  }
}

function addLine(tails: Map<string, Tail>, host: string, line: string): void {
  const tail = tails.get(host) ?? { lines: [], back: null }
  tails.set(host, tail)
  if (goingBack.test(line)) {
    // The last line of what failed says what came next.
    tail.lines = [...tail.lines, line].slice(-lookedAt)
    tail.back = []
    return
  }
  if (tail.back === null) tail.lines = [...tail.lines, line].slice(-lookedAt)
  else tail.back = [...tail.back, line].slice(-lookedAt)
  if (notBack.test(line)) showBack(tail)
}

function showBack(tail: Tail | undefined): void {
  if (tail?.back == null) return
  tail.lines = [...tail.lines, ...tail.back].slice(-lookedAt)
  tail.back = null
}
