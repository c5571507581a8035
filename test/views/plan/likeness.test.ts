import { describe, expect, it } from 'vitest'
import type { Diff, PackageChange } from '../../../src/model/plan/plan-schema.ts'
import { tellChange } from '../../../src/views/plan/change-text.ts'
import { groupsOf } from '../../../src/views/plan/groups.ts'
import { likenessesOf } from '../../../src/views/plan/likeness.ts'
import { hardSpace } from '../../../src/views/terminal/width.ts'
import { changed, sampleDiff, samplePlan } from '../../rig/samples/plan.ts'

const up = (name: string, to = '2'): PackageChange => ({ name, from: ['1'], to: [to], direction: 'up' })
const ten = Array.from({ length: 10 }, (_, at) => up(`p${at}`))

/** Each change in one line, the later ones by what they have in common with earlier ones. */
function told(...diffs: readonly Partial<Diff>[]): readonly string[] {
  const hosts = diffs.map((diff, at) => [`host-${at}`, changed(`host-${at}`, sampleDiff(diff))] as const)
  const groups = groupsOf(samplePlan(Object.fromEntries(hosts)))
  const likenesses = likenessesOf(groups)
  return groups.map((group) => tellChange(group, likenesses.get(group)).replaceAll(hardSpace, ' '))
}

describe('a change is told by an earlier one', () => {
  it('when it has more', () => {
    expect(told({ packages: ten }, { packages: [...ten, up('forgejo')] })[1]).toBe(
      'packages as listed for A, and forgejo 1 → 2',
    )
  })

  it('when it has less, or another version', () => {
    const packages = [...ten.slice(2), up('p0', '3')]
    expect(told({ packages: ten }, { packages })[1]).toBe('packages as listed for A, but p0 1 → 3, without p1')
  })

  it('when its packages are the same and something else is not', () => {
    const users = { added: ['ana'], removed: [], changed: [] }
    expect(told({ packages: ten }, { packages: ten, users })[1]).toBe('packages as listed for A; users: ana added')
  })

  it('when a unit restarts for more than a store path', () => {
    const restarted = Array.from({ length: 8 }, (_, at) => `u${at}.service`)
    const units = (pathsOnly: readonly string[]) => ({ restarted, stopped: [], started: [], reloaded: [], pathsOnly })
    expect(told({ units: units(restarted) }, { units: units(restarted.slice(1)) })[1]).toBe(
      'units as listed for A, but restarts u0.service',
    )
  })

  it('that is told in full, and not by another one', () => {
    const more = [...ten, up('a')]
    expect(told({ packages: ten }, { packages: more }, { packages: [...more, up('b')] })).toEqual([
      expect.stringContaining('p0 1 → 2'),
      'packages as listed for A, and a 1 → 2',
      'packages as listed for A, and a 1 → 2, b 1 → 2',
    ])
  })

  it('and not when the lists are short or differ in more than a few names', () => {
    const short = ten.slice(0, 3)
    expect(told({ packages: short }, { packages: [...short, up('x')] })[1]).not.toContain('as listed')
    const others = Array.from({ length: 6 }, (_, at) => up(`q${at}`))
    expect(told({ packages: ten }, { packages: [...ten, ...others] })[1]).not.toContain('as listed')
  })
})
