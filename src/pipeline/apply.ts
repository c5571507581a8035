import type { HostStep, SelectedWave } from '../model/event-schema.ts'
import type { Plan } from '../model/plan-schema.ts'
import { plannedWave } from '../model/plan.ts'
import { inFlight, type RunState } from '../model/run.ts'
import type { Observation } from '../model/system.ts'
import type { Ask } from '../ports/ask.ts'
import type { Journal } from '../ports/journal.ts'
import { announce, warn } from './announce.ts'
import { factOfMove } from './fact-of-move.ts'
import { finish, type HostPorts, type HostTask } from './host-task.ts'
import { prepare } from './prepare.ts'
import { lostJournal } from './report.ts'
import { rollOut } from './roll-out.ts'
import { type Move, schedule } from './schedule.ts'
import { type Listener, Stream } from './stream.ts'

export interface ApplyRequest {
  readonly plan: Plan
  /** What is rolled out: waves in order, each with its selected hosts. */
  readonly selection: readonly SelectedWave[]
  /** Waves that were named outright and need no question. */
  readonly promoted: ReadonlySet<string>
  /** The unfinished run that this one picks up. */
  readonly resumes: string | null
  /** Version of fleet, and user@machine. */
  readonly version: string
  readonly operator: string
}

export interface ApplyPorts extends HostPorts {
  readonly journal: Journal
  readonly ask: Ask
}

/** The operator's patience: `first` asks to finish what is in flight, `second` to stop. The reason is the signal's name. */
export interface Interrupts {
  readonly first: AbortSignal
  readonly second: AbortSignal
}

/** Makes the plan true: starts what `schedule` allows, folds what happens, and repeats until the run has ended. */
export async function apply(
  request: ApplyRequest,
  ports: ApplyPorts,
  interrupts: Interrupts,
  listener: Listener,
): Promise<RunState> {
  const rollout = new Rollout(request, ports, interrupts, listener)
  return rollout.run()
}

class Rollout {
  readonly #request: ApplyRequest
  readonly #ports: ApplyPorts
  readonly #interrupts: Interrupts
  readonly #stream: Stream
  readonly #promoted: Set<string>
  /** What each host said while it was prepared. */
  readonly #observed = new Map<string, Observation>()
  readonly #asking = new Set<string>()
  /** Ends preparations, which change nothing: at the first interrupt, or when their wave halts. */
  #preparing = new AbortController()
  #failure: Error | null = null
  #changed: () => void = () => {}

