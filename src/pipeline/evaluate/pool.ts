import type { EvaluationCost } from '../../model/nix/evaluation-cost.ts'
import type { Found } from '../../model/host/system.ts'
import type { Memory, MemoryReading, MemoryUse } from '../../ports/memory.ts'
import type { Heap } from '../../ports/nix.ts'
import { admit, ended, ending, measured, openPool, type PoolState, started } from './admit.ts'
import { budgetOf, heapOf } from './budget.ts'

/** What one evaluation is started with. */
export interface Start {
  readonly heap: Heap | null
  readonly onStart: (process: number) => void
}

export interface PoolRequest<T> {
  readonly hosts: readonly string[]
  readonly learned: (host: string) => EvaluationCost | null
  /** Evaluations at once, however much memory there is. */
  readonly slots: number
  /** The first host runs alone, since it fetches what all of them need. */
  readonly cold: boolean
  readonly evaluate: (host: string, start: Start) => Promise<Found<T>>
  /** Called once for each host, as soon as it is done. */
  readonly onEnd: (host: string, found: Found<T>, cost: EvaluationCost | null) => void
}

/** Runs every evaluation to its end, as many at once as memory allows; null: memory is not watched. */
export async function runPool<T>(request: PoolRequest<T>, memory: Memory | null): Promise<void> {
  const available = memory === null ? null : await memory.available()
  await new EvaluationPool(request, memory, budgetOf(available, 0)).run()
}

/** One run of a pool. It decides nothing: `admit` does. */
class EvaluationPool<T> {
  readonly #request: PoolRequest<T>
  readonly #memory: Memory | null
  readonly #processes = new Map<string, number>()
  readonly #uses = new Map<string, MemoryUse>()
  readonly #slots: number
  #budget: number | null
  #state: PoolState
  #resolve: () => void = () => {}
  #reject: (reason: unknown) => void = () => {}

  constructor(request: PoolRequest<T>, memory: Memory | null, budget: number | null) {
    this.#request = request
    this.#memory = memory
    this.#budget = budget
    this.#slots = Math.max(1, Math.min(request.slots, request.hosts.length))
    this.#state = openPool(request.hosts, request.learned, request.cold)
  }

  async run(): Promise<void> {
    const stop = this.#memory?.watch(
      () => [...this.#processes.values()],
      (reading) => {
        try {
          this.#read(reading)
        } catch (error) {
          this.#reject(error)
        }
      },
    )
    try {
      await new Promise<void>((resolve, reject) => {
        this.#resolve = resolve
        this.#reject = reject
        this.#step()
      })
    } finally {
      stop?.()
    }
  }

  #step(): void {
    if (this.#state.waiting.length === 0 && this.#state.running.length === 0) {
      this.#resolve()
      return
    }
    for (;;) {
      const next = admit(this.#state, { slots: this.#slots, budget: this.#budget })
      switch (next.do) {
        case 'wait':
          return
        case 'start':
          this.#start(next.host)
          break
        case 'kill': {
          const process = this.#processes.get(next.host)
          if (process === undefined) return
          this.#state = ending(this.#state, next.host)
          this.#memory?.kill(process)
          break
        }
      }
    }
  }

  #start(host: string): void {
    this.#state = started(this.#state, host)
    const onStart = (process: number) => this.#processes.set(host, process)
    this.#request
      .evaluate(host, { heap: heapOf(this.#budget, this.#slots), onStart })
      .then((found) => {
        this.#end(host, found)
        this.#step()
      })
      .catch((error: unknown) => this.#reject(error))
  }

  #end(host: string, found: Found<T>): void {
    const running = this.#state.running.find((one) => one.host === host)
    const use = this.#uses.get(host)
    const cost = use === undefined ? null : { peakBytes: use.peak, cpuMs: use.cpuMs }
    // Ended by us, or by the kernel because memory ran out: neither says anything of a host that had company.
    const wasKilled = !found.ok && (running?.ending === true || found.failure.code === 'nix/killed')
    const again = wasKilled && running?.alone === false
    this.#processes.delete(host)
    this.#uses.delete(host)
    this.#state = ended(this.#state, host, cost, again)
    if (!again) this.#request.onEnd(host, found, cost)
  }

  #read({ available, used }: MemoryReading): void {
    const residents = new Map<string, number>()
    for (const [host, process] of this.#processes) {
      const use = used.get(process)
      if (use === undefined) continue
      const before = this.#uses.get(host)
      this.#uses.set(host, { ...use, peak: Math.max(use.peak, before?.peak ?? 0) })
      residents.set(host, use.resident)
    }
    this.#budget = budgetOf(
      available,
      [...used.values()].reduce((total, { resident }) => total + resident, 0),
    )
    this.#state = measured(this.#state, residents)
    this.#step()
  }
}
