import type { Memory, MemoryReading } from '../../../src/ports/memory.ts'

/** Stands for a machine's memory: a test says what is free, reads when it likes, and sees what was killed. */
export class DoubleMemory implements Memory {
  readonly killed: number[] = []
  free: number | null
  #processes: () => readonly number[] = () => []
  #onReading: ((reading: MemoryReading) => void) | null = null

  constructor(free: number | null) {
    this.free = free
  }

  async available(): Promise<number | null> {
    return this.free
  }

  watch(processes: () => readonly number[], onReading: (reading: MemoryReading) => void): () => void {
    this.#processes = processes
    this.#onReading = onReading
    return () => {
      this.#onReading = null
    }
  }

  /** True between the beginning and the end of a pool. */
  get isWatched(): boolean {
    return this.#onReading !== null
  }

  /** Tells what each running process holds; what is free is less by as much. */
  read(sizeOf: (process: number) => number): void {
    const used = new Map(
      this.#processes().map((process) => {
        const resident = sizeOf(process)
        return [process, { resident, peak: resident, cpuMs: 10 }] as const
      }),
    )
    const taken = [...used.values()].reduce((sum, { resident }) => sum + resident, 0)
    this.#onReading?.({ available: this.free === null ? null : this.free - taken, used })
  }

  kill(process: number): void {
    this.killed.push(process)
  }
}
