import { setMaxListeners } from 'node:events'
import { expect, test } from 'vitest'
import type { Source } from '../../../src/model/plan/plan-schema.ts'
import type { Evaluation, Found } from '../../../src/model/host/system.ts'
import { evaluateHosts } from '../../../src/pipeline/evaluate/evaluate.ts'
import type { EvaluationRequest, Nix } from '../../../src/ports/nix.ts'
import { DoubleMemory } from '../../rig/doubles/memory.ts'
import { fleetOf } from '../../rig/files/fleet-file.ts'
import { MemoryEvaluations } from '../../rig/doubles/memory-evaluations.ts'
import { failedEvaluation as failed, sampleEvaluation as evaluation } from '../../rig/samples/evaluation.ts'
import { storePath } from '../../rig/samples/plan.ts'

const mebibyte = 1024 ** 2
const never = new AbortController().signal
setMaxListeners(0, never)
const source: Source = {
  original: '.',
  flake: 'git+file:///srv/fleet?rev=0123456789012345678901234567890123456789',
  rev: '0123456789012345678901234567890123456789',
  narHash: null,
  dirty: false,
  lastModified: null,
  storePath: storePath('s', 'source'),
}

/** Stands for the evaluations of a fleet: each runs until the test ends it. */
class Bench {
  readonly memory: DoubleMemory
  readonly evaluations = new MemoryEvaluations()
  readonly asked: EvaluationRequest[] = []
  readonly done: string[] = []
  key: string | null = 'one commit'
  fetched = true
  readonly #ends = new Map<string, (found: Found<Evaluation>) => void>()
  #process = 0

  constructor(free: number | null = 64 * 1024 * mebibyte) {
    this.memory = new DoubleMemory(free)
  }

