import { readFileSync } from 'node:fs'
import { procMemory } from '../src/adapters/memory.ts'
import type { Memory, MemoryReading } from '../src/ports/memory.ts'

/** What one run took. Memory is the largest sum of resident sizes that was seen at one moment. */
export interface Measured {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakBytes: number
}

/** The machine's memory, with a note of what the watched processes took; `budgetFor` may say how much is free instead. */
export class WatchedMemory implements Memory {
  peakBytes = 0
  readonly killed: number[] = []
  readonly #real = procMemory()
  readonly #free: number | null | 'real'

  /** `free`: bytes that are free when nothing runs; null: nothing is told. */
  constructor(free: number | null | 'real') {
    this.#free = free
  }

  async available(): Promise<number | null> {
    return this.#free === 'real' ? this.#real.available() : this.#free
  }

  watch(processes: () => readonly number[], onReading: (reading: MemoryReading) => void): () => void {
    return this.#real.watch(processes, ({ available, used }) => {
      const taken = [...used.values()].reduce((sum, { resident }) => sum + resident, 0)
      this.peakBytes = Math.max(this.peakBytes, taken)
      const free = this.#free === 'real' ? available : this.#free === null ? null : this.#free - taken
      onReading({ available: free, used })
    })
  }

  kill(process: number): void {
    this.killed.push(process)
    this.#real.kill(process)
  }
}

/** Measures a piece of work that starts processes and waits for them. */
export async function measure(memory: WatchedMemory, work: () => Promise<void>): Promise<Measured> {
  const [began, spent] = [performance.now(), cpuOfChildrenMs()]
  await work()
  return { wallMs: performance.now() - began, cpuMs: cpuOfChildrenMs() - spent, peakBytes: memory.peakBytes }
}

/** Time of all children that have ended and been waited for (man 5 proc, cutime and cstime). */
function cpuOfChildrenMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * 10
}

/** The middle one of each figure. */
function medians(runs: readonly Measured[]): Measured {
  const middle = (pick: (run: Measured) => number) => {
    const sorted = runs.map(pick).toSorted((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  }
  return {
    wallMs: middle((run) => run.wallMs),
    cpuMs: middle((run) => run.cpuMs),
    peakBytes: middle((run) => run.peakBytes),
  }
}

/** Runs each in turn, A B A B, so that what else the machine does falls on all alike; medians by name. */
export async function interleaved(
  rounds: number,
  variants: Readonly<Record<string, () => Promise<Measured>>>,
): Promise<ReadonlyMap<string, Measured>> {
  const runs = new Map<string, Measured[]>(Object.keys(variants).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const [name, run] of Object.entries(variants)) runs.get(name)?.push(await run())
  return new Map([...runs].map(([name, all]) => [name, medians(all)]))
}

/** A line for each variant, its figures beside those of the one that it is held against. */
export function table(results: ReadonlyMap<string, Measured>, against: string): string {
  const base = results.get(against)
  if (base === undefined) throw new Error(`bug: nothing is called ${against}`)
  const rows = [...results].map(([name, { wallMs, cpuMs, peakBytes }]) =>
    [
      name.padEnd(44),
      `${(wallMs / 1000).toFixed(2)} s`.padStart(9),
      `${(cpuMs / 1000).toFixed(2)} s`.padStart(9),
      `${Math.round(peakBytes / 1024 ** 2)} MiB`.padStart(10),
      (wallMs / base.wallMs).toFixed(3).padStart(8),
      (cpuMs / base.cpuMs).toFixed(2).padStart(7),
      (peakBytes / base.peakBytes).toFixed(2).padStart(7),
    ].join(''),
  )
  const head = `${''.padEnd(44)}     wall      cpu    Σ RSS    wall÷    cpu÷    RSS÷`
  return [head, ...rows].map((row) => `  ${row.trimEnd()}`).join('\n')
}
