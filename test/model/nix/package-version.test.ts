import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, directionOf, isCommitHash } from '../../../src/model/nix/package-version.ts'

describe('versions in the order of Nix', () => {
  // Each line was asked of `builtins.compareVersions`.
  it.each([
    ['1.0', '2.3', -1],
    ['2.1', '2.3', -1],
    ['2.3', '2.3', 0],
    ['2.5', '2.3', 1],
    ['3.1', '2.3', 1],
    ['2.3.1', '2.3', 1],
    ['2.3.1', '2.3a', 1],
    ['2.3pre1', '2.3', -1],
    ['2.3pre3', '2.3pre12', -1],
    ['2.3a', '2.3c', -1],
    ['2.3pre1', '2.3c', -1],
    ['2.3pre1', '2.3q', -1],
    ['1.0pre1', '1.0', -1],
    ['1.0', '1-0', 0],
    ['10.0p2', '10.2p1', -1],
    ['2.40-66', '2.40-218', -1],
    ['3.6.2', '3.6.2.1', -1],
    ['', '1', -1],
    ['99999999999', '2', -1],
  ])('%s and %s: %d', (first, second, expected) => {
    expect(Math.sign(compareVersions(first, second))).toBe(expected)
    expect(Math.sign(compareVersions(second, first))).toBe(expected === 0 ? 0 : -expected)
  })

  it('is antisymmetric and calls equal versions equal', () => {
    const version = fc.stringMatching(/^[0-9a-c.pre-]{0,12}$/)
    fc.assert(
      fc.property(version, version, (first, second) => {
        expect(Math.sign(compareVersions(first, second)) + Math.sign(compareVersions(second, first))).toBe(0)
        expect(compareVersions(first, first)).toBe(0)
      }),
    )
  })
})

describe('the direction of a change', () => {
  it.each([
    [[], ['1'], 'added'],
    [['1'], [], 'removed'],
    [['1.0pre1'], ['1.0'], 'up'],
    [['1.28.0'], ['1.27.5'], 'down'],
    [['1', '3'], ['2', '4'], 'changed'],
    [['1', '2'], ['3'], 'up'],
    [['1'], ['1', '2'], 'changed'],
    [['0a1b2c3d'], ['f1e2d3c'], 'changed'],
    [[''], ['1'], 'changed'],
  ] as const)('%j → %j is %s', (from, to, expected) => {
    expect(directionOf(from, to)).toBe(expected)
  })

  it('takes no number and no word for a commit hash', () => {
    expect(['20251101', 'defaced', 'a1b2c3d', '1a2b3c'].map(isCommitHash)).toEqual([false, false, true, false])
  })
})
