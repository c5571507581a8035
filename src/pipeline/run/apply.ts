import pLimit from 'p-limit'
import { setMaxListeners } from 'node:events'
import type { Fact } from '../../model/run/event.ts'
import type { Event } from '../../model/run/event-schema.ts'
import { type RunState, waveOf } from '../../model/run/run.ts'
import { announce, warn } from './announce.ts'
import { type Bake, startBake } from './start-bake.ts'
import { interrupted } from './interrupted.ts'
import { decidedPlan } from './start/decided-plan.ts'
import { type OpenRun, openRun } from './start/open-run.ts'
import { openWave } from './open-wave.ts'
import { rollBackHost } from './roll-back-host.ts'
import type { ApplyPorts, ApplyRequest, Interrupts, Rollout } from './rollout.ts'
import { taskFor } from './task-for.ts'
import { factOfMove, type SaidMove } from './fact-of-move.ts'
import { finish, type HostTask } from '../host/task.ts'
import type { Journey } from '../host/journey.ts'
import { endPrepared, prepare } from '../host/prepare.ts'
import { lostJournal } from './outcome.ts'
import { activate } from '../host/activate.ts'
import { isDecisive, type Move, schedule } from '../schedule/schedule.ts'
import { type Listener, Stream } from './stream.ts'
import { drainTimeMs, type Teller, tellHooks } from '../hooks/notify.ts'

export type { ApplyPorts, ApplyRequest, Interrupts } from './rollout.ts'
import { OutputBudget } from './output-budget.ts'

/** Makes the plan true: starts what `schedule` allows, folds what happens, and repeats until the run has ended. */
export async function apply(
  request: ApplyRequest,
  ports: ApplyPorts,
  interrupts: Interrupts,
  listener: Listener,
): Promise<RunState> {
  return new Loop(request, ports, interrupts, listener).run()
}

class Loop implements Rollout {
  readonly request: ApplyRequest
  readonly ports: ApplyPorts
  readonly interrupts: Interrupts
  readonly stream: Stream
  readonly journeys = new Map<string, Journey>()
  readonly taskOf = (host: string): HostTask => taskFor(this, host)
  readonly turns = pLimit(1)
  readonly output = new OutputBudget()
  readonly #over = heardByMany()
  readonly over = this.#over.signal
  readonly #teller: Teller
  readonly #begun = new Set<string>()
  readonly #releases: Promise<void>[] = []
  readonly #bakes = new Map<string, Bake>()
  /** Ends preparations, which change nothing: when the run is over, or when their wave halts. */
  #preparing = heardByMany()
  #failure: Error | null = null
  #changed: () => void = () => {}

  constructor(request: ApplyRequest, ports: ApplyPorts, interrupts: Interrupts, listener: Listener) {
    this.request = { ...request, plan: decidedPlan(request.plan, request.overrides) }
    this.ports = ports
    this.interrupts = interrupts
    this.stream = new Stream(ports.journal, ports.clock, (event, state) => {
      listener(event, state)
      // The end was told before it came.
      if (event.type !== 'run.finished') this.#tell(event)
      if (event.type === 'run.stopped') this.#quit()
      if (isDecisive(event)) this.#changed()
    })
    const { hooks, hosts } = request.plan.body
    const emit = this.stream.emit
    const onFailure = (reason: string) => emit({ type: 'run.stopped', code: 'hook/failed', reason })
    this.#teller = tellHooks({ hooks, hosts, emit, onFailure }, ports)
  }

  async run(): Promise<RunState> {
    const { state } = this.stream
    announce(this.stream, this.request)
    this.#listen(this.interrupts.first)
    this.#listen(this.interrupts.second)
    this.#stopWithoutJournal()
    const opened = await openRun(this)
    while (state.finished === null) {
      const changed = new Promise<void>((resolve) => {
        this.#changed = resolve
      })
      this.stream.record()
      this.#stopWithoutJournal()
      const { moves, waiting, wakeAt } = schedule(this.request.plan.body, state, this.ports.clock.now())
      for (const { host, reason } of waiting) this.#wait(host, reason)
      for (const move of moves) if (this.#isRecorded(move)) this.#make(move, opened)
      this.#endBakes()
      if (this.#failure !== null) throw await this.#broken(this.#failure)
      await this.#next(changed, wakeAt)
    }
    this.stream.record()
    this.ports.journal.close()
    return state
  }

  /** Programs are notified of what is on disk, and of nothing else. */
  #tell(event: Event): void {
    if (this.request.plan.body.hooks.length === 0) return
    this.stream.record()
    this.#teller.tell(event)
  }

  /** A bug ends the run, but no host in the middle of its change: what they still need is taken away only afterwards. */
  async #broken(bug: Error): Promise<Error> {
    this.#preparing.abort()
    for (const bake of this.#bakes.values()) bake.stop()
    await Promise.all(this.#releases)
    return bug
  }

  #listen(interrupt: AbortSignal): void {
    const tell = () => this.#interrupted(String(interrupt.reason))
    if (interrupt.aborted) tell()
    else interrupt.addEventListener('abort', tell, { once: true })
  }

  #interrupted(signal: string): void {
    if (this.stream.state.finished !== null) return
    this.stream.emit(interrupted(signal, this.request.plan.body, this.stream.state))
    this.#quit()
  }

