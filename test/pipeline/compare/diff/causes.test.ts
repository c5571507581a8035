import { describe, expect, it } from 'vitest'
import type { DerivationGraph, DerivationNode } from '../../../../src/model/nix/derivation-graph.ts'
import { findCauses } from '../../../../src/pipeline/compare/diff/causes.ts'
import { storePath } from '../../../rig/samples/system.ts'

interface Sketch {
  readonly name: string
  readonly own?: string
  readonly fixed?: string
  readonly inputs?: readonly number[]
}

/** A graph from a list in which each derivation takes earlier ones; the last is the root. */
function graph(digit: number, sketches: readonly Sketch[]): DerivationGraph {
  const path = (index: number) => storePath(`${sketches[index]?.name ?? ''}-${index}.drv`, digit)
  const nodes = sketches.map(({ name, own = name, fixed, inputs = [] }, index): DerivationNode => {
    const [, pname = null, version = null] = /^(.*)-(\d.*)$/.exec(name) ?? []
    return {
      path: path(index),
      name,
      pname,
      version,
      outputs: new Map([['out', fixed ?? storePath(`${name}-${index}`, digit)]]),
      inputs: new Map(inputs.map((input) => [path(input), ['out']])),
      own,
      libraries: null,
      isFixed: fixed !== undefined,
      whole: null,
    }
  })
  return {
    root: path(sketches.length - 1),
    store: '/nix/store',
    nodes: new Map(nodes.map((node) => [node.path, node])),
  }
}

describe('causes of a rebuild', () => {
  it('are the derivations that change themselves, with what is rebuilt for them', () => {
    const side = (digit: number, version: string) =>
      graph(digit, [
        { name: `openssl-${version}` },
        { name: 'curl-8.0', own: 'curl', inputs: [0] },
        { name: 'git-2.0', own: 'git', inputs: [0, 1] },
        { name: 'nixos-system-a', own: 'top', inputs: [2] },
      ])
    expect(findCauses(side(1, '3.6.2'), side(2, '3.6.3'))).toEqual([
      { name: 'openssl', from: '3.6.2', to: '3.6.3', rebuilds: 3 },
    ])
  })

  it('are not what is fetched the same by another curl; another source is its package’s own change', () => {
    const side = (digit: number, source: string) =>
      graph(digit, [
        { name: 'same.tar.gz', fixed: storePath('same', 3) },
        { name: 'other.tar.gz', fixed: source },
        { name: 'a-1.0', own: 'a', inputs: [0] },
        { name: 'b-1.0', own: 'b', inputs: [1] },
        { name: 'nixos-system-a', own: 'top', inputs: [2, 3] },
      ])
    expect(findCauses(side(1, storePath('source', 4)), side(2, storePath('source', 5)))).toEqual([
      { name: 'b', from: '1.0', to: '1.0', rebuilds: 1 },
    ])
  })

  it('pairs variants of one package by what they say, never by place', () => {
    const side = (digit: number, order: readonly string[]) =>
      graph(digit, [
        { name: `lib-${digit}.0` },
        ...order.map((own) => ({ name: 'lvm2-2.0', own, inputs: [0] })),
        { name: 'nixos-system-a', own: 'top', inputs: [1, 2] },
      ])
    expect(findCauses(side(1, ['one', 'two']), side(2, ['two', 'one']))).toEqual([
      { name: 'lib', from: '1.0', to: '2.0', rebuilds: 3 },
    ])
  })
})
