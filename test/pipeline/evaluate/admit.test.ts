import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  admit,
  ended,
  ending,
  measured,
  openPool,
  type PoolLimits,
  type PoolState,
  started,
} from '../../../src/pipeline/evaluate/admit.ts'

const mebibyte = 1024 ** 2

/** A host of a simulated fleet: what it takes, and what an earlier run said it takes. */
interface Sample {
  readonly peak: number
  readonly learned: { readonly peakBytes: number; readonly cpuMs: number } | null
}

const bytes = fc.integer({ min: 1, max: 4096 }).map((size) => size * mebibyte)
const sample: fc.Arbitrary<Sample> = fc.record({
  peak: bytes,
  learned: fc.option(fc.record({ peakBytes: bytes, cpuMs: fc.integer({ min: 0, max: 60_000 }) })),
})
const limits: fc.Arbitrary<PoolLimits> = fc.record({
  slots: fc.integer({ min: 1, max: 8 }),
  budget: fc.option(fc.integer({ min: -512, max: 8192 }).map((size) => size * mebibyte)),
})

/** What happened, in order. */
type Step = { readonly what: 'start' | 'kill' | 'end'; readonly host: string; readonly beside: PoolState }

/** Plays a whole run: who grows and who ends next comes from the list of choices. */
function play(
  samples: readonly Sample[],
  within: PoolLimits,
  choices: readonly number[],
  cold = false,
): readonly Step[] {
  const fleet = new Map(samples.map((one, index) => [`host-${index}`, one]))
  let state = openPool([...fleet.keys()], (host) => fleet.get(host)?.learned ?? null, cold)
  const steps: Step[] = []
  for (let turn = 0; state.waiting.length + state.running.length > 0; turn += 1) {
    if (turn > 10_000) throw new Error('the pool never ends')
    const next = admit(state, within)
    if (next.do === 'start') {
      steps.push({ what: 'start', host: next.host, beside: state })
      state = started(state, next.host)
    } else if (next.do === 'kill') {
      steps.push({ what: 'kill', host: next.host, beside: state })
      state = ended(ending(state, next.host), next.host, null, true)
    } else {
      if (state.running.length === 0) throw new Error('the pool waits for nothing')
      const choice = choices[turn % choices.length] ?? 0
      if (choice % 3 === 0) {
        const host = state.running[choice % state.running.length]?.host ?? ''
        steps.push({ what: 'end', host, beside: state })
        state = ended(state, host, { peakBytes: fleet.get(host)?.peak ?? 0, cpuMs: 1 }, false)
      } else {
        const grown = state.running.map(
          ({ host, resident }) =>
            [host, Math.max(resident, ((choice % 10) / 10) * (fleet.get(host)?.peak ?? 0))] as const,
        )
        state = measured(state, new Map(grown))
      }
    }
  }
  return steps
}

const runs = [
  fc.array(sample, { minLength: 1, maxLength: 20 }),
  limits,
  fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 50 }).map((choices) => [...choices, 3]),
  fc.boolean(),
] as const

test('every host ends exactly once, whatever is killed on the way', () => {
  fc.assert(
    fc.property(...runs, (samples, within, choices, cold) => {
      const ends = play(samples, within, choices, cold).filter(({ what }) => what === 'end')
      expect(ends.map(({ host }) => host).toSorted()).toEqual(samples.map((_, index) => `host-${index}`).toSorted())
    }),
  )
})

test('estimates stay within the budget, but for a host that runs alone', () => {
  fc.assert(
    fc.property(...runs, (samples, within, choices, cold) => {
      for (const { what, host, beside } of play(samples, within, choices, cold)) {
        if (what !== 'start' || beside.running.length === 0) continue
        const { running } = started(beside, host)
        const taken = running.reduce((sum, { estimate, resident }) => sum + Math.max(estimate, resident), 0)
        expect(taken).toBeLessThanOrEqual(within.budget ?? Infinity)
        expect(running.length).toBeLessThanOrEqual(within.slots)
      }
    }),
  )
})

test('what is killed is the youngest, never the only one, and runs alone at last', () => {
  fc.assert(
    fc.property(...runs, (samples, within, choices, cold) => {
      const steps = play(samples, within, choices, cold)
      const killed = new Set<string>()
      for (const { what, host, beside } of steps) {
        if (what === 'kill') {
          expect(beside.running.length).toBeGreaterThan(1)
          expect(beside.running.at(-1)?.host).toBe(host)
          expect(killed.has(host)).toBe(false)
          killed.add(host)
        }
        if (what === 'start' && killed.has(host)) expect(beside.running).toEqual([])
        if (what === 'start' && beside.running.length > 0)
          expect(beside.running.some((running) => killed.has(running.host))).toBe(false)
      }
    }),
  )
})

test('unknown hosts come first, then the longest', () => {
  const learned = new Map([
    ['short', 1000],
    ['long', 9000],
  ])
  const { waiting } = openPool(
    ['short', 'new', 'long', 'newer'],
    (host) => (learned.has(host) ? { peakBytes: 1, cpuMs: learned.get(host) ?? 0 } : null),
    false,
  )
  expect(waiting.map(({ host }) => host)).toEqual(['new', 'newer', 'long', 'short'])
})

test('while the source is being fetched the first runs alone, then all the others may', () => {
  const free = { slots: 4, budget: null }
  const first = started(
    openPool(['a', 'b', 'c'], () => null, true),
    'a',
  )
  expect(admit(first, free)).toEqual({ do: 'wait' })
  expect(admit(ended(first, 'a', null, false), free)).toEqual({ do: 'start', host: 'b' })
})

test('a host that nobody knows is taken to need what the largest of this run did', () => {
  const pool = openPool(['a', 'b'], () => null, false)
  const grown = measured(started(pool, 'a'), new Map([['a', 3000 * mebibyte]]))
  expect(admit(grown, { slots: 2, budget: 5999 * mebibyte })).toEqual({ do: 'wait' })
  expect(admit(grown, { slots: 2, budget: 6000 * mebibyte })).toEqual({ do: 'start', host: 'b' })
})

test('nothing starts and nobody else is killed until the one that was has gone', () => {
  const both = started(
    started(
      openPool(['a', 'b', 'c'], () => null, false),
      'a',
    ),
    'b',
  )
  const over = measured(
    both,
    new Map([
      ['a', 900 * mebibyte],
      ['b', 900 * mebibyte],
    ]),
  )
  const tight = { slots: 3, budget: 1000 * mebibyte }
  expect(admit(over, tight)).toEqual({ do: 'kill', host: 'b' })
  expect(admit(ending(over, 'b'), tight)).toEqual({ do: 'wait' })
})
