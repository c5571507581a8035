import { failure } from '../../model/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Clock } from '../../ports/clock.ts'
import { later } from '../clock.ts'
import { keptBytes } from './script.ts'

/** How a command on a host ended. */
export type HostAnswer =
  | {
      readonly how: 'exited'
      readonly code: number
      /** The last 64 KiB of each. */
      readonly stdout: string
      readonly stderr: string
      /** It printed more than is kept. */
      readonly isCut: boolean
    }
  | { readonly how: 'timed-out' }
  | { readonly how: 'no-answer'; readonly failure: Failure }

interface Letter {
  code: number | null
  readonly parts: { readonly o: string[]; readonly e: string[] }
  readonly ended: Set<string>
  /** Ends the wait for its pipes. */
  forget: () => void
}

/** Milliseconds that pipes of a command that has ended may stay open, and the clock they are measured by. */
interface Patience {
  readonly clock: Clock
  readonly pipeGrace: number
}

/** Exit status of `timeout` when it ended its command: by SIGTERM, and by SIGKILL where that was not enough. */
const timedOut = 124
const killed = 137

/** Puts together what the commands of one session say, line by line, and hands on each answer when it is whole. */
export class Inbox {
  readonly #letters = new Map<number, Letter>()
  readonly #nonce: string
  readonly #patience: Patience
  readonly #onAnswer: (index: number, answer: HostAnswer) => void

  constructor(nonce: string, patience: Patience, onAnswer: (index: number, answer: HostAnswer) => void) {
    this.#nonce = nonce
    this.#patience = patience
    this.#onAnswer = onAnswer
  }

  /** Reads one line; what is not of this session is passed over. */
  read(line: string): void {
    const [nonce, number = '', kind = '', text = ''] = line.split(' ')
    if (nonce !== this.#nonce || !/^\d{1,4}$/.test(number)) return
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
      const detail = `The host has no program \`${text.replaceAll(/[^a-z0-9]/g, '')}\`, which a check there needs. Add it to the system of the host.`
      this.#onAnswer(index, {
        how: 'no-answer',
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
    if (code === timedOut || code === killed) return this.#onAnswer(index, { how: 'timed-out' })
    const [out, err] = [bytesOf(parts.o), bytesOf(parts.e)]
    this.#onAnswer(index, {
      how: 'exited',
      code: code ?? 0,
      stdout: out.subarray(-keptBytes).toString('utf8'),
      stderr: err.subarray(-keptBytes).toString('utf8'),
      isCut: out.length > keptBytes,
    })
  }
}

function bytesOf(parts: readonly string[]): Buffer {
  return Buffer.from(parts.join(''), 'base64')
}