  constructor(request: ApplyRequest, ports: ApplyPorts, interrupts: Interrupts, listener: Listener) {
    this.#request = request
    this.#ports = ports
    this.#interrupts = interrupts
    this.#promoted = new Set(request.promoted)
    this.#stream = new Stream(ports.journal, ports.clock, (event, state) => {
      listener(event, state)
      this.#changed()
    })
  }

  async run(): Promise<RunState> {
    const { state } = this.#stream
    announce(this.#stream, this.#request, this.#ports.journal.run)
    this.#listen(this.#interrupts.first)
    this.#listen(this.#interrupts.second)
    while (state.finished === null) {
      const changed = new Promise<void>((resolve) => {
        this.#changed = resolve
      })
      this.#stopWithoutJournal()
      const { moves, waiting, wakeAt } = schedule(
        this.#request.plan.body,
        state,
        this.#ports.clock.now(),
        this.#promoted,
      )
      for (const { host, reason } of waiting) this.#wait(host, reason)
      for (const move of moves) if (this.#isRecorded(move)) this.#make(move)
      if (this.#failure !== null) throw this.#failure
      if (state.finished === null) await this.#next(changed, wakeAt)
    }
    this.#ports.journal.close()
    return state
  }

  #listen(interrupt: AbortSignal): void {
    const tell = () => this.#interrupted(String(interrupt.reason))
    if (interrupt.aborted) tell()
    else interrupt.addEventListener('abort', tell, { once: true })
  }

  #interrupted(signal: string): void {
    if (this.#stream.state.finished !== null) return
    const flying = inFlight(this.#stream.state).map(({ host }) => host)
    const rest = flying.length === 0 ? 'nothing is in flight' : `in flight: ${flying.join(', ')}`
    this.#stream.emit({
      type: 'run.interrupted',
      signal,
      inFlight: flying,
      message: `interrupted by ${signal}; ${rest}`,
    })
    this.#preparing.abort()
  }

  /** Without a journal nothing new starts; what is in flight ends. */
  #stopWithoutJournal(): void {
    const { lost, state } = this.#stream
    if (lost === null || state.interruptions > 0) return
    warn(
      this.#stream,
      'run/journal-lost',
      'the journal cannot be written',
      `Nothing new is started, because it could not be recorded: ${lost.message}`,
    )
    this.#interrupted(lostJournal)
  }

  /** False for a start that came to be forbidden in the same breath, by a journal that an earlier one found full. */
  #isRecorded({ move }: Move): boolean {
    return this.#stream.lost === null || this.#stream.state.interruptions > 0 || move !== 'start'
  }

  #wait(host: string, reason: string): void {
    const run = this.#stream.state.hosts.get(host)
    if (run === undefined || run.waiting === reason) return
    this.#stream.emit({ type: 'host.waiting', host, wave: run.wave, reason, message: `${host} waits: ${reason}` })
  }

  #make(move: Move): void {
    switch (move.move) {
      case 'ask':
        return this.#ask(move.wave)
      case 'prepare':
        return this.#track(this.#prepare(move.host))
      case 'start':
        return this.#track(this.#start(move.host))
      case 'open':
      case 'cancel':
      case 'halt':
      case 'bake':
      case 'close':
      case 'finish':
        if (move.move === 'open') this.#preparing = new AbortController()
        this.#stream.emit(factOfMove(move, this.#request.plan.body, this.#stream.state))
        if (move.move === 'halt') this.#preparing.abort()
    }
  }

  /** Asks once for each wave; no answer, or nobody to ask, pauses the run before it. */
  #ask(wave: string): void {
    if (this.#asking.has(wave)) return
    this.#asking.add(wave)
    const { ask } = this.#ports
    const question = `Wave ${wave} asks before it starts (promotion: manual). Start it?`
    this.#track(
      (ask.possible ? ask.confirm(question, this.#interrupts.first) : Promise.resolve(false)).then((yes) => {
        if (yes) this.#promoted.add(wave)
        else if (this.#stream.state.interruptions === 0)
          this.#stream.emit({
            type: 'wave.paused',
            wave,
            reason: 'promotion: manual',
            message: `paused before wave ${wave} (promotion: manual)`,
          })
        this.#changed()
      }),
    )
  }

  async #prepare(host: string): Promise<void> {
    const task = this.#task(host)
    const observation = await prepare(task, this.#ports, this.#preparing.signal)
    if (observation === null) return
    // Before the event that lets it start: the loop may wake between any two steps.
    this.#observed.set(host, observation)
    finish(task, 'copy', `${host}: copied`)
  }

  async #start(host: string): Promise<void> {
    const before = this.#observed.get(host)
    if (before === undefined) throw new Error(`bug: ${host} was started and not prepared`)
    await rollOut(this.#task(host), before, this.#ports, this.#interrupts.second)
  }

  #task(name: string): HostTask {
    const { body } = this.#request.plan
    const planned = body.hosts[name]
    if (planned === undefined) throw new Error(`bug: ${name} is not in the plan`)
    const checks = Object.entries(body.checks).filter(([check]) => planned.settings.checks.includes(check))
    const { journal } = this.#ports
    return {
      name,
      wave: plannedWave(body, planned.wave),
      planned,
      checks: Object.fromEntries(checks),
      root: `${journal.roots}/${name}`,
      emit: (fact) => this.#stream.emit(fact),
      isRecorded: () => this.#stream.lost === null,
      output: (step, stream, line) => this.#output(name, step, stream, line),
    }
  }

  #output(host: string, step: HostStep['step'], stream: 'stdout' | 'stderr', line: string): void {
    this.#stream.keep(host, line)
    this.#stream.emit({ type: 'host.output', host, step, stream, line, message: `${host}: ${line}` })
  }

  /** A task never rejects but for a bug, which ends the run loudly. */
  #track(task: Promise<void>): void {
    task.catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error))
      this.#changed()
    })
  }

  async #next(changed: Promise<void>, wakeAt: number | null): Promise<void> {
    if (wakeAt === null) return changed
    const woken = new AbortController()
    await Promise.race([changed, this.#ports.clock.sleep(Math.max(0, wakeAt - this.#ports.clock.now()), woken.signal)])
    woken.abort()
  }
}
