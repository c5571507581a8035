import { describe, expect, it } from 'vitest'
import type { NixosSystem } from '../../../../../src/model/host/nixos-system.ts'
import type { HostDetail, IdleUnit, UnitNeeds } from '../../../../../src/model/host/system.ts'
import { compareUnitSets } from '../../../../../src/pipeline/compare/diff/units/units.ts'
import type { ObservedUnits } from '../../../../../src/pipeline/compare/diff/units/unit-effects.ts'
import { withUnits } from '../../../../rig/samples/system.ts'

interface Given {
  readonly active?: readonly string[]
  readonly failed?: readonly string[]
  readonly idle?: Readonly<Record<string, IdleUnit['since']>>
  /** `UNIT wants|requires|partOf OTHERS`. */
  readonly needs?: readonly string[]
}

function observed({ active = [], failed = [], idle = {}, needs = [] }: Given): ObservedUnits {
  const state = (active: string) => (unit: string) => ({ unit, active, sub: 'x', fragment: '' })
  const byUnit = new Map<string, UnitNeeds>()
  for (const line of needs) {
    const [unit = '', way = '', ...others] = line.split(' ')
    byUnit.set(unit, { ...(byUnit.get(unit) ?? { unit, wants: [], requires: [], partOf: [] }), [way]: others })
  }
  return {
    unitStates: [...active.map(state('active')), ...failed.map(state('failed'))] satisfies HostDetail['unitStates'],
    idleUnits: Object.entries(idle).map(([unit, since]) => ({ unit, since })),
    unitNeeds: [...byUnit.values()],
  }
}

const target = { 'multi-user.target': '[Unit]' }
const link = (unit: string) => ({ name: `multi-user.target.wants/${unit}`, target: `../${unit}` })
const service = (word: string, unit = '') => `[Unit]\n${unit}\n[Service]\nExecStart=/bin/${word}\n`

/** What the switch does beside what it decides for running units. */
function effects(before: NixosSystem, after: NixosSystem, given: Given) {
  const found = compareUnitSets(before, after, observed(given))
  if (found === null) throw new Error('bug: all is known')
  const { restarted, stopped, started, alsoStarted = [], restartedWith = [], stoppedWith = [] } = found
  const told = (list: typeof restartedWith) => list.map(({ unit, with: seeds }) => `${unit} with ${seeds.join(' ')}`)
  return {
    restarted,
    stopped,
    started,
    alsoStarted: alsoStarted.map(({ unit, was }) => `${unit} ${was}`),
    restartedWith: told(restartedWith),
    stoppedWith: told(stoppedWith),
  }
}

const nothing = { restarted: [], stopped: [], started: [], alsoStarted: [], restartedWith: [], stoppedWith: [] }

