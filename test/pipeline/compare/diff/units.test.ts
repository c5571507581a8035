import { describe, expect, it } from 'vitest'
import { built, unitsOfLinks, unknown } from '../../../../src/model/host/nixos-system.ts'
import { compareUnitSets } from '../../../../src/pipeline/compare/diff/units.ts'
import { sampleSystem, storePath, withUnits } from '../../../rig/samples/system.ts'

const states = (...units: readonly string[]) =>
  units.map((unit) => ({ unit, active: 'active', sub: 'running', fragment: '' }))
const nothing = { restarted: [], stopped: [], started: [], reloaded: [], notStopped: [], pathsOnly: [] }

describe('what activation does to units', () => {
  it('tells a changed text from changed store paths', () => {
    const text = (digit: number, word: string) =>
      `[Service]\nExecStart=${storePath(`a-${digit}.0`, digit)}/bin/a ${word}\n`
    const before = withUnits({ 'paths.service': text(1, 'x'), 'text.service': text(1, 'x') }, 1)
    const after = withUnits({ 'paths.service': text(2, 'x'), 'text.service': text(2, 'y') }, 2)
    expect(compareUnitSets(before, after, states('paths.service', 'text.service'))).toEqual({
      ...nothing,
      restarted: ['paths.service', 'text.service'],
      pathsOnly: ['paths.service'],
    })
  })

  it('leaves alone what does not run', () => {
    const [before, after] = [
      withUnits({ 'a.service': '[Service]\nA=1' }, 1),
      withUnits({ 'a.service': '[Service]\nA=2' }, 2),
    ]
    expect(compareUnitSets(before, after, [])).toEqual(nothing)
  })

  it('takes an instance’s text from its template and merges its drop-ins', () => {
    const dropIn = (digit: number) => ({
      name: 'a@1.service.d/overrides.conf',
      target: `${storePath('unit-a-1.service', digit)}/a@1.service`,
    })
    const before = withUnits({ 'a@.service': '[Service]\nA=1' }, 1, [dropIn(3)])
    const after = withUnits({ 'a@.service': '[Service]\nA=1' }, 2, [dropIn(4)])
    const texts = (system: typeof before, digit: number, text: string) => ({
      ...system,
      texts: new Map([...system.texts, [dropIn(digit).target, text]]),
    })
    expect(
      compareUnitSets(texts(before, 3, '[Service]\nB=1'), texts(after, 4, '[Service]\nB=2'), states('a@1.service')),
    ).toEqual({
      ...nothing,
      restarted: ['a@1.service'],
    })
  })

  it('stops what is masked', () => {
    const before = withUnits({ 'a.service': '[Service]\nA=1' }, 1)
    const after = sampleSystem({ units: built(unitsOfLinks([{ name: 'a.service', target: '/dev/null' }])) })
    expect(compareUnitSets(before, after, states('a.service'))).toEqual({ ...nothing, stopped: ['a.service'] })
  })

  it('starts what a running target begins to want', () => {
    const wants = [{ name: 'multi-user.target.wants/new.service', target: '../new.service' }]
    const target = { 'multi-user.target': '[Unit]' }
    const after = withUnits({ ...target, 'new.service': '[Service]\nA=1', 'unwanted.service': '[Service]' }, 2, wants)
    expect(compareUnitSets(withUnits(target, 1), after, states('multi-user.target'))).toEqual({
      ...nothing,
      started: ['new.service'],
    })
    expect(compareUnitSets(withUnits(target, 1), after, [])).toEqual(nothing)
  })

  it('takes a package’s unit that is not built yet for the old one with new paths', () => {
    const link = (digit: number) => [
      { name: 'a.service', target: `${storePath('systemd-257', digit)}/example/systemd/system/a.service` },
    ]
    const side = (digit: number, text: string | null) =>
      sampleSystem({
        units: built(unitsOfLinks(link(digit))),
        texts: new Map(text === null ? [] : [[link(digit)[0]?.target ?? '', text]]),
      })
    const text = `[Service]\nExecStart=${storePath('systemd-257', 1)}/bin/a\n`
    expect(compareUnitSets(side(1, text), side(2, null), states('a.service'))).toEqual({
      ...nothing,
      restarted: ['a.service'],
      pathsOnly: ['a.service'],
    })
    expect(compareUnitSets(side(1, null), side(2, null), states('a.service'))).toEqual({
      ...nothing,
      unclear: ['a.service'],
    })
  })

  it('follows /etc/fstab', () => {
    const side = (digit: number, ...lines: readonly string[]) => {
      const source = storePath('etc-fstab', digit)
      const entry = { source, mode: 'symlink', user: '+0', group: '+0' }
      return sampleSystem({ etc: built(new Map([['fstab', entry]])), texts: new Map([[source, lines.join('\n')]]) })
    }
    const before = side(
      1,
      '/dev/a / ext4 x 0 1',
      '/dev/b /gone ext4 x',
      '/dev/c /srv/my-data ext4 x',
      '/dev/d /opt xfs x',
      '/dev/e none swap sw',
    )
    const after = side(2, '/dev/a / ext4 y 0 1', '/dev/c2 /srv/my-data ext4 x', '/dev/d /opt xfs y')
    expect(compareUnitSets(before, after, [])).toEqual({
      ...nothing,
      stopped: ['gone.mount'],
      restarted: [String.raw`srv-my\x2ddata.mount`],
      reloaded: ['-.mount', 'opt.mount'],
    })
  })

  it('is not known when a side or the state of units is not', () => {
    const system = withUnits({}, 1)
    expect(compareUnitSets(system, system, null)).toBeNull()
    expect(compareUnitSets(sampleSystem({ units: unknown('why') }), system, [])).toBeNull()
  })
})
