import { describe, expect, it } from 'vitest'
import { built, unitsOfLinks, unknown } from '../../../../../src/model/host/nixos-system.ts'
import { compareUnitSets } from '../../../../../src/pipeline/compare/diff/units/units.ts'
import { sampleSystem, storePath, withUnits } from '../../../../rig/samples/system.ts'

const states = (...units: readonly string[]) => ({
  unitStates: units.map((unit) => ({ unit, active: 'active', sub: 'running', fragment: '' })),
})
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
    expect(compareUnitSets(before, after, states())).toEqual(nothing)
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
    expect(compareUnitSets(withUnits(target, 1), after, states())).toEqual(nothing)
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

  it('starts a masked unit that is no longer masked', () => {
    const link = { name: 'multi-user.target.wants/a.service', target: '../a.service' }
    const before = withUnits({ 'multi-user.target': '[Unit]' }, 1, [link, { name: 'a.service', target: '/dev/null' }])
    const after = withUnits({ 'multi-user.target': '[Unit]', 'a.service': '[Service]\nA=1' }, 2, [link])
    expect(compareUnitSets(before, after, states('multi-user.target'))).toMatchObject({ started: ['a.service'] })
  })

  it('stops an instance whose own drop-ins go, though its template stays', () => {
    const target = `${storePath('unit-a-1.service', 3)}/a@1.service`
    const dropIn = { name: 'a@1.service.d/overrides.conf', target }
    const template = { 'a@.service': '[Service]\nA=1' }
    const before = withUnits(template, 1, [dropIn])
    const known = { ...before, texts: new Map([...before.texts, [target, '[Service]\nB=1']]) }
    expect(compareUnitSets(known, withUnits(template, 1), states('a@1.service', 'a@2.service'))).toEqual({
      ...nothing,
      stopped: ['a@1.service'],
    })
  })

  describe('follows /etc/fstab', () => {
    const side = (digit: number, ...lines: readonly string[]) => {
      const source = storePath('etc-fstab', digit)
      const entry = { source, mode: 'symlink', user: '+0', group: '+0' }
      return sampleSystem({ etc: built(new Map([['fstab', entry]])), texts: new Map([[source, lines.join('\n')]]) })
    }
    const changes = (before: readonly string[], after: readonly string[]) =>
      compareUnitSets(side(1, ...before), side(2, ...after), states())

    it.each([
      ['a mount that goes is unmounted', ['/dev/b /gone ext4 x'], [], { stopped: ['gone.mount'] }],
      ['a mount that comes is mounted', [], ['/dev/b /new ext4 x'], { started: ['new.mount'] }],
      ['one that nothing wants is not', [], ['/dev/b /new ext4 noauto'], {}],
      ['one of a network is', [], ['host:/x /new nfs x'], { started: ['new.mount'] }],
      [
        'another device is mounted anew',
        ['/dev/c /srv/my-data ext4 x'],
        ['/dev/c2 /srv/my-data ext4 x'],
        { restarted: [String.raw`srv-my\x2ddata.mount`] },
      ],
      ['other options are given to it', ['/dev/d /opt xfs x'], ['/dev/d /opt xfs y'], { reloaded: ['opt.mount'] }],
      ['/ takes other options', ['/dev/a / ext4 x'], ['/dev/a2 / ext4 y'], { reloaded: ['-.mount'] }],
      ['/ does not take another device', ['/dev/a / ext4 x'], ['/dev/a2 / ext4 x'], { notStopped: ['-.mount'] }],
      ['/ is never unmounted', ['/dev/a / ext4 x'], [], {}],
      [
        'an automount goes with its mount',
        ['/dev/b /auto ext4 x-systemd.automount'],
        [],
        { stopped: ['auto.automount', 'auto.mount'] },
      ],
      [
        'an automount goes alone',
        ['/dev/b /auto ext4 a,x-systemd.automount'],
        ['/dev/b /auto ext4 a'],
        { stopped: ['auto.automount'], reloaded: ['auto.mount'], started: ['auto.mount'] },
      ],
      ['an automount comes', [], ['/dev/b /auto ext4 x-systemd.automount'], { started: ['auto.automount'] }],
      ['swap that goes is switched off', ['/dev/e none swap sw'], [], { stopped: ['dev-e.swap'] }],
      [
        'swap that comes is switched on',
        [],
        ['UUID=a-b none swap sw'],
        { started: [String.raw`dev-disk-by\x2duuid-a\x2db.swap`] },
      ],
    ] as const)('%s', (_, before, after, expected) => {
      expect(changes(before, after)).toEqual({ ...nothing, ...expected })
    })
  })

  it('names the file of /etc behind a path, and calls the rest store paths only', () => {
    const trigger = (digit: number) => storePath('etc-trig.conf', digit)
    const unit = (digit: number) => `[Unit]\nX-Restart-Triggers=${trigger(digit)}\n[Service]\nA=1\n`
    const side = (digit: number, text: string, entry = 'trig.conf') => {
      const system = withUnits({ 'a.service': unit(digit) }, digit)
      const etc = { source: trigger(digit), mode: 'symlink', user: '+0', group: '+0' }
      return {
        ...system,
        etc: built(new Map([[entry, etc]])),
        texts: new Map([...system.texts, [trigger(digit), text]]),
      }
    }
    expect(compareUnitSets(side(1, 'one'), side(2, 'two'), states('a.service'))).toEqual({
      ...nothing,
      restarted: ['a.service'],
      because: [{ unit: 'a.service', files: ['/etc/trig.conf'] }],
    })
    expect(compareUnitSets(side(1, 'one', 'x'), side(2, 'two', 'y'), states('a.service'))).toMatchObject({
      because: [{ unit: 'a.service', files: ['etc-trig.conf'] }],
    })
    const [from, to] = [storePath('bash-5.2', 1), storePath('bash-5.3', 2)]
    expect(compareUnitSets(side(1, from), side(2, to), states('a.service'))).toMatchObject({
      pathsOnly: ['a.service'],
    })
  })

  it('names a configuration behind a script', () => {
    const [script, conf] = [
      (digit: number) => `${storePath('unit-script-a-start', digit)}/bin/a-start`,
      (digit: number) => storePath('a.conf', digit),
    ]
    const side = (digit: number, text: string) => {
      const system = withUnits({ 'a.service': `[Service]\nExecStart=${script(digit)}\n` }, digit)
      const more = [
        [script(digit), `run --config ${conf(digit)}`],
        [conf(digit), text],
      ] as const
      return { ...system, texts: new Map([...system.texts, ...more]) }
    }
    expect(compareUnitSets(side(1, 'one'), side(2, 'two'), states('a.service'))).toMatchObject({
      because: [{ unit: 'a.service', files: ['a.conf'] }],
    })
  })

  it('says that systemd is executed again for another build of it, or for its settings', () => {
    const settings = (digit: number) =>
      sampleSystem({
        etc: built(
          new Map([['systemd/system.conf', { source: storePath('x', digit), mode: 'symlink', user: '', group: '' }]]),
        ),
      })
    const build = (digit: number) => sampleSystem({ systemd: built(storePath('systemd-257', digit)) })
    expect(compareUnitSets(settings(1), settings(2), states())).toEqual({ ...nothing, reexecuted: 'settings' })
    expect(compareUnitSets(build(1), build(2), states())).toEqual({ ...nothing, reexecuted: 'package' })
    expect(compareUnitSets(build(1), build(1), states())).toEqual(nothing)
  })

  it('is not known when a side or the state of units is not', () => {
    const system = withUnits({}, 1)
    expect(compareUnitSets(system, system, null)).toBeNull()
    expect(compareUnitSets(sampleSystem({ units: unknown('why') }), system, states())).toBeNull()
  })
})
