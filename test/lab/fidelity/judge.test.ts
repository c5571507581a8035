import { expect, it } from 'vitest'
import type { Diff } from '../../../src/model/plan/plan-schema.ts'
import type { SeenUnit } from '../systemd/seen.ts'
import type { Facts } from './facts.ts'
import { judge } from './judge.ts'

const units = (list: Readonly<Record<string, SeenUnit>>): ReadonlyMap<string, SeenUnit> => new Map(Object.entries(list))
const up = (invocation: string): SeenUnit => ({ state: 'active', invocation })

const before: Facts = {
  units: units({ 'a.service': up('1'), 'b.service': up('1'), 'c.service': up('1') }),
  managed: new Set(['a.service', 'b.service', 'c.service']),
  reloads: new Map([['r.service', 1]]),
  etc: new Map([['motd', '/nix/store/one']]),
  users: ['root'],
  ports: ['tcp/22'],
  closure: [],
  bootId: 'same',
  bootsOther: false,
}

const quiet: Diff = {
  exact: false,
  packages: [],
  sizeDelta: null,
  download: null,
  reboot: { needed: false, because: [] },
  units: { restarted: [], stopped: [], started: [], reloaded: [] },
  etc: [],
  users: { added: [], removed: [], changed: [] },
  groups: { added: [], removed: [], changed: [] },
  firewall: { enabled: null, opened: [], closed: [] },
}

const told = (diff: Diff, after: Facts) =>
  judge(diff, before, after)
    .filter(({ outcome }) => outcome !== 'right')
    .map(({ outcome, says }) => `${outcome}: ${says}`)

it('finds nothing where nothing was predicted and nothing happened', () => {
  expect(told(quiet, before)).toEqual([])
})

it('calls wrong what was predicted and did not happen', () => {
  const diff: Diff = {
    ...quiet,
    reboot: { needed: true, because: ['kernel'] },
    units: { restarted: ['a.service'], stopped: ['b.service'], started: [], reloaded: ['r.service'] },
    etc: [{ path: 'motd', change: 'changed' }],
    firewall: { enabled: null, opened: ['tcp/80'], closed: [] },
  }
  expect(told(diff, before)).toEqual([
    'wrong: restarted a.service',
    'wrong: stopped b.service',
    'wrong: reloaded r.service',
    'wrong: /etc motd changed',
    'wrong: port opened tcp/80',
    'wrong: reboot needed',
  ])
})

it('calls missing what happened and was not predicted', () => {
  const after: Facts = {
    ...before,
    units: units({ 'a.service': up('2'), 'c.service': { state: 'inactive', invocation: '1' }, 'd.service': up('1') }),
    managed: new Set(['a.service', 'c.service', 'd.service']),
    reloads: new Map([['r.service', 2]]),
    etc: new Map([
      ['motd', '/nix/store/two'],
      ['new.conf', '/nix/store/new'],
    ]),
    users: ['bob', 'root'],
    ports: [],
    bootsOther: true,
  }
  expect(told(quiet, after)).toEqual([
    'missing: restarted a.service',
    'missing: stopped b.service',
    'missing: stopped c.service',
    'missing: started d.service',
    'missing: reloaded r.service',
    'missing: /etc motd changed',
    'missing: /etc new.conf added',
    'missing: user added bob',
    'missing: port closed tcp/22',
    'missing: reboot needed',
  ])
})

it('calls unknown what the plan left open, and wrong a unit that it said would be left alone', () => {
  const diff: Diff = {
    ...quiet,
    packages: null,
    reboot: { needed: null, because: [] },
    units: {
      restarted: ['a.service'],
      stopped: [],
      started: [],
      reloaded: [],
      notStopped: ['a.service'],
      unclear: ['u'],
    },
    etc: null,
  }
  const after = { ...before, units: units({ 'a.service': up('2'), 'b.service': up('1'), 'c.service': up('1') }) }
  expect(told(diff, { ...after, bootId: 'another' })).toEqual([
    'wrong: not stopped a.service',
    'unknown: unit u',
    'unknown: /etc',
    'unknown: package',
    'unknown: reboot needed',
    'wrong: boot id',
  ])
})
