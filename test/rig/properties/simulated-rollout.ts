import { noCounts } from '../../../src/model/run/run-summary.ts'
import type { Code } from '../../../src/model/codes/codes.ts'
import { type Fact, notStarted } from '../../../src/model/run/event.ts'
import { eventOf } from '../../../src/model/run/event-of.ts'
import type { Event } from '../../../src/model/run/event-schema.ts'
import type { PlanBody } from '../../../src/model/plan/plan-schema.ts'
import { initialRun, reduce, type RunState } from '../../../src/model/run/run.ts'
import { type Move, schedule } from '../../../src/pipeline/schedule/schedule.ts'

/** How a simulated host answers: how its preparation ends, and how its activation. */
export interface HostOutcome {
  readonly prepared: 'ready' | 'converged' | 'unreachable' | 'stale'
  readonly activated: 'succeeds' | 'rolled-back' | 'fails' | 'unknown' | 'unmeasured' | 'cannot-be-taken-back'
  /** Whether it stays healthy while its wave bakes, and how it is taken back afterwards. */
  readonly bakes: 'well' | 'badly'
  readonly reverted: 'rolled-back' | 'failed'
}

/** What a simulated run left behind. */
export interface Simulated {
  readonly state: RunState
  readonly events: readonly Event[]
  /** Most hosts of each wave that were in flight at once. */
  readonly peak: ReadonlyMap<string, number>
  /** Hosts that stood still while nobody said why. */
  readonly silent: ReadonlySet<string>
}

/**
 * Plays a rollout without a world: what `schedule` allows becomes events at once, and one thing that is under way ends at a
 * time, `choose` says which. It stands for the loop of pipeline/apply.ts with instant adapters.
 */
export class SimulatedRollout {
  readonly #body: PlanBody
  readonly #outcomes: Readonly<Record<string, HostOutcome>>
  readonly #choose: (count: number) => number
  readonly #state = initialRun()
  readonly #events: Event[] = []
  readonly #silent = new Set<string>()
  readonly #peak = new Map<string, number>()
  #now = Date.UTC(2026, 0, 1)

  constructor(body: PlanBody, outcomes: Readonly<Record<string, HostOutcome>>, choose: (count: number) => number) {
    this.#body = body
    this.#outcomes = outcomes
    this.#choose = choose
  }

