import type { HostStep, SelectedWave } from '../model/event-schema.ts'
import type { Plan, Wave } from '../model/plan-schema.ts'
import { inFlight, type RunState } from '../model/run.ts'
import type { Observation } from '../model/system.ts'
import type { Ask } from '../ports/ask.ts'
import type { Journal } from '../ports/journal.ts'
import type { HostPorts, HostTask } from './host-task.ts'
import { prepare } from './prepare.ts'
import { conclude } from './report.ts'
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
  #failure: unknown = null
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
    this.#begin()
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
      for (const move of moves) this.#make(move)
      if (this.#failure !== null) throw this.#failure
      if (state.finished === null) await this.#next(changed, wakeAt)
    }
    this.#ports.journal.close()
    return state
  }

  #begin(): void {
    const { plan, selection, version, operator, resumes } = this.#request
    const hosts = selection.reduce((count, wave) => count + wave.hosts.length, 0)
    const { run } = this.#ports.journal
    this.#stream.emit({
      type: 'run.started',
      fleet: version,
      name: plan.body.name,
      planId: plan.planId,
      operator,
      waves: selection,
      resumes,
      message: `run ${run} of plan ${plan.planId.slice(7, 19)}: ${hosts} ${hosts === 1 ? 'host' : 'hosts'} in ${selection.map(({ name }) => name).join(', ')}`,
    })
    if (resumes !== null)
      this.#diagnose(
        'run/resumes',
        'picks up a run that did not finish',
        `Run ${resumes} of this plan has no end; the hosts are asked what it did.`,
      )
    for (const host of selection.flatMap(({ hosts: names }) => names)) this.#warnOfDependencies(host)
  }

  #warnOfDependencies(host: string): void {
    const { plan, selection } = this.#request
    const selected = new Set(selection.flatMap(({ hosts }) => hosts))
    const missing = plan.body.hosts[host]?.settings.dependsOn.filter((other) => !selected.has(other)) ?? []
    if (missing.length > 0)
      this.#diagnose(
        'run/dependency-outside',
        'depends on a host outside this run',
        `${host} depends on ${missing.join(', ')}, which this run does not touch.`,
        host,
      )
  }

  #diagnose(code: string, summary: string, detail: string, host: string | null = null): void {
    this.#stream.emit({ type: 'diagnostic', code, severity: 'warning', summary, detail, host, message: detail })
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
    this.#diagnose(
      'run/journal-lost',
      'the journal cannot be written',
      `Nothing new is started, because it could not be recorded: ${lost.message}`,
    )
    this.#interrupted('a lost journal')
  }

  #wait(host: string, reason: string): void {
    const run = this.#stream.state.hosts.get(host)
    if (run === undefined || run.waiting === reason) return
    this.#stream.emit({ type: 'host.waiting', host, wave: run.wave, reason, message: `${host} waits: ${reason}` })
  }

  #make(move: Move): void {
    const { emit } = { emit: this.#stream.emit.bind(this.#stream) }
    switch (move.move) {
      case 'open': {
        const hosts = this.#request.selection.find(({ name }) => name === move.wave)?.hosts ?? []
        this.#preparing = new AbortController()
        return emit({
          type: 'wave.started',
          wave: move.wave,
          hosts,
          message: `wave ${move.wave} started: ${hosts.join(', ')}`,
        })
      }
      case 'ask':
        return this.#ask(move.wave)
      case 'prepare':
        return this.#track(this.#prepare(move.host))
      case 'start':
        return this.#track(this.#start(move.host))
      case 'cancel':
        return emit({
          type: 'host.cancelled',
          host: move.host,
          wave: this.#waveOf(move.host).name,
          reason: move.reason,
          message: `${move.host} not reached: ${move.reason}`,
        })
      case 'halt':
        return this.#halt(move.wave, move.reason)
      case 'bake': {
        const { bakeTimeMs } = this.#wave(move.wave)
        return emit({
          type: 'wave.baking',
          wave: move.wave,
          bakeTimeMs,
          message: `wave ${move.wave} bakes for ${bakeTimeMs / 1000} s`,
        })
      }
      case 'close': {
        const halted = this.#stream.state.waves.find(({ name }) => name === move.wave)?.halted !== null
        return emit({
          type: 'wave.finished',
          wave: move.wave,
          halted,
          message: `wave ${move.wave} ${halted ? 'ended after its halt' : 'finished'}`,
        })
      }
      case 'finish':
        return this.#finish()
    }
  }

  #halt(wave: string, reason: string): void {
    const failures = this.#stream.state.waves.find(({ name }) => name === wave)?.failures ?? 0
    const { maxFailures } = this.#wave(wave)
    this.#stream.emit({
      type: 'wave.halted',
      wave,
      reason,
      failures,
      maxFailures,
      message: `wave ${wave} halted: ${reason}`,
    })
    this.#preparing.abort()
  }

  #finish(): void {
    const conclusion = conclude(this.#stream.state)
    this.#stream.emit({
      type: 'run.finished',
      ...conclusion,
      message: `run finished: ${conclusion.outcome}: ${conclusion.reason}`,
    })
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
    const observation = await prepare(this.#task(host), this.#ports, this.#preparing.signal)
    if (observation !== null) this.#observed.set(host, observation)
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
      wave: this.#waveOf(name),
      planned,
      checks: Object.fromEntries(checks),
      root: `${journal.roots}/${name}`,
      emit: (fact) => this.#stream.emit(fact),
      output: (step, stream, line) => this.#output(name, step, stream, line),
    }
  }

  #output(host: string, step: HostStep['step'], stream: 'stdout' | 'stderr', line: string): void {
    this.#ports.journal.output(host, line)
    this.#stream.emit({ type: 'host.output', host, step, stream, line, message: `${host}: ${line}` })
  }

  #waveOf(host: string): Wave {
    const run = this.#stream.state.hosts.get(host)
    if (run === undefined) throw new Error(`bug: ${host} is not in the run`)
    return this.#wave(run.wave)
  }

  #wave(name: string): Wave {
    const wave = this.#request.plan.body.waves.find((candidate) => candidate.name === name)
    if (wave === undefined) throw new Error(`bug: wave ${name} is not in the plan`)
    return wave
  }

  /** A task never rejects but for a bug, which ends the run loudly. */
  #track(task: Promise<void>): void {
    task.catch((error: unknown) => {
      this.#failure = error
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
