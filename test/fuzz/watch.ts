import { Worker } from 'node:worker_threads'

/** Microseconds of processor time that one input may take. */
const allowed = 2_000_000
/** Milliseconds without an end of an input after which it hangs: what hangs never tells itself. */
const patience = 60_000
const room = 64 * 1024

/*
 * A reader that never comes back keeps its own thread from saying so. Another thread looks on: it names the input and ends
 * the process.
 */
const looksOn = `
const { workerData: { shared, patience } } = require('node:worker_threads')
const [count, length] = [new Int32Array(shared, 0, 1), new Int32Array(shared, 4, 1)]
let seen = -1
setInterval(() => {
  const now = Atomics.load(count, 0)
  if (now === seen && now % 2 === 1) {
    const text = Buffer.from(shared, 8, length[0]).toString('utf8')
    require('node:fs').writeSync(2, 'an input hangs: ' + text + '\\n')
    process.kill(process.pid, 'SIGKILL')
  }
  seen = now
}, patience).unref()
`

/** Sees to it that each input ends, and in time. */
export class Watch {
  readonly #shared = new SharedArrayBuffer(room)
  readonly #count = new Int32Array(this.#shared, 0, 1)
  readonly #length = new Int32Array(this.#shared, 4, 1)
  readonly #worker = new Worker(looksOn, { eval: true, workerData: { shared: this.#shared, patience } })
  #inputs = 0

  /** Inputs that were tried. */
  get inputs(): number {
    return this.#inputs
  }

  /** Reads one input; throws where that took too long. */
  async time(name: string, input: string, read: () => unknown): Promise<void> {
    this.#inputs += 1
    const bytes = Buffer.from(`${name}: ${JSON.stringify(input)}`).subarray(0, room - 8)
    bytes.copy(Buffer.from(this.#shared, 8))
    this.#length[0] = bytes.length
    Atomics.add(this.#count, 0, 1)
    const before = process.cpuUsage()
    await read()
    const { user, system } = process.cpuUsage(before)
    Atomics.add(this.#count, 0, 1)
    if (user + system > allowed) throw new Error(`it took ${Math.round((user + system) / 1000)} ms`)
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