  /** Runs to the end; `interruptAfter` events later a signal arrives. Throws when the rollout is stuck. */
  run(interruptAfter: number | null = null): Simulated {
    const waves = this.#body.waves.map(({ name, hosts }) => ({ name, hosts }))
    this.#emit({
      type: 'run.started',
      fleet: '0',
      name: 'simulated',
      planId: '',
      startedBy: '',
      waves,
      resumes: null,
    })
    for (let steps = 0; this.#state.finished === null; steps += 1) {
      if (steps > 10_000) throw new Error('the rollout does not end')
      if (interruptAfter !== null && this.#events.length > interruptAfter && this.#state.interruptions === 0)
        this.#emit({ type: 'run.interrupted', signal: 'SIGINT', inFlight: [] })
      const decided = schedule(this.#body, this.#state, this.#now)
      for (const { host, reason } of decided.waiting) this.#emit({ type: 'host.waiting', ...this.#place(host), reason })
      if (decided.moves.length === 0) this.#noteSilent()
      for (const move of decided.moves) this.#make(move)
      if (decided.moves.length === 0) this.#advance(decided.wakeAt)
    }
    return { state: this.#state, events: this.#events, peak: this.#peak, silent: this.#silent }
  }

  #emit(fact: Fact): void {
    const event = eventOf(fact, { seq: this.#events.length, at: this.#now, run: 'simulated' })
    this.#events.push(event)
    reduce(this.#state, event)
  }

  #make(move: Move): void {
    switch (move.move) {
      case 'open':
        return this.#emit({ type: 'wave.started', wave: move.wave, hosts: [] })
      case 'gate':
        return this.#emit({ type: 'wave.promoted', wave: move.wave, reason: '' })
      case 'pause':
        return this.#emit({ type: 'wave.paused', wave: move.wave, cause: 'health', reason: move.reason })
      case 'roll-back':
        return this.#emit({ type: 'host.reverting', ...this.#place(move.host), to: '', reason: move.reason })
      case 'skip-rollback':
        return this.#endRevert(move.host, 'failed', notStarted)
      case 'prepare':
        return this.#emit({
          type: 'host.step',
          ...this.#place(move.host),
          step: 'preflight',
          status: 'started',
        })
      case 'start': {
        this.#emit({ type: 'host.started', ...this.#place(move.host), from: '', to: '' })
        const { wave } = this.#place(move.host)
        const flying = [...this.#state.hosts.values()].filter(
          (host) => host.wave === wave && host.phase === 'in-flight',
        )
        this.#peak.set(wave, Math.max(this.#peak.get(wave) ?? 0, flying.length))
        return
      }
      case 'cancel':
        return this.#emit({ type: 'host.cancelled', ...this.#place(move.host), reason: move.reason })
      case 'halt':
        return this.#emit({
          type: 'wave.halted',
          wave: move.wave,
          reason: move.reason,
          failures: 0,
          maxFailures: 0,
        })
      case 'bake':
        this.#emit({
          type: 'wave.baking',
          wave: move.wave,
          bakeTimeMs: move.remainingMs,
          remainingMs: move.remainingMs,
        })
        return this.#sicken(move.wave)
      case 'end-bake':
      case 'close':
        return this.#emit({ type: 'wave.finished', wave: move.wave, halted: false })
      case 'finish': {
        return this.#emit({
          type: 'run.finished',
          outcome: 'complete',
          exitCode: 0,
          reason: '',
          changedHosts: [],
          counts: noCounts,
        })
      }
    }
  }

  /** Ends one thing that is under way, or lets time pass when nothing is. */
  #advance(wakeAt: number | null): void {
    const busy = [...this.#state.hosts.values()].filter(
      ({ phase, reverting }) => phase === 'preparing' || phase === 'in-flight' || reverting,
    )
    const host = busy[this.#choose(busy.length)]
    if (host !== undefined) {
      this.#now += 1000
      if (host.reverting)
        return this.#endRevert(host.host, this.#outcomes[host.host]?.reverted ?? 'rolled-back', 'roll-back/failed')
      return host.phase === 'preparing' ? this.#endPreparation(host.host) : this.#endActivation(host.host)
    }
    if (wakeAt === null || wakeAt <= this.#now)
      throw new Error('the rollout is stuck: nothing to do, nothing under way')
    this.#now = wakeAt
  }

  #endPreparation(host: string): void {
    const [place, reason] = [this.#place(host), '']
    const outcome = this.#outcomes[host]?.prepared ?? 'ready'
    if (this.#state.interruptions > 0) return this.#emit({ type: 'host.cancelled', ...place, reason })
    switch (outcome) {
      case 'ready':
        return this.#emit({ type: 'host.step', ...place, step: 'copy', status: 'finished' })
      case 'converged':
        return this.#emit({ type: 'host.skipped', ...place, cause: 'converged', reason })
      case 'unreachable':
        return this.#emit({
          type: 'host.failed',
          ...place,
          step: 'preflight',
          code: 'ssh/no-answer',
          reason,
          touched: false,
          system: null,
          profile: null,
        })
      case 'stale':
        return this.#emit({ type: 'host.stale', ...place, expected: '', observed: '', reason })
    }
  }

  #endActivation(host: string): void {
    const [place, reason, step] = [this.#place(host), '', 'activate'] as const
    const systems = { system: null, profile: null }
    const outcome = this.#outcomes[host]?.activated ?? 'succeeds'
    const goesBack = outcome === 'rolled-back' || outcome === 'cannot-be-taken-back'
    if (goesBack && this.#state.hosts.get(host)?.step !== 'roll-back')
      return this.#emit({ type: 'host.step', ...place, step: 'roll-back', status: 'started' })
    switch (outcome) {
      case 'succeeds':
        return this.#emit({ type: 'host.succeeded', ...place, ...systems, generation: null })
      case 'rolled-back':
        return this.#emit({ type: 'host.rolled-back', ...place, step, code: 'activate/failed', reason, ...systems })
      case 'fails':
        return this.#emit({
          type: 'host.failed',
          ...place,
          step,
          code: 'activate/failed',
          reason,
          touched: true,
          ...systems,
        })
      case 'unknown':
      case 'unmeasured': {
        const code = outcome === 'unknown' ? 'ssh/no-answer' : 'check/no-result'
        return this.#emit({ type: 'host.unknown', ...place, step, code, reason, lastKnown: null })
      }
      case 'cannot-be-taken-back':
        return this.#emit({
          type: 'host.failed',
          ...place,
          step,
          code: 'roll-back/failed',
          reason,
          touched: true,
          ...systems,
        })
    }
  }

  #noteSilent(): void {
    if (this.#state.interruptions > 0) return
    for (const { host, phase, waiting } of this.#state.hosts.values())
      if ((phase === 'pending' || phase === 'prepared') && waiting === null) this.#silent.add(host)
  }

  /** Half-way through the bake. */
  #sicken(wave: string): void {
    for (const { host, ending } of this.#state.waves.find(({ name }) => name === wave)?.hosts ?? [])
      if (ending?.type === 'host.succeeded' && this.#outcomes[host]?.bakes === 'badly')
        this.#emit({ type: 'host.unhealthy', host, wave, check: 'alive', reason: '' })
  }

  #endRevert(host: string, result: 'rolled-back' | 'failed', code: Code): void {
    const systems = { system: null, profile: null }
    this.#emit({ type: 'host.reverted', ...this.#place(host), result, code, reason: '', ...systems })
  }

  #place(host: string): { readonly host: string; readonly wave: string } {
    const run = this.#state.hosts.get(host)
    if (run === undefined) throw new Error(`no host ${host}`)
    return { host, wave: run.wave }
  }
}
