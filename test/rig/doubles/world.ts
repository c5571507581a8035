import type { Fact } from '../../../src/model/run/event.ts'
import { sentenceOf } from '../../../src/model/run/sentence.ts'
import type {
  Check,
  Hook,
  HostPlan,
  Plan,
  PlanBody,
  SshCheck,
  TcpCheck,
  Wave,
  Failure,
} from '../../../src/model/plan/plan-schema.ts'
import type { Closure } from '../../../src/model/nix/closure.ts'
import type { Found } from '../../../src/model/host/system.ts'
import type { ApplyPorts } from '../../../src/pipeline/run/apply.ts'
import type { HostTask } from '../../../src/pipeline/host/task.ts'
import type { Ask } from '../../../src/ports/ask.ts'
import type { CheckSubject, CheckType, Measurement } from '../../../src/ports/check.ts'
import type { HookAnswer, Hooks } from '../../../src/ports/hook.ts'
import type { FleetLock, HeldFleetLock, LockHolder, LockRequest } from '../../../src/ports/lock.ts'
import type { BuildRequest, Nix } from '../../../src/ports/nix.ts'
import type { Store } from '../../../src/ports/store.ts'
import { DoubleEngine } from './engines/engine.ts'
import { DoubleHost, DoubleRemote } from './host.ts'
import { isEnding } from '../properties/ending.ts'
import { DoubleLocks, DoubleRoots } from './locks.ts'
import { MemoryJournal } from './memory-journal.ts'
import { changed, type Draft, samplePlan, sampleSettings, sampleWave, storePath } from '../samples/plan.ts'
import { VirtualClock } from './virtual-clock.ts'

/** A check with the defaults of the contract. */
export function sampleCheck(more: Partial<SshCheck> = {}): SshCheck {
  return {
    type: 'ssh',
    timeoutMs: 10_000,
    initialDelayMs: 0,
    intervalMs: 5000,
    deadlineMs: 120_000,
    successThreshold: 1,
    stableForMs: 0,
    severity: 'fail',
    when: ['before', 'after'],
    precondition: false,
    ...more,
  }
}

/** The same of a type that observing a host never answers. */
export function sampleProbe(more: Partial<Omit<TcpCheck, 'type'>> = {}): TcpCheck {
  return { ...sampleCheck(), type: 'tcp', address: null, port: 80, from: 'operator', ...more }
}

const pass: Measurement = { result: 'pass', message: 'well' }

/** Stands for a check type: a test says what it measures, of whom and at which attempt. */
class DoubleCheck implements CheckType {
  measures: (subject: CheckSubject, attempt: number) => Measurement = () => pass
  attempts = 0

  async measure(_check: Check, subject: CheckSubject): Promise<Measurement> {
    this.attempts += 1
    return this.measures(subject, this.attempts)
  }
}

/** Stands for Nix: everything is built as soon as it is asked for, unless a test says otherwise. */
class DoubleNix implements Nix {
  realises: (request: BuildRequest, signal: AbortSignal) => Found<string> | Promise<Found<string>> = ({ output }) => ({
    ok: true,
    value: output,
  })

  async lock(): Promise<never> {
    throw new Error('nobody locks a flake while a plan is applied')
  }

  async evaluate(): Promise<never> {
    throw new Error('nobody evaluates while a plan is applied')
  }

  async realise(request: BuildRequest, signal: AbortSignal): Promise<Found<string>> {
    return this.realises(request, signal)
  }
}

/** Stands for an operator: `answers` is what they say, null where there is no terminal. */
class DoubleAsk implements Ask {
  readonly questions: string[] = []
  answers: ((question: string, signal: AbortSignal) => Promise<boolean>) | null = null

  get possible(): boolean {
    return this.answers !== null
  }

  async confirm(question: string, signal: AbortSignal): Promise<boolean> {
    this.questions.push(question)
    return this.answers === null ? false : this.answers(question, signal)
  }
}

/** Stands for the programs that hooks are: a test says how each of them ends. */
class DoubleHooks implements Hooks {
  readonly calls: { readonly run: readonly string[]; readonly document: Readonly<Record<string, unknown>> }[] = []
  answers: (run: readonly string[], attempt: number) => number = () => 0

  async call({ run }: Hook, document: Readonly<Record<string, unknown>>): Promise<HookAnswer> {
    this.calls.push({ run, document })
    const code = this.answers(run, this.calls.length)
    return { how: 'exited', code, message: code === 0 ? '' : `said ${code}`, durationMs: 1 }
  }
}

/** Stands for a fleet lock: free, unless a test names who holds it for good. */
class DoubleFleetLock implements FleetLock {
  heldBy: LockHolder | null = null
  isTaken = false
  /** What its server says when it is asked to take the lock back; null: that it is free. */
  keeps: Failure | null = null

  async acquire({ onWaiting, timeoutMs }: LockRequest): Promise<Found<HeldFleetLock>> {
    if (this.heldBy !== null) {
      onWaiting(this.heldBy)
      const detail = `${this.heldBy.who} holds it; waited for ${timeoutMs} ms`
      return { ok: false, failure: { code: 'lock/held', summary: 'locked by someone else', detail } }
    }
    this.isTaken = true
    const release = async (): Promise<Found<null>> => {
      if (this.keeps !== null) return { ok: false, failure: this.keeps }
      this.isTaken = false
      return { ok: true, value: null }
    }
    return { ok: true, value: { lost: new AbortController().signal, release } }
  }

  async read(): Promise<Found<LockHolder | null>> {
    return { ok: true, value: this.heldBy }
  }

