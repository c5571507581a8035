import { formatDuration } from '../../model/fleet/duration.ts'
import { failed } from '../../model/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Found } from '../../model/host/system.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HeldHostLock, LockHolder } from '../../ports/lock.ts'
import type { Address, Remote, RemoteAnswer, SessionInput } from '../../ports/remote.ts'
import { holdScript, silenceSeconds, workSeconds } from './host-script.ts'
import { notStarted } from './not-started.ts'

/** Milliseconds between two signs of life. */
const rhythm = 5000
/** Milliseconds that the host may be silent before its connection is taken for gone. */
const patience = silenceSeconds * 1000
/** Milliseconds that a host may take to look thousands of paths up. */
const workTime = workSeconds * 1000
/** Milliseconds that the program on the host may take to end when it was told to. */
const farewell = 5000

/** What the program on the host said last, and the lines before it. */
interface Answer {
  readonly said: string
  readonly lines: readonly string[]
}

/** The program that holds one host's lock, from here: questions one after another, and a sign of life in between. */
export class LockSession {
  readonly #name: string
  readonly #clock: Clock
  readonly #mark: string
  readonly #stop = new AbortController()
  readonly #lost = new AbortController()
  readonly #ended: Promise<RemoteAnswer>
  #input: SessionInput | null = null
  #lines: string[] = []
  #listener: ((answer: Answer) => void) | null = null
  /** Questions that were asked before it was listened to: none but `ready`. */
  #unheard: Answer | null = null
  #asking: Promise<unknown> = Promise.resolve()
  #isReleased = false
  /** Answers that nobody waits for any more: they come before those of the next questions. */
  #owed = 0

  constructor(host: Address, { id, who, run, since }: LockHolder, remote: Remote, clock: Clock) {
    if (!/^[\w.-]+$/.test(run)) throw new Error(`bug: ${run} cannot name a run on a host`)
    const nonce = crypto.randomUUID()
    this.#name = host.name
    this.#clock = clock
    this.#mark = `fleet-lock ${nonce} `
    this.#ended = remote.run(
      host,
      {
        script: holdScript,
        args: [nonce, ...[id, who, run, since].map(cleanLine)],
        asRoot: true,
        timeoutMs: null,
        // It lasts as long as fleet is at work on the host, and no longer: what else is asked meanwhile needs no login.
        connection: 'offered',
        onLine: (stream, line) => stream === 'stdout' && this.#heard(line),
        onInput: (input) => {
          this.#input = input
        },
      },
      this.#stop.signal,
    )
    void this.#ended.then((answer) => this.#isOver(answer))
  }

  /** Resolves when the program runs on the host, and keeps it alive from then on. */
  async ready(signal: AbortSignal): Promise<Found<null>> {
    const answer = await this.#next(null, signal)
    if (!answer.ok) {
      if (signal.aborted) this.#stop.abort()
      await this.end()
      return answer
    }
    void this.#beat()
    return { ok: true, value: null }
  }

  /** Sends one question with its paths, and resolves with the answer. */
  ask(question: string, paths: readonly string[], signal: AbortSignal): Promise<Found<Answer>> {
    const asked = this.#asking.then(() => {
      const text = paths.map((path) => `${path}\n`).join('')
      const size = paths.length === 0 && text === '' ? '' : ` ${Buffer.byteLength(text)}`
      return this.#next(`${question}${size}\n${text}`, signal)
    })
    this.#asking = asked
    return asked
  }

  /** Ends the program, and with it the lock. */
  async end(): Promise<void> {
    if (!this.#isReleased) this.#input?.send('release\n')
    this.#isReleased = true
    this.#input?.end()
    const awake = new AbortController()
    const late = this.#clock.sleep(farewell, awake.signal).then(() => this.#stop.abort())
    await this.#ended
    awake.abort()
    await late
  }

  held(): HeldHostLock {
    const work = async (question: string, paths: readonly string[], signal: AbortSignal): Promise<Found<Answer>> => {
      const answer = await this.ask(question, paths, signal)
      if (!answer.ok || answer.value.said === 'done') return answer
      const detail = `${this.#name} could not protect its store paths from garbage collection (${question}).`
      return failed('lock/unprotected', 'store paths could not be protected', detail)
    }
    return {
      lost: this.#lost.signal,
      release: () => this.end(),
      protect: async (paths, signal) => nothing(await work('protect', paths, signal)),
      unprotect: async (signal) => nothing(await work('unprotect', [], signal)),
      async missing(paths, signal) {
        const answer = await work('missing', paths, signal)
        if (!answer.ok) return answer
        const told = new Set(
          answer.value.lines.flatMap((line) => (line.startsWith('missing ') ? [line.slice('missing '.length)] : [])),
        )
        // Only what was asked for is believed.
        return { ok: true, value: new Set(paths.filter((path) => told.has(path))) }
      },
    }
  }

  #heard(line: string): void {
    if (!line.startsWith(this.#mark)) return
    const said = line.slice(this.#mark.length)
    if (/^(holder|missing) /.test(said)) {
      this.#lines.push(said)
      return
    }
    const answer = { said, lines: this.#lines }
    this.#lines = []
    if (this.#owed > 0) {
      this.#owed -= 1
      return
    }
    if (this.#listener === null) this.#unheard = answer
    else this.#listener(answer)
  }

  /** The next answer, or why none comes: the program ended, was silent for too long, or `signal` fired. */
  async #next(question: string | null, signal: AbortSignal): Promise<Found<Answer>> {
    const heard = new Promise<Answer>((resolve) => {
      this.#listener = resolve
      if (this.#unheard !== null) resolve(this.#unheard)
      this.#unheard = null
    })
    if (question !== null) this.#input?.send(question)
    const awake = new AbortController()
    const limit = question !== null && /^(protect|missing) /.test(question) ? workTime : patience
    // A connection has a limit of its own; what comes after it has this one.
    const late = this.#clock.sleep(question === null ? workTime : limit, AbortSignal.any([signal, awake.signal]))
    const answer = await Promise.race([heard, this.#ended, late.then(() => null)])
    awake.abort()
    this.#listener = null
    if (answer === null) {
      if (signal.aborted) {
        this.#owed += 1
        return failed('lock/aborted', 'interrupted', 'Waiting for the lock was interrupted.')
      }
      this.#lose(`${this.#name} has not answered for ${formatDuration(limit)}`)
      return failed('ssh/connection-lost', 'the connection was lost', `${this.#name} did not answer in time.`)
    }
    return 'said' in answer ? { ok: true, value: answer } : { ok: false, failure: failureOf(answer) }
  }

  async #beat(): Promise<void> {
    while (!this.#isReleased && !this.#lost.signal.aborted) {
      await this.#clock.sleep(rhythm, this.#stop.signal)
      if (this.#isReleased || this.#lost.signal.aborted) return
      await this.ask('beat', [], this.#stop.signal)
    }
  }

  #isOver(answer: RemoteAnswer): void {
    if (!this.#isReleased) this.#lose(failureOf(answer).detail)
  }

  #lose(reason: string): void {
    this.#lost.abort(new Error(reason))
    this.#stop.abort()
  }
}

function failureOf(answer: RemoteAnswer): Failure {
  return answer.how === 'no-answer' ? answer.failure : notStarted(answer)
}

function nothing(found: Found<unknown>): Found<null> {
  return found.ok ? { ok: true, value: null } : found
}