describe('what a switch does to units that it does not name', () => {
  const units = ['hand.service', 'broken.service', 'once.service', 'new.service', 'unmet.service', 'unwanted.service']
  const idleHost = {
    active: ['multi-user.target'],
    failed: ['broken.service'],
    idle: {
      'hand.service': 'stopped',
      'once.service': 'ended',
      'new.service': 'never',
      'unmet.service': 'unmet',
      'unwanted.service': 'stopped',
    },
    needs: ['multi-user.target wants hand.service broken.service once.service new.service unmet.service'],
  } as const
  const side = (digit: number, word: string) =>
    withUnits(
      { ...target, 'a.service': service(word), ...Object.fromEntries(units.map((unit) => [unit, service(unit)])) },
      digit,
      units.filter((unit) => unit !== 'unwanted.service').map(link),
    )

  it('starts all that a running target wants and that does not run, and says what became of it', () => {
    expect(effects(side(1, 'a'), side(1, 'a'), idleHost)).toEqual({
      ...nothing,
      alsoStarted: ['broken.service failed', 'hand.service stopped', 'new.service inactive', 'once.service ended'],
    })
  })

  it('starts nothing that only an inactive target wants', () => {
    expect(effects(side(1, 'a'), side(1, 'a'), { ...idleHost, active: [] })).toEqual(nothing)
  })

  it('starts what is wanted by what it starts, and not what only a unit wants that runs already', () => {
    const given = {
      active: ['multi-user.target', 'a.service'],
      idle: { 'deep.service': 'never' },
      needs: ['multi-user.target wants a.service', 'a.service wants deep.service'],
    } as const
    const both = withUnits({ ...target, 'a.service': service('a'), 'deep.service': service('deep') }, 1)
    expect(effects(both, both, given)).toEqual(nothing)
    const stopped = {
      ...given,
      active: ['multi-user.target'],
      idle: { ...given.idle, 'a.service': 'stopped' },
    } as const
    expect(effects(both, both, stopped)).toEqual({
      ...nothing,
      alsoStarted: ['a.service stopped', 'deep.service inactive'],
    })
  })

  it('calls started, not also started, what begins to be wanted, by links or by texts', () => {
    const before = withUnits({ ...target, 'a.service': service('a') }, 1)
    const after = withUnits(
      {
        ...target,
        'a.service': service('a', 'Wants=helper.service'),
        'helper.service': service('helper'),
        'linked.service': service('linked'),
      },
      2,
      [link('linked.service')],
    )
    const given = { active: ['multi-user.target', 'a.service'], needs: ['multi-user.target wants a.service'] }
    expect(effects(before, after, given)).toMatchObject({
      started: ['helper.service', 'linked.service'],
      alsoStarted: [],
    })
  })

  it('starts a unit that is no longer masked', () => {
    const masked = withUnits(target, 1, [{ name: 'a.service', target: '/dev/null' }, link('a.service')])
    const free = withUnits({ ...target, 'a.service': service('a') }, 2, [link('a.service')])
    const given = { active: ['multi-user.target'], needs: ['multi-user.target wants a.service'] }
    expect(effects(masked, free, given)).toEqual({ ...nothing, started: ['a.service'] })
  })

  it('starts nothing that lacks what it requires', () => {
    const both = withUnits({ ...target, 'a.service': service('a') }, 1, [link('a.service')])
    const given = {
      active: ['multi-user.target'],
      idle: { 'a.service': 'never' },
      needs: ['multi-user.target wants a.service', 'a.service requires not-there.service'],
    } as const
    expect(effects(both, both, given)).toEqual(nothing)
  })

  describe('where others need a unit that changes', () => {
    const dependents = ['needs.service', 'bound.service', 'part.service', 'far.service', 'other.service']
    const running = {
      active: ['multi-user.target', 'toy.service', ...dependents],
      needs: [
        `multi-user.target wants toy.service ${dependents.join(' ')}`,
        'needs.service requires toy.service',
        'bound.service requires toy.service',
        'part.service partOf toy.service',
        'far.service requires needs.service',
        'other.service wants toy.service',
      ],
    }
    const host = (digit: number, toy: string | null, more = '') =>
      withUnits(
        {
          ...target,
          ...(toy === null ? {} : { 'toy.service': `${service(toy)}${more}` }),
          ...Object.fromEntries(dependents.map((unit) => [unit, service(unit)])),
        },
        digit,
        dependents.map(link),
      )
    const with_ = (...names: readonly string[]) => names.map((name) => `${name} with toy.service`)

    it('restarts those that require it or are part of it, and theirs', () => {
      const expected = {
        ...nothing,
        restarted: ['toy.service'],
        restartedWith: with_('bound.service', 'far.service', 'needs.service', 'part.service'),
      }
      expect(effects(host(1, 'one'), host(2, 'two'), running)).toEqual(expected)
      const flag = 'X-StopIfChanged=false\n'
      expect(effects(host(1, 'one', flag), host(2, 'two', flag), running)).toEqual(expected)
    })

    it('stops those that require it where it goes, and restarts those that are only part of it', () => {
      expect(effects(host(1, 'one'), host(2, null), running)).toEqual({
        ...nothing,
        stopped: ['toy.service'],
        stoppedWith: with_('bound.service', 'far.service', 'needs.service'),
        restartedWith: with_('part.service'),
      })
    })

    it('leaves one stopped that no target brings back', () => {
      const unwanted = {
        ...running,
        needs: ['needs.service requires toy.service', 'multi-user.target wants toy.service'],
      }
      const bare = (digit: number, toy: string) =>
        withUnits({ ...target, 'toy.service': service(toy), 'needs.service': service('needs') }, digit)
      expect(effects(bare(1, 'one'), bare(2, 'two'), unwanted)).toMatchObject({
        restarted: ['toy.service'],
        stoppedWith: with_('needs.service'),
      })
    })

    it('does not say of one that falls that it is not stopped', () => {
      const kept = (digit: number, word: string) =>
        withUnits(
          {
            ...target,
            'toy.service': service(word),
            'needs.service': `${service(word)}X-RestartIfChanged=false\n`,
          },
          digit,
        )
      const found = compareUnitSets(kept(1, 'one'), kept(2, 'two'), observed(running))
      expect(found).toMatchObject({ notStopped: [] })
    })
  })

  it('is soon told of thousands of units that all need each other', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `u${index}.service`)
    const all = (digit: number) =>
      withUnits(Object.fromEntries(names.map((name) => [name, service(String(digit))])), digit)
    const given = {
      active: [...names, 'last.service'],
      needs: [`last.service requires ${names.join(' ')}`, ...names.map((name) => `${name} partOf last.service`)],
    }
    const found = compareUnitSets(all(1), all(2), observed(given))
    expect(found?.stoppedWith).toHaveLength(1)
    expect(found?.stoppedWith?.[0]?.with).toHaveLength(20)
  })

  it('stops and starts a target that says so, changed or not, and what is part of it', () => {
    const flagged = withUnits(
      { 'again.target': '[Unit]\nX-StopOnReconfiguration=true\n', 'a.service': service('a') },
      1,
    )
    const given = {
      active: ['again.target', 'a.service'],
      needs: ['a.service partOf again.target', 'again.target wants a.service'],
    }
    expect(effects(flagged, flagged, given)).toEqual({
      ...nothing,
      restarted: ['again.target'],
      restartedWith: ['a.service with again.target'],
    })
  })

  it('starts what the target that every switch restarts requires', () => {
    const both = withUnits({ 'sysinit-reactivation.target': '[Unit]', 'resetup.service': service('resetup') }, 1)
    const given = {
      idle: { 'sysinit-reactivation.target': 'never', 'resetup.service': 'never' },
      needs: ['sysinit-reactivation.target requires resetup.service'],
    } as const
    expect(effects(both, both, given)).toMatchObject({ alsoStarted: ['resetup.service inactive'] })
  })

  it('says nothing of them where the host did not tell what units need', () => {
    const found = compareUnitSets(side(1, 'a'), side(1, 'a'), { ...observed(idleHost), unitNeeds: null })
    expect(found).not.toHaveProperty('alsoStarted')
    expect(found).not.toHaveProperty('restartedWith')
  })
})