  get nix(): Nix {
    return {
      lock: () => Promise.reject(new Error('nobody locks')),
      realise: () => Promise.reject(new Error('nobody builds')),
      evaluate: (request, signal) => {
        this.asked.push(request)
        this.#process += 1
        request.onStart?.(this.#process)
        return new Promise((resolve) => {
          this.#ends.set(request.attribute, resolve)
          const abort = () => resolve(failed('nix/aborted'))
          if (signal.aborted) abort()
          signal.addEventListener('abort', abort)
        })
      },
      pool: {
        memory: this.memory,
        evaluations: this.evaluations,
        identify: async () => ({ key: this.key, fetched: this.fetched }),
      },
    }
  }

  plan(hosts: readonly string[], parallelism: number, signal = never) {
    const fleet = fleetOf(`hosts:\n${hosts.map((host) => `  ${host}: {}\n`).join('')}`)
    const onHost = (host: string) => this.done.push(host)
    return evaluateHosts({ fleet, hosts: fleet.hosts, source, parallelism, onHost }, this.nix, signal)
  }

  /** Names of those that run, in the order in which they were started. */
  get started(): readonly string[] {
    return this.asked.map(({ attribute }) => attribute)
  }

  /** Resolves when that many have been started. */
  async until(count: number): Promise<void> {
    for (let turn = 0; this.asked.length < count; turn += 1) {
      if (turn > 1000) throw new Error(`only ${this.started.join(', ')} were started`)
      await Promise.resolve()
    }
    // Nothing more follows from what has happened.
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
  }

  end(host: string, found: Found<Evaluation> = { ok: true, value: evaluation(host) }): void {
    this.#ends.get(host)?.(found)
  }
}

test('hosts are evaluated side by side, and told in the order they were asked for', async () => {
  const bench = new Bench()
  const found = bench.plan(['a', 'b', 'c'], 2)
  await bench.until(2)
  expect(bench.started).toEqual(['a', 'b'])
  bench.end('b')
  await bench.until(3)
  bench.end('c')
  bench.end('a')
  expect([...(await found).keys()]).toEqual(['a', 'b', 'c'])
  expect(bench.done).toEqual(['b', 'c', 'a'])
  expect(bench.memory.isWatched).toBe(false)
})

test('a host that does not evaluate hurts no other', async () => {
  const bench = new Bench()
  const found = bench.plan(['a', 'b'], 2)
  await bench.until(2)
  bench.end('a', failed('evaluate/failed'))
  bench.end('b')
  const evaluations = await found
  expect(evaluations.get('a')).toMatchObject({ ok: false, failure: { code: 'evaluate/failed' } })
  expect(evaluations.get('b')?.ok).toBe(true)
  expect(bench.evaluations.kept.size).toBe(1)
})

test('over the budget the youngest is killed and evaluated again, alone', async () => {
  const bench = new Bench(5 * 1024 * mebibyte)
  const found = bench.plan(['a', 'b', 'c'], 2)
  await bench.until(2)
  bench.memory.read((process) => (process === 1 ? 1000 : 2500) * mebibyte)
  expect(bench.memory.killed).toEqual([2])
  bench.end('b', failed('nix/killed'))
  bench.end('a')
  await bench.until(3)
  expect(bench.started).toEqual(['a', 'b', 'c'])
  bench.end('c')
  await bench.until(4)
  expect(bench.started).toEqual(['a', 'b', 'c', 'b'])
  bench.end('b')
  expect([...(await found).values()].every(({ ok }) => ok)).toBe(true)
  expect(bench.done).toEqual(['a', 'c', 'b'])
})

test('what the kernel ends is evaluated once more, alone; then it is the host', async () => {
  const bench = new Bench()
  const found = bench.plan(['a', 'b'], 2)
  await bench.until(2)
  bench.end('a', failed('nix/killed'))
  bench.end('b')
  await bench.until(3)
  bench.end('a', failed('nix/killed'))
  expect((await found).get('a')).toMatchObject({ ok: false, failure: { code: 'nix/killed' } })
})

test('while nothing of the source is in the store the first host runs alone', async () => {
  const bench = new Bench()
  bench.fetched = false
  const found = bench.plan(['a', 'b', 'c'], 3)
  await bench.until(1)
  expect(bench.started).toEqual(['a'])
  bench.end('a')
  await bench.until(3)
  bench.end('b')
  bench.end('c')
  await found
})

test('every child gets a heap that fits the budget', async () => {
  const bench = new Bench(4096 * mebibyte)
  const found = bench.plan(['a', 'b'], 2)
  await bench.until(2)
  // 0.75 of 4096 less 512 are 2560; half of it less 300, and nine tenths.
  expect(bench.asked[0]?.heap).toEqual({ initial: 980 * mebibyte, maximum: 2304 * mebibyte })
  bench.end('a')
  bench.end('b')
  await found
})

test('where the system does not tell its memory, only the number of processes counts', async () => {
  const bench = new Bench(null)
  const found = bench.plan(['a', 'b'], 2)
  await bench.until(2)
  expect(bench.asked[0]?.heap).toBeNull()
  bench.memory.read(() => 1e15)
  expect(bench.memory.killed).toEqual([])
  bench.end('a')
  bench.end('b')
  await found
})

test('what an interruption left is told as that', async () => {
  const bench = new Bench()
  const abort = new AbortController()
  const found = bench.plan(['a', 'b', 'c'], 1, abort.signal)
  await bench.until(1)
  abort.abort()
  const codes = [...(await found).values()].map((one) => (one.ok ? null : one.failure.code))
  expect(codes).toEqual(['nix/aborted', 'nix/aborted', 'nix/aborted'])
})

test('what was found out once is not evaluated again; of another commit it is', async () => {
  const bench = new Bench()
  const first = bench.plan(['a', 'b'], 2)
  await bench.until(2)
  bench.end('a')
  bench.end('b', failed('evaluate/failed'))
  await first
  const second = bench.plan(['a', 'b'], 2)
  await bench.until(3)
  expect(bench.started).toEqual(['a', 'b', 'b'])
  bench.end('b')
  expect((await second).get('a')).toEqual({ ok: true, value: evaluation('a') })
  bench.key = 'another commit'
  const third = bench.plan(['a', 'b'], 2)
  await bench.until(5)
  bench.end('a')
  bench.end('b')
  await third
  expect(bench.evaluations.kept.size).toBe(4)
})

test('what is not fixed is never kept', async () => {
  const bench = new Bench()
  bench.key = null
  const found = bench.plan(['a'], 1)
  await bench.until(1)
  bench.memory.read(() => 100 * mebibyte)
  bench.end('a')
  await found
  expect(bench.evaluations.kept.size).toBe(0)
  expect(bench.evaluations.learned).toEqual(
    new Map([['nixosConfigurations.a', { peakBytes: 100 * mebibyte, cpuMs: 10 }]]),
  )
})

test('what each host took decides who comes first the next time', async () => {
  const bench = new Bench()
  bench.key = null
  bench.evaluations.learned.set('nixosConfigurations.a', { peakBytes: 1, cpuMs: 10 })
  bench.evaluations.learned.set('nixosConfigurations.b', { peakBytes: 1, cpuMs: 99 })
  const found = bench.plan(['a', 'b', 'c'], 1)
  for (const [count, host] of [
    [1, 'c'],
    [2, 'b'],
    [3, 'a'],
  ] as const) {
    await bench.until(count)
    bench.end(host)
  }
  await found
  expect(bench.started).toEqual(['c', 'b', 'a'])
})
