import { describe, expect, it } from 'vitest'
import type { Wave } from '../../../src/model/plan/plan-schema.ts'
import { checksLine } from '../../../src/views/plan/checks.ts'
import { letterOf, lettersOf } from '../../../src/views/plan/letters.ts'
import { limitsOf, tellLimits } from '../../../src/views/plan/limits.ts'
import { planText } from '../../../src/views/plan/text/plan.ts'
import { changed, excluded, samplePlan, sampleSettings, sampleWave, unchanged } from '../../rig/samples/plan.ts'

const wave = (more: Partial<Wave> = {}) => sampleWave('x', ['x'], more)

describe('limits of waves', () => {
  it('are said once where all agree', () => {
    expect(limitsOf([wave(), wave()])).toEqual({
      shared: '4 hosts at a time, halts at the first failure',
      own: ['', ''],
    })
    const bakes = { bakeTimeMs: 90_000 }
    expect(limitsOf([wave(bakes), wave(bakes)]).shared).toBe(
      '4 hosts at a time, halts at the first failure, bakes 1m30s',
    )
  })

  it('of one wave that differ from most are noted with it', () => {
    const own = wave({ maxParallel: 1, maxFailures: 2 })
    expect(limitsOf([wave(), wave(), own])).toEqual({
      shared: '4 hosts at a time, halts at the first failure, unless noted',
      own: ['', '', '1 at a time; halts at 3 failures'],
    })
  })

  it('are each told with its wave where no two agree', () => {
    expect(limitsOf([wave(), wave({ maxParallel: 1 })])).toEqual({
      shared: 'halts at the first failure',
      own: ['4 at a time', '1 at a time'],
    })
  })

  it('that some waves do not have are never said of all', () => {
    const { shared, own } = limitsOf([wave({ bakeTimeMs: 60_000 }), wave({ bakeTimeMs: 60_000 }), wave()])
    expect(shared).toBe('4 hosts at a time, halts at the first failure')
    expect(own).toEqual(['bakes 1m', 'bakes 1m', ''])
  })

  it('begin with the approval, which comes before the wave', () => {
    const all = wave({ promotion: 'manual', maxParallel: 1, batches: [1, 9], maxFailures: 1, bakeTimeMs: 600_000 })
    expect(tellLimits(all)).toBe('asks first, 1 host at a time, batches end at 1, 9, halts at 2 failures, bakes 10m')
    const waves = [sampleWave('canary', ['one']), sampleWave('rest', ['two'], { promotion: 'manual' })]
    const text = planText(samplePlan({ one: changed('one'), two: changed('two') }, waves), {
      color: false,
      width: 80,
      verbose: false,
    })
    expect(text).toMatch(/^ {2}2 rest .* asks first$/m)
    expect(text).not.toMatch(/^ {2}1 canary .* asks/m)
  })
})

describe('letters of changes', () => {
  it('go on after Z', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
  })

  it('that follow each other are one run, and many runs are cut', () => {
    expect(lettersOf([])).toBe('')
    expect(lettersOf([1, 0])).toBe('A, B')
    expect(lettersOf([6, 0, 1, 2, 4])).toBe('A–C, E, G')
    expect(lettersOf([0, 2, 4, 5, 6], 2)).toBe('A, C and 3 more')
  })
})

describe('checks in one line', () => {
  const checked = (host: string, checks: readonly string[]) =>
    changed(host, undefined, { settings: sampleSettings(host, { checks }) })
  const line = (plan: ReturnType<typeof samplePlan>) => checksLine(plan, { all: false, hint: '' })

  it('say all hosts where it is all of the plan, without those left out of it', () => {
    const three = { a: unchanged('a'), b: changed('b'), c: changed('c'), d: excluded('d', 'disabled') }
    expect(line(samplePlan(three))).toBe('Checks: ssh, units on all 3 hosts.')
    expect(line(samplePlan({ a: unchanged('a'), b: changed('b') }))).toBe('Checks: ssh, units on both hosts.')
    expect(line(samplePlan({ a: unchanged('a') }))).toBe('Checks: ssh, units on a.')
  })

  it('begin with the list of most hosts and end with those of waves', () => {
    const plan = samplePlan({ a: checked('a', []), b: checked('b', ['ssh']), c: checked('c', ['ssh']) }, [
      sampleWave('all', ['a', 'b', 'c'], { checks: ['site'] }),
    ])
    expect(line(plan)).toBe('Checks: ssh on b, c; no checks on a; site on wave all.')
  })

  it('count the lists after the sixth, unless all are asked for', () => {
    const hosts = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`h${at}`, checked(`h${at}`, [`c${at}`])]))
    const plan = samplePlan(hosts)
    expect(checksLine(plan, { all: false, hint: ' (--verbose lists them)' })).toMatch(
      /; 3 more combinations \(--verbose lists them\)\.$/,
    )
    expect(checksLine(plan, { all: true, hint: '' })).toMatch(/; c8 on h8\.$/)
  })
})