  async remove(): Promise<Found<boolean>> {
    return { ok: true, value: false }
  }
}

/** Stands for the operator's store: a system there is one path of 100 MiB, with a kernel and an initrd of their own. */
class DoubleStore implements Pick<Store, 'closure' | 'file'> {
  narSize = 100 * 1024 ** 2
  kernel = storePath('k', 'linux-6.12.58')
  kernelBytes = 10 * 1024 ** 2

  async closure(path: string): Promise<Found<Closure>> {
    const record = (one: string, narSize: number) => ({ path: one, narSize, references: [], deriver: null })
    const all = [record(path, this.narSize), record(this.kernel, this.kernelBytes)]
    return { ok: true, value: new Map(all.map((one) => [one.path, one])) }
  }

  async file(path: string): Promise<{ path: string; bytes: number } | null> {
    return path.endsWith('/kernel') ? { path: `${this.kernel}/bzImage`, bytes: this.kernelBytes } : null
  }
}

/** Everything that a rollout asks of the world, as doubles: machines in memory and a clock that takes no time. */
export class DoubleWorld implements ApplyPorts {
  readonly clock = new VirtualClock()
  readonly journal = new MemoryJournal()
  readonly nix = new DoubleNix()
  readonly ask = new DoubleAsk()
  readonly check = new DoubleCheck()
  readonly hooks = new DoubleHooks()
  readonly fleetLock = new DoubleFleetLock()
  readonly locks = new DoubleLocks(this.clock)
  readonly roots = new DoubleRoots()
  readonly store = new DoubleStore()
  readonly hosts: ReadonlyMap<string, DoubleHost>
  readonly engine: DoubleEngine
  readonly deployRs: DoubleEngine
  readonly remote: DoubleRemote
  readonly checkTypes = { ssh: this.check, tcp: this.check }
  readonly facts: Fact[] = []
  readonly plan: Plan

  constructor(plan: Plan) {
    this.plan = plan
    this.hosts = new Map(Object.keys(plan.body.hosts).map((name) => [name, new DoubleHost(name)]))
    this.engine = new DoubleEngine(this.hosts)
    this.deployRs = new DoubleEngine(this.hosts)
    this.remote = new DoubleRemote(this.hosts)
    this.locks.lacks = (name, paths) => this.hosts.get(name)?.lacks(paths) ?? []
  }

  get engines(): ApplyPorts['engines'] {
    return { nix: this.engine, 'deploy-rs': this.deployRs }
  }

  host(name = 'web'): DoubleHost {
    const host = this.hosts.get(name)
    if (host === undefined) throw new Error(`no host ${name} in this world`)
    return host
  }

  /** A host's part of a run without a run: what it tells is kept in `facts`. */
  task(name = 'web'): HostTask {
    const planned = this.plan.body.hosts[name]
    const wave = this.plan.body.waves.find(({ hosts }) => hosts.includes(name))
    if (planned === undefined || wave === undefined) throw new Error(`no host ${name} in this plan`)
    return {
      name,
      wave,
      planned,
      checks: this.plan.body.checks,
      root: `/roots/${name}`,
      run: this.journal.run,
      operator: 'ann@office',
      lockTimeoutMs: 300_000,
      forceStale: false,
      reactivate: false,
      bootingMs: 0,
      mayRollBack: false,
      directory: `/runs/${name}`,
      emit: (fact) => this.facts.push(fact),
      mayStart: async () => ({ decision: 'continue' }),
      alone: (work) => work(),
      failedReboot: () => null,
      record: () => true,
      output: (step, stream, line) => this.facts.push({ type: 'host.output', host: name, step, stream, line }),
    }
  }

  /** What was told, in words, with OLD and NEW for the two systems. */
  get story(): readonly string[] {
    return this.facts.map((fact) => shortened(sentenceOf({ ...fact, run: this.journal.run })))
  }

  /** The last ending of a host, with OLD and NEW for the two systems. */
  get ending(): unknown {
    return JSON.parse(shortened(JSON.stringify(this.facts.findLast(isEnding) ?? null))) as unknown
  }
}

/** The last fact of that type in a world, with OLD and NEW for the two systems; null: there is none. */
export function said({ facts }: DoubleWorld, type: Fact['type']): unknown {
  return JSON.parse(shortened(JSON.stringify(facts.findLast((fact) => fact.type === type) ?? null))) as unknown
}

/** Puts OLD and NEW for the systems that sample hosts run and should run. */
export function shortened(text: string): string {
  const path = (seed: string) =>
    new RegExp(storePath(seed, 'nixos-system-[a-z0-9-]+-25.05').replaceAll('.', '\\.'), 'g')
  return text.replace(path('a'), 'OLD').replace(path('b'), 'NEW')
}

/** A world in which one plan changes every host, with one check, `alive`. */
export function worldOf(
  names: readonly string[] = ['web'],
  more: {
    readonly settings?: Partial<HostPlan['settings']>
    readonly waves?: readonly Wave[]
    readonly check?: Partial<SshCheck>
    readonly hosts?: Readonly<Record<string, Draft<HostPlan>>>
    readonly body?: Partial<PlanBody>
  } = {},
): DoubleWorld {
  const drafts = Object.fromEntries(
    names.map((name): [string, Draft<HostPlan>] => {
      const settings = sampleSettings(name, { checks: ['alive'], ...more.settings })
      return [name, more.hosts?.[name] ?? { ...changed(name), settings }]
    }),
  )
  const waves = more.waves ?? [sampleWave('all', names)]
  return new DoubleWorld(samplePlan(drafts, waves, { checks: { alive: sampleProbe(more.check) }, ...more.body }))
}
