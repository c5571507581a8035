import { describe, expect, it } from 'vitest'
import { parseUnit } from '../../../../../src/model/host/unit-file.ts'
import { decide, noActions, unitRulesOf } from '../../../../../src/pipeline/compare/diff/units/unit-actions.ts'

interface Case {
  readonly name?: string
  readonly before?: string
  readonly after?: string | null
  readonly active?: readonly string[]
  readonly there?: readonly string[]
}

/** The actions on one changed unit, those that are empty left out. */
function actionsOn({
  name = 'x.service',
  before = '[Service]\nA=1',
  after = '[Service]\nA=2',
  active = [],
  there = [],
}: Case) {
  const actions = noActions()
  const world = {
    isActive: (unit: string) => active.includes(unit),
    isInNewSystem: (unit: string) => there.includes(unit),
  }
  decide({ name, before: parseUnit([before]), after: after === null ? 'gone' : parseUnit([after]) }, world, actions)
  return Object.fromEntries(
    Object.entries(actions).flatMap(([key, units]: [string, Set<string>]) =>
      units.size > 0 ? [[key, [...units]]] : [],
    ),
  )
}

describe('a running unit whose file changes', () => {
  it.each<[string, Case, Record<string, readonly string[]>]>([
    ['is stopped and started', {}, { stop: ['x.service'], start: ['x.service'] }],
    ['is left alone when nothing of weight differs', { after: '[Service]\nA=1\n[Unit]\nDescription=new' }, {}],
    [
      'is restarted with X-StopIfChanged=false',
      { after: '[Service]\nA=2\nX-StopIfChanged=false' },
      { restart: ['x.service'] },
    ],
    [
      'is reloaded with X-ReloadIfChanged',
      { after: '[Service]\nA=2\nX-ReloadIfChanged=true' },
      { reload: ['x.service'] },
    ],
    [
      'is left running with X-RestartIfChanged=false',
      { after: '[Service]\nA=2\nX-RestartIfChanged=false' },
      { skip: ['x.service'] },
    ],
    [
      'is left running with RefuseManualStop',
      { after: '[Service]\nA=2\n[Unit]\nRefuseManualStop=yes' },
      { skip: ['x.service'] },
    ],
    [
      'is left running with X-OnlyManualStart',
      { after: '[Service]\nA=2\n[Unit]\nX-OnlyManualStart=yes' },
      { skip: ['x.service'] },
    ],
    [
      'is reloaded rather than left running',
      { after: '[Service]\nX-ReloadIfChanged=yes\nX-RestartIfChanged=no' },
      { reload: ['x.service'] },
    ],
    ['is stopped when it is gone', { after: null }, { stop: ['x.service'] }],
    ['is left when gone with X-StopOnRemoval=no', { before: '[Unit]\nX-StopOnRemoval=no', after: null }, {}],
    ['of another kind than a service is restarted', { name: 'x.timer' }, { restart: ['x.timer'] }],
    ['is left alone when it is a socket', { name: 'x.socket' }, {}],
    ['is left alone when it is a slice', { name: 'x.slice' }, {}],
    ['is left alone when it is a path', { name: 'x.path' }, {}],
    ['is restarted when it is a mount', { name: 'srv.mount' }, { restart: ['srv.mount'] }],
    ['is reloaded when it is /', { name: '-.mount' }, { reload: ['-.mount'] }],
    ['is not told of when it is a target', { name: 'x.target' }, {}],
    [
      'is stopped and started again when it is a target that says so',
      { name: 'x.target', after: '[Unit]\nX-StopOnReconfiguration=yes' },
      { again: ['x.target'] },
    ],
    [
      'with a running socket is stopped with it, and the socket is started',
      { active: ['x.socket'], there: ['x.socket'] },
      { stop: ['x.socket', 'x.service'], start: ['x.socket'] },
    ],
    [
      'whose socket is gone is started itself',
      { active: ['x.socket'] },
      { stop: ['x.socket', 'x.service'], start: ['x.service'] },
    ],
    ['that gets a socket waits for it', { there: ['x.socket'] }, { stop: ['x.service'] }],
    [
      'names its sockets',
      { after: '[Service]\nA=2\nSockets=a.socket b.socket', active: ['a.socket'], there: ['a.socket', 'b.socket'] },
      { stop: ['a.socket', 'x.service'], start: ['a.socket'] },
    ],
    [
      'that is not socket-activated is started all the same',
      { after: '[Service]\nA=2\nX-NotSocketActivated=yes', active: ['x.socket'], there: ['x.socket'] },
      { stop: ['x.socket', 'x.service'], start: ['x.socket', 'x.service'] },
    ],
    [
      'that is an instance shares the socket of its template',
      { name: 'x@1.service', active: ['x.socket'], there: ['x.socket'] },
      { stop: ['x.socket', 'x@1.service'], start: ['x.socket'] },
    ],
  ])('%s', (_, given, expected) => {
    expect(actionsOn(given)).toEqual(expected)
  })

  it('is unclear when a text of it is not known', () => {
    const actions = noActions()
    const world = { isActive: () => false, isInNewSystem: () => false }
    decide({ name: 'x.service', before: null, after: parseUnit(['[Service]']) }, world, actions)
    decide({ name: 'y.service', before: null, after: 'gone' }, world, actions)
    expect([...actions.unclear]).toEqual(['x.service', 'y.service'])
  })
})

describe('the rules of releases before 22.05', () => {
  it.each([
    ['20.09.4321.abcdef', 'paths'],
    ['21.11', 'paths'],
    ['22.05', 'texts'],
    ['26.11pre', 'texts'],
    [null, 'texts'],
    ['unstable', 'texts'],
  ])('%s: %s', (release, rules) => {
    expect(unitRulesOf(release)).toBe(rules)
  })

  it('take every other store path for a change, whatever the text, and remount without a restart', () => {
    const world = { isActive: () => false, isInNewSystem: () => false }
    const same = parseUnit(['[Service]\nExecStart=x'])
    const [service, mount] = [noActions(), noActions()]
    decide({ name: 'x.service', before: same, after: same }, world, service, 'paths')
    decide({ name: 'data.mount', before: same, after: same }, world, mount, 'paths')
    expect([[...service.stop], [...service.start]]).toEqual([['x.service'], ['x.service']])
    expect([[...mount.reload], [...mount.restart]]).toEqual([['data.mount'], []])
  })
})
