import { describe, expect, it } from 'vitest'
import type { ChangedHost, Diff, HostPlan } from '../../../src/model/plan/plan-schema.ts'
import { tellChange } from '../../../src/views/plan/change-text.ts'
import { dangersOf } from '../../../src/views/plan/dangers.ts'
import { foldDangers, summaryOf } from '../../../src/views/terminal/danger.ts'
import { groupsOf, isRebootCleared } from '../../../src/views/plan/groups.ts'
import { hardSpace } from '../../../src/views/terminal/width.ts'
import {
  changed,
  type Draft,
  sampleDiff,
  sampleObserved,
  samplePlan,
  sampleSettings,
  storePath,
  unreachable,
} from '../../rig/samples/plan.ts'

function told(diff: Partial<Diff>, more: Partial<ChangedHost> = {}): string {
  const [group] = groupsOf(samplePlan({ one: changed('one', sampleDiff(diff), more) }))
  return group === undefined ? 'no group' : tellChange(group).replaceAll(hardSpace, ' ')
}

function dangers(diff: Partial<Diff>, more: Partial<ChangedHost> = {}): readonly string[] {
  return dangersOf(samplePlan({ one: changed('one', sampleDiff(diff), more) })).map(summaryOf)
}

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`)

it('equal changes are one group, though sizes are known of one host alone and rebuilds are counted in another order', () => {
  const how = (known: 'built' | 'unknown') => ({ packages: 'built', sizeDelta: known, download: known }) as const
  const cause = (name: string, rebuilds: number) => ({ name, from: '1', to: '2', rebuilds })
  const one = sampleDiff({ provenance: how('built'), causes: [cause('glibc', 9), cause('zlib', 2)] })
  const unsized = { exact: false, sizeDelta: null, download: null, provenance: how('unknown') }
  const two = sampleDiff({ ...unsized, causes: [cause('zlib', 5), cause('glibc', 4)] })
  const grouped = groupsOf(samplePlan({ one: changed('one', one), two: changed('two', two) }))
  expect(grouped.map(({ hosts, sizeDelta }) => [hosts, sizeDelta])).toEqual([[['one', 'two'], null]])
  const other = sampleDiff({ causes: [cause('openssl', 1)] })
  expect(groupsOf(samplePlan({ one: changed('one', one), two: changed('two', other) }))).toHaveLength(2)
})

it('a plan that says whether a reboot is pending is believed, whatever was booted', () => {
  const base = changed('one')
  const from = sampleObserved('one', { booted: base.to.system })
  const states = (state: 'none' | 'cleared' | undefined) => {
    const reboot = { ...base.diff.reboot, ...(state === undefined ? {} : { state }) }
    return isRebootCleared({ from, to: base.to, diff: { ...base.diff, reboot } })
  }
  expect([states('none'), states('cleared'), states(undefined)]).toEqual([false, true, true])
})

describe('one line for a change', () => {
  it('names what is removed before it counts what is new', () => {
    const packages = [
      ...numbered('new-', 20).map((name) => ({ name, from: ['1'], to: ['2'] })),
      ...numbered('lost-', 7).map((name) => ({ name, from: ['1'], to: [] })),
    ]
    const text = told({ packages })
    for (const name of numbered('lost-', 7)) expect(text).toContain(`- ${name} 1`)
    expect(text).toMatch(/new-4 1 → 2 and 15 more packages$/)
  })

  it('puts the kernel and what somebody chose before the rest', () => {
    const packages = [
      { name: 'a', from: ['1'], to: ['2'], selected: false },
      { name: 'b', from: ['1'], to: ['2'], selected: true },
      { name: 'linux', from: ['6.12.58'], to: ['6.12.61'], selected: false },
    ]
    expect(told({ packages })).toBe('linux 6.12.58 → 6.12.61, b 1 → 2, a 1 → 2')
  })

  it('tells a downgrade', () => {
    const packages = [{ name: 'a', from: ['2'], to: ['1'], direction: 'down' as const }]
    expect(told({ packages })).toBe('a 2 → 1 (downgrade)')
  })

  it('tells units whose text changed from those that only have other paths', () => {
    const units = {
      restarted: ['a.service', 'b.service', 'c.service', 'd.service'],
      stopped: [],
      started: [],
      reloaded: [],
      notStopped: ['e.service'],
      pathsOnly: ['b.service', 'c.service', 'd.service', 'e.service'],
    }
    expect(told({ units })).toBe(
      'restarts a.service; restarts b.service, c.service and 1 more unit (only store paths changed); ' +
        'does not stop e.service (only store paths changed)',
    )
  })

  it('says once that everything is predicted, and each time where only some is', () => {
    const packages = [{ name: 'a', from: ['1'], to: ['2'] }]
    const units = { restarted: ['a.service'], stopped: [], started: [], reloaded: [] }
    const parts = { packages, units, sizeDelta: 1024 }
    expect(told({ ...parts, exact: false })).toBe('predicted; a 1 → 2; restarts a.service; ≈ +1.0 KiB closure')
    expect(told({ ...parts, provenance: { units: 'predicted' } })).toBe(
      'a 1 → 2; restarts a.service (predicted); +1.0 KiB closure',
    )
  })

  it('says that a stamp is all there is', () =>
    expect(told({ kind: 'stamp' })).toBe('only the recorded flake revision changes'))

  it('never says nothing', () => {
    expect(told({})).toBe('new system; no difference in the parts fleet could compare')
    expect(told({ users: null, exact: false })).toBe(
      'new system; no difference in the parts fleet could compare; predicted; unknown: users',
    )
  })

  it('says what a mode does', () => {
    expect(told({}, { settings: sampleSettings('one', { mode: 'boot' }) })).toBe('takes effect at the next boot')
    expect(told({}, { settings: sampleSettings('one', { mode: 'test' }) })).toBe('until the next boot only')
  })

  it('tells a reboot that was pending and no longer is', () => {
    const booted = storePath('e', 'nixos-system-one-25.05')
    const more = { from: sampleObserved('one', { booted }), to: { ...changed('one').to, system: booted } }
    expect(told({}, more)).toBe('reboot pending, and no longer needed')
  })
})

describe('hosts are one group', () => {
  it('when they differ in sizes and counts alone', () => {
    const causes = (rebuilds: number) => [{ name: 'openssl', from: '3.6.2', to: '3.6.2.1', rebuilds }]
    const groups = groupsOf(
      samplePlan({
        one: changed('one', sampleDiff({ sizeDelta: -10, download: 5, causes: causes(7) })),
        two: changed('two', sampleDiff({ sizeDelta: 2048, download: 5, causes: causes(2200) })),
      }),
    )
    expect(groups.map((group) => tellChange(group).replaceAll(hardSpace, ' '))).toEqual([
      '-10 B to +2.0 KiB closure; 5 B to download; rebuild of 2,200 derivations caused by openssl 3.6.2 → 3.6.2.1',
    ])
  })

  it('though one of them is built already, and then what the others predict is called predicted', () => {
    const packages = [{ name: 'a', from: ['1'], to: ['2'] }]
    const how = (known: 'built' | 'predicted') =>
      sampleDiff({ packages, exact: known === 'built', provenance: { packages: known } })
    const plan = samplePlan({ one: changed('one', how('built')), two: changed('two', how('predicted')) })
    expect(groupsOf(plan).map(({ hosts }) => hosts)).toEqual([['one', 'two']])
    expect(groupsOf(plan).map((group) => tellChange(group).replaceAll(hardSpace, ' '))).toEqual(['predicted; a 1 → 2'])
  })

  it('though the system of each is a cause by a name that holds its own', () => {
    // Nix takes the version to begin at the first dash before a digit: of web-2 that is inside its name.
    const causes = { apple: ['nixos-system-apple', '25.11'], 'web-2': ['nixos-system-web', '2-25.11'] } as const
    const drafts = Object.entries(causes).map(([host, [name, to]]) => {
      const system = storePath('b', `nixos-system-${host}-25.11`)
      const cause = { name, from: to.replace('25.11', '25.05'), to, rebuilds: 0 }
      return [
        host,
        changed(host, sampleDiff({ causes: [cause] }), { to: { ...changed(host).to, system, release: '25.11' } }),
      ] as const
    })
    const groups = groupsOf(samplePlan(Object.fromEntries(drafts)))
    expect(groups.map(({ hosts, causes }) => [hosts, causes])).toEqual([
      [['apple', 'web-2'], [{ name: 'the system itself', from: '25.05', to: '25.11', rebuilds: 0 }]],
    ])
  })

  it('and not when one takes effect at the next boot', () => {
    const boot = sampleSettings('two', { mode: 'boot' })
    const plan = samplePlan({
      one: changed('one', sampleDiff()),
      two: changed('two', sampleDiff(), { settings: boot }),
    })
    expect(groupsOf(plan)).toHaveLength(2)
  })
})

describe('it is a danger', () => {
  it('when the firewall closes the port that fleet comes through, or is switched off', () => {
    expect(dangers({ firewall: { opened: [], closed: ['tcp/22'], enabled: null } })).toEqual([
      'the firewall closes tcp/22',
    ])
    const ssh = { ...sampleSettings('one').ssh, port: 2222 }
    const settings = sampleSettings('one', { ssh })
    expect(dangers({ firewall: { opened: [], closed: ['tcp/22'], enabled: null } }, { settings })).toEqual([])
    expect(dangers({ firewall: { opened: [], closed: [], enabled: false } })).toEqual(['the firewall is switched off'])
    expect(dangers({ firewall: { opened: ['tcp/80'], closed: [], enabled: true } })).toEqual([
      'the firewall closes tcp/22',
    ])
    for (const port of ['tcp/22', 'tcp/20-30', 'tcp/22%eth0'])
      expect(dangers({ firewall: { opened: [port], closed: [], enabled: true } })).toEqual([])
  })

  it('when the change stops the sshd that fleet logs in through', () => {
    const units = { restarted: [], stopped: ['sshd.service'], started: [], reloaded: [] }
    expect(dangers({ units })).toEqual(['the change stops sshd.service'])
    expect(dangers({ units: { ...units, restarted: ['sshd.socket'] } })).toEqual([])
    const fallen = [{ unit: 'sshd.service', with: ['keys.service'] }]
    expect(dangers({ units: { ...units, stopped: [], stoppedWith: fallen } })).toEqual([
      'the change stops sshd.service',
    ])
  })

  it('when an inhibitor changes, unless the system is for the next boot', () => {
    const inhibitors = [{ name: 'dbus', from: 'dbus', to: 'broker' }]
    expect(dangers({ inhibitors })).toEqual(['cannot switch while running: dbus'])
    expect(dangers({ inhibitors }, { settings: sampleSettings('one', { mode: 'boot' }) })).toEqual([])
  })

  it('once, when the plan says of failed units what is known anyway', () => {
    const from = sampleObserved('one', { failedUnits: ['a.service'] })
    const notes = [{ code: 'plan/failed-units', severity: 'warning', summary: 'failed already: a.service' }] as const
    expect(dangers({}, { from, notes })).toEqual(['failed already: a.service'])
  })

  it('and a line of its own for each host that does not answer, unless there are many', () => {
    const drafts = (count: number): Record<string, Draft<HostPlan>> =>
      Object.fromEntries(numbered('host-', count).map((name) => [name, unreachable(name)]))
    expect(foldDangers(dangersOf(samplePlan(drafts(5))), 5)).toHaveLength(5)
    const folded = foldDangers(dangersOf(samplePlan(drafts(6))), 5)
    expect(folded).toMatchObject([{ hosts: numbered('host-', 6), detail: '' }])
  })
})
