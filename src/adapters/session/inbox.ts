import { failure } from '../../model/failure.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CommandAnswer, Printed } from '../../ports/remote.ts'
import { later } from '../clock.ts'
import { keptBytes } from './script.ts'

interface Letter {
  code: number | null
  readonly parts: { readonly o: string[]; readonly e: string[] }
  readonly ended: Set<string>
  /** Ends the wait for its pipes. */
  forget: () => void
}

interface Patience {
  readonly clock: Clock
  /** Milliseconds that pipes of a command that has ended may stay open. */
  readonly pipeGrace: number
  /** Whether the time of the command with that index can be over. */
  readonly isOver: (index: number) => boolean
}

/**
 * Exit status of `timeout` when it ended its command: by SIGTERM, and by SIGKILL where that was not enough. A command may end so
 * by itself, too: one that the kernel killed for want of memory has the second.
 */
const timedOut = [124, 137]

/** Puts together what the commands of one session say, line by line, and hands on each answer when it is whole. */
export class Inbox {
  readonly #letters = new Map<number, Letter>()
  readonly #nonce: string
  readonly #patience: Patience
  readonly #onAnswer: (index: number, answer: CommandAnswer) => void

  /** Whether any line was of this session. */
  hasRead = false

  constructor(nonce: string, patience: Patience, onAnswer: (index: number, answer: CommandAnswer) => void) {
    this.#nonce = nonce
    this.#patience = patience
    this.#onAnswer = onAnswer
  }

  /** Reads one line; what is not of this session is passed over. */
  read(line: string): void {
    const [nonce, number = '', kind = '', text = ''] = line.split(' ')
    if (nonce !== this.#nonce || !/^\d{1,4}$/.test(number)) return
    this.hasRead = true
    const index = Number(number)
    const letter = this.#letterOf(index)
    if (kind === 'o' || kind === 'e') letter.parts[kind].push(text)
    else if (kind === 'O' || kind === 'E') letter.ended.add(kind)
    else if (kind === 'x') {
      letter.code = Number(text)
      // Something that the command left behind may hold its pipes for ever.
      const { clock, pipeGrace } = this.#patience
      letter.forget = later(clock, pipeGrace, () => this.#answer(index, letter))
    } else if (kind === 'm') {
      const detail = `The host has no program \`${text.replaceAll(/[^a-z0-9]/g, '')}\`, which fleet needs to run commands there. Add it to the system of the host.`
      this.#onAnswer(index, {
        how: 'no-answer',
        begun: true,
        failure: failure('check/no-tools', 'the host lacks a program', detail),
      })
    }
    if (letter.code !== null && letter.ended.size === 2) this.#answer(index, letter)
  }

  /** No more lines come: what has ended is handed on as it is. */
  close(): void {
    for (const [index, letter] of this.#letters) {
      if (letter.code !== null) this.#answer(index, letter)
      letter.forget()
    }
  }

  #letterOf(index: number): Letter {
    const known = this.#letters.get(index)
    if (known !== undefined) return known
    const letter: Letter = { code: null, parts: { o: [], e: [] }, ended: new Set(), forget: () => {} }
    this.#letters.set(index, letter)
    return letter
  }

  #answer(index: number, { code, parts, forget }: Letter): void {
    forget()
    const printed = printedOf(parts)
    if (code !== null && timedOut.includes(code) && this.#patience.isOver(index))
      return this.#onAnswer(index, { how: 'timed-out', isEnded: true, ...printed })
    this.#onAnswer(index, { how: 'exited', code: code ?? 0, ...printed })
  }
}

function printedOf({ o, e }: Letter['parts']): Printed {
  const [out, err] = [bytesOf(o), bytesOf(e)]
  return {
    stdout: out.subarray(-keptBytes).toString('utf8'),
    stderr: err.subarray(-keptBytes).toString('utf8'),
    isCut: out.length > keptBytes,
    isErrorCut: err.length > keptBytes,
  }
}

function bytesOf(parts: readonly string[]): Buffer {
  return Buffer.from(parts.join(''), 'base64')
}
