import { describe, expect, it } from 'vitest'
import { built, predicted, unknown } from '../../../../src/model/host/nixos-system.ts'
import {
  comparePackages,
  compareVersionSets,
  namedByPath,
  versionsOf,
} from '../../../../src/pipeline/compare/diff/packages.ts'

let count = 0
/** A store path of that name, another one each time. */
function path(name: string): string {
  count += 1
  return `/nix/store/${String(count).padStart(32, '0')}-${name}`
}

/** Two closures as a store registers them. */
const before = [
  'bash-5.2p37',
  'curl-8.20.0',
  'curl-8.20.0-bin',
  'glibc-2.40-66',
  'glibc-2.40-66-bin',
  'openssl-3.0.13',
  'openssl-3.0.13-bin',
  'openssl-3.6.2',
  'foo-1.0pre1',
  'softhsm-2.7.0',
  'python3-3.12.11',
  'python3.12-requests-2.31.0',
  'tool-unstable-2024-01-02',
  'etc',
  'system-path',
  'unit-old.service',
  'linux-6.12.41',
  'linux-6.12.41-modules',
  'source',
  'hashed-0a1b2c3d',
  'dbus-1',
]
const after = [
  'bash-5.2p37',
  'curl-8.20.1',
  'curl-8.20.1-bin',
  'glibc-2.40-218',
  'glibc-2.40-218-bin',
  'openssl-3.0.13',
  'openssl-3.0.13-bin',
  'openssl-3.6.2.1',
  'foo-1.0',
  'jq-1.7.1',
  'jq-1.7.1-bin',
  'python3-3.12.11',
  'python3.12-requests-2.31.0',
  'tool-unstable-2024-03-02',
  'etc',
  'system-path',
  'unit-new.service',
  'linux-6.12.58',
  'linux-6.12.58-modules',
  'source',
  'hashed-9f8e7d6c',
  'dbus-1',
]

/**
 * nvd's sets, by the rules that its source states: a name ends before the first dash with a digit after it, the rest is the
 * version with the output in it, and versions are lists with repeats.
 */
function nvd(from: readonly string[], to: readonly string[]) {
  const lists = (names: readonly string[]) => {
    const found = new Map<string, string[]>()
    for (const name of names) {
      const [, pname = '', version = '<none>'] = /^(.+?)(?:-([0-9].*))?$/.exec(name) ?? []
      found.set(pname, [...(found.get(pname) ?? []), version].toSorted())
    }
    return found
  }
  const [a, b] = [lists(from), lists(to)]
  return {
    changed: [...a.keys()].filter((name) => b.has(name) && a.get(name)?.join() !== b.get(name)?.join()).toSorted(),
    added: [...b.keys()].filter((name) => !a.has(name)).toSorted(),
    removed: [...a.keys()].filter((name) => !b.has(name)).toSorted(),
  }
}

describe('packages of two closures', () => {
  it('change, come and go as nvd says', () => {
    const [from, to] = [before, after].map((names) => versionsOf(names.map(path), namedByPath))
    const changes = compareVersionSets(from ?? new Map(), to ?? new Map())
    const names = (isWanted: (direction: string | undefined) => boolean) =>
      changes.filter(({ direction }) => isWanted(direction)).map(({ name }) => name)
    // nvd takes `hashed-0a1b2c3d` apart as well: what follows begins with a digit.
    expect({
      changed: names((direction) => direction !== 'added' && direction !== 'removed'),
      added: names((direction) => direction === 'added'),
      removed: names((direction) => direction === 'removed'),
    }).toEqual(nvd(before, after))
  })

  it('have outputs folded, directions by Nix’s order, and marks for the chosen ones', () => {
    const set = (names: readonly string[], chosen: readonly string[]) =>
      built({ scope: 'closure', paths: names.map(path), selected: chosen.map(path) } as const)
    expect(
      comparePackages(set(before, ['curl-8.20.0-bin']), set(after, ['curl-8.20.1-bin', 'jq-1.7.1-bin']), namedByPath),
    ).toEqual([
      { name: 'curl', from: ['8.20.0'], to: ['8.20.1'], direction: 'up', selected: true },
      { name: 'foo', from: ['1.0pre1'], to: ['1.0'], direction: 'up', selected: false },
      { name: 'glibc', from: ['2.40-66'], to: ['2.40-218'], direction: 'up', selected: false },
      { name: 'hashed', from: ['0a1b2c3d'], to: ['9f8e7d6c'], direction: 'changed', selected: false },
      { name: 'jq', from: [], to: ['1.7.1'], direction: 'added', selected: true },
      { name: 'linux', from: ['6.12.41'], to: ['6.12.58'], direction: 'up', selected: false },
      { name: 'openssl', from: ['3.0.13', '3.6.2'], to: ['3.0.13', '3.6.2.1'], direction: 'changed', selected: false },
      { name: 'softhsm', from: ['2.7.0'], to: [], direction: 'removed', selected: false },
      { name: 'tool-unstable', from: ['2024-01-02'], to: ['2024-03-02'], direction: 'up', selected: false },
    ])
  })

  it('are the chosen ones where one closure is not known, and unknown where nothing is', () => {
    const whole = built({ scope: 'closure', paths: [path('a-1'), path('b-1')], selected: [path('a-1')] } as const)
    const chosen = predicted({ scope: 'selected', paths: [], selected: [path('a-2')] } as const)
    expect(comparePackages(whole, chosen, namedByPath)?.map(({ name }) => name)).toEqual(['a'])
    expect(comparePackages(whole, unknown('why'), namedByPath)).toBeNull()
  })
})

describe('where it is not known which packages one side chose', () => {
  const closure = (selected: readonly string[] | null) =>
    built({ scope: 'closure' as const, paths: before.map(path), selected })
  const chosen = predicted({
    scope: 'selected' as const,
    paths: [path('openssh-10.0')],
    selected: [path('openssh-10.0')],
  })

  it('nothing is called new or removed', () => {
    expect(comparePackages(closure(null), chosen, namedByPath)).toBeNull()
    expect(comparePackages(chosen, closure(null), namedByPath)).toBeNull()
  })

  it('two closures are compared as they are', () => {
    expect(comparePackages(closure(null), closure(null), namedByPath)).toEqual([])
  })
})
