import { describe, expect, it } from 'vitest'
import { built } from '../../../../src/model/host/nixos-system.ts'
import type { Diff } from '../../../../src/model/plan/plan-schema.ts'
import { kindOf } from '../../../../src/pipeline/compare/diff/kind.ts'
import { sampleSystem, storePath } from '../../../rig/samples/system.ts'

const none = { added: [], removed: [], changed: [] }
const nothing: Diff = {
  exact: false,
  packages: [],
  sizeDelta: null,
  download: null,
  reboot: { needed: false, because: [] },
  units: { restarted: [], stopped: [], started: [], reloaded: [], notStopped: [], pathsOnly: [] },
  etc: [],
  users: none,
  groups: none,
  firewall: { opened: [], closed: [], enabled: null },
  inhibitors: [],
  causes: [{ name: 'nixos-version', from: null, to: null, rebuilds: 2 }],
}
const osRelease = (label: string, digit: number, more = '') => {
  const source = storePath('etc-os-release', digit)
  const entry = { source, mode: 'symlink', user: '+0', group: '+0' }
  return sampleSystem({
    label: built(label),
    etc: built(new Map([['os-release', entry]])),
    texts: new Map([[source, `BUILD_ID="${label}"${more}\n`]]),
  })
}

describe('the kind of a change', () => {
  const kind = (more: Partial<Diff>, before = sampleSystem(), after = sampleSystem()) =>
    kindOf({ ...nothing, ...more }, before, after)
  const restarted = { ...nothing.units, restarted: ['a.service'] } as NonNullable<Diff['units']>

  it.each<[string, Partial<Diff>, string]>([
    ['only the revision', {}, 'stamp'],
    ['units whose paths alone differ', { units: { ...restarted, pathsOnly: ['a.service'] } }, 'stamp'],
    ['a unit', { units: restarted }, 'configuration'],
    ['a port', { firewall: { opened: ['tcp/1'], closed: [], enabled: null } }, 'configuration'],
    [
      'a derivation that is no stamp',
      { causes: [{ name: 'nginx.conf', from: null, to: null, rebuilds: 1 }] },
      'configuration',
    ],
    ['something that is not known', { etc: null }, 'configuration'],
    ['a package', { packages: [{ name: 'a', from: ['1'], to: ['2'] }] }, 'packages'],
    [
      'a kernel with a package',
      { reboot: { needed: true, because: ['kernel'] }, packages: [{ name: 'a', from: ['1'], to: ['2'] }] },
      'reboot',
    ],
  ])('%s: %s', (_, more, expected) => {
    expect(kind(more)).toBe(expected)
  })

  it('is a stamp when /etc/os-release differs in the label alone', () => {
    const etc = [{ path: 'os-release', change: 'changed', inherited: false, patch: null }] as const
    expect(kind({ etc }, osRelease('25.05.1', 1), osRelease('25.05.2', 2))).toBe('stamp')
    expect(kind({ etc }, osRelease('25.05.1', 1), osRelease('25.05.2', 2, ' more'))).toBe('configuration')
  })

  it('needs the chosen packages for a witness where the old derivations are not known', () => {
    const chosen = (...selected: readonly string[]) =>
      sampleSystem({ packages: built({ scope: 'closure', paths: [], selected }) })
    const stamp = [chosen(storePath('nixos-version', 1)), chosen(storePath('nixos-version', 2))] as const
    expect(kind({ causes: null }, ...stamp)).toBe('stamp')
    expect(kind({ causes: null }, chosen(storePath('git', 1)), chosen(storePath('git', 2)))).toBe('configuration')
  })
})