  /** Nothing more is started: what only prepares or asks ends at once, what is in flight goes on. */
  #quit(): void {
    this.#over.abort()
    this.#preparing.abort()
  }

  /** Without a journal nothing new starts; what is in flight ends. */
  #stopWithoutJournal(): void {
    const { lost, state } = this.stream
    if (lost === null || state.interruptions > 0) return
    warn(
      this.stream,
      'run/journal-lost',
      'the journal cannot be written',
      `Nothing new is started, because it could not be recorded: ${lost.message}`,
    )
    this.#interrupted(lostJournal)
  }

  /** False for a start that came to be forbidden in the same breath, by a journal that an earlier one found full. */
  #isRecorded({ move }: Move): boolean {
    if (this.stream.lost === null || this.stream.state.interruptions > 0) return true
    return move !== 'start' && move !== 'roll-back'
  }

  #wait(host: string, reason: string): void {
    const wave = this.stream.state.hosts.get(host)?.wave ?? ''
    this.stream.emit({ type: 'host.waiting', host, wave, reason })
  }

  #make(move: Move, opened: OpenRun): void {
    switch (move.move) {
      case 'gate':
        return this.#once(move, move.wave, () => openWave(this, move.wave))
      case 'prepare':
        return this.#once(move, move.host, () => this.#prepare(move.host))
      case 'start':
        return this.#once(move, move.host, () => this.#start(move.host))
      case 'roll-back':
        return this.#once(move, move.host, () => rollBackHost(this, move.host, move.reason))
      case 'end-bake':
        return this.#once(move, move.wave, async () => this.#bakes.get(move.wave)?.end())
      case 'finish':
        return this.#once(move, '', () => this.#finish(opened))
      case 'pause':
        if (move.check !== null && move.hosts.length > 1) this.#tellShared(move.check, move.hosts)
        return this.#say(move)
      case 'bake':
        this.#say(move)
        this.#bakes.set(move.wave, startBake(this, move.wave))
        return
      case 'halt':
        this.#say(move)
        return this.#preparing.abort()
      case 'open':
        this.#preparing = heardByMany()
        return this.#say(move)
      case 'cancel':
        // One that was prepared holds its lock, which nobody else will give back.
        this.#releases.push(this.journeys.get(move.host)?.lock.release('drop') ?? Promise.resolve())
        return this.#say(move)
      case 'skip-rollback':
      case 'close':
        this.#say(move)
    }
  }

  /** Makes a move that is made by being said. */
  #say(move: SaidMove): void {
    this.stream.emit(this.#factOf(move))
  }

  #factOf(move: SaidMove): Fact {
    return factOfMove(move, this.request.plan.body, this.stream.state)
  }

  /** Begins work that is under way until its events have come; `schedule` may name it again until then. */
  #once({ move }: Move, name: string, work: () => Promise<void>): void {
    const key = `${move} ${name}`
    if (this.#begun.has(key)) return
    this.#begun.add(key)
    // A task never rejects but for a bug, which ends the run loudly.
    const working = work().catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error))
      this.#changed()
    })
    // A host's lock is given back after its ending, and before the end of the run.
    if (move === 'prepare' || move === 'start' || move === 'roll-back') this.#releases.push(working)
  }

  /** Checks do not go on beyond their wave's bake, however that ends. */
  #endBakes(): void {
    for (const [name, bake] of this.#bakes) {
      const { phase, halted } = waveOf(this.stream.state, name)
      if (phase === 'baking' && halted === null && this.stream.state.interruptions === 0) continue
      bake.stop()
      this.#bakes.delete(name)
    }
  }

  async #prepare(host: string): Promise<void> {
    const task = this.taskOf(host)
    const journey = await prepare({ task, ports: this.ports, signal: this.#preparing.signal })
    if (journey === null) return
    if (this.request.overrides.until === 'copy') return endPrepared(journey)
    // Before the event that lets it start: the loop may wake between any two steps.
    this.journeys.set(host, journey)
    finish(task, 'copy')
  }

  async #start(host: string): Promise<void> {
    const journey = this.journeys.get(host)
    if (journey === undefined) throw new Error(`bug: ${host} was started and not prepared`)
    await activate({ ...journey, signal: this.interrupts.second })
  }

  /** A check that no host could be asked says something of the check, and is told once. */
  #tellShared(check: string, hosts: readonly string[]): void {
    warn(
      this.stream,
      'check/no-result-anywhere',
      'a check gave no result on any host',
      `Check ${check} gave no result on ${hosts.join(', ')}: the check is more likely at fault than the hosts. Nothing was rolled back. Fix the check and apply again.`,
    )
  }

  /** Hooks are told of the end before it stands in the stream, since one of them may fail the run. */
  async #finish(opened: OpenRun): Promise<void> {
    await Promise.all(this.#releases)
    // What later failures might have been rolled back to is let go; what was only prepared is for a later run.
    if (this.request.overrides.until === null) await this.ports.roots.remove(this.ports.journal.roots)
    await opened.close()
    const { plan } = this.request
    if (plan.body.hooks.length > 0) {
      this.#teller.tell(this.stream.preview(this.#factOf({ move: 'finish' })))
      const untold = await this.#teller.drain(drainTimeMs, this.interrupts.second)
      const detail = `${untold} events did not reach the hooks that listen to them: the hooks took too long.`
      if (untold > 0) warn(this.stream, 'hook/not-notified', 'hooks were not notified of everything', detail)
    }
    this.#say({ move: 'finish' })
  }

  async #next(changed: Promise<void>, wakeAt: number | null): Promise<void> {
    if (this.stream.state.finished !== null) return
    if (wakeAt === null) return changed
    const woken = new AbortController()
    await Promise.race([changed, this.ports.clock.sleep(Math.max(0, wakeAt - this.ports.clock.now()), woken.signal)])
    // With a reason of its own, since making the default one takes longer than all else here.
    woken.abort('woken')
  }
}

/** A signal that every host of a wave may listen to. */
function heardByMany(): AbortController {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  return controller
}
