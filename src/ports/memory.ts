/** The memory of the operator's machine, and what process groups take of it. */
export interface Memory {
  /** Bytes that programs may still take: of the machine, and of the cgroup that fleet is in. Null: the system does not tell. */
  available(): Promise<number | null>
  /** Reads again and again until the function that it returns is called. */
  watch(processes: () => readonly number[], onReading: (reading: MemoryReading) => void): () => void
  /** Ends a process group at once; one that has ended already is fine. */
  kill(process: number): void
}

/** All of one moment. */
export interface MemoryReading {
  readonly available: number | null
  /** By process group; one that has ended is left out. */
  readonly used: ReadonlyMap<number, MemoryUse>
}

export interface MemoryUse {
  /** Bytes in memory now, and at most so far. */
  readonly resident: number
  readonly peak: number
  readonly cpuMs: number
}
