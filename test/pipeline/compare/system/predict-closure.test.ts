import { expect, it } from 'vitest'
import type { ClosurePath } from '../../../../src/model/nix/closure.ts'
import type { Derivation } from '../../../../src/model/nix/derivation.ts'
import { nodeOf } from '../../../../src/model/nix/derivation-graph.ts'
import { predictClosure } from '../../../../src/pipeline/compare/system/predict-closure.ts'
import { storePath } from '../../../rig/samples/system.ts'

interface Given {
  readonly env?: Readonly<Record<string, string>>
  readonly inputs?: readonly string[]
}

function derivation(name: string, { env = {}, inputs = [] }: Given): Derivation {
  return {
    path: storePath(`${name}.drv`),
    name,
    outputs: new Map([['out', { path: storePath(name), hash: null }]]),
    inputs: new Map(inputs.map((input) => [storePath(`${input}.drv`), ['out']])),
    sources: [],
    platform: 'x86_64-linux',
    builder: '/bin/sh',
    args: [],
    env: new Map(Object.entries(env)),
  }
}

/** What a system is predicted to need that links the first of these derivations, by names, where others ran before. */
function predicted(parts: readonly Derivation[], before: readonly string[] = ['glibc-2.40']): readonly string[] {
  const first = parts[0]?.name ?? ''
  const root = derivation('nixos-system-a', {
    env: { buildCommand: `ln -s ${storePath(first)} $out/part` },
    inputs: [first],
  })
  const derivations = [root, ...parts]
  const record: ClosurePath = { narSize: 1, references: [], deriver: null } as unknown as ClosurePath
  const paths = predictClosure({
    graph: {
      root: root.path,
      store: '/nix/store',
      nodes: new Map(derivations.map((one) => [one.path, nodeOf(one, '')])),
    },
    texts: new Map(),
    before: new Map(before.map((name) => [storePath(name, 1), record])),
    beforeToplevel: storePath('nixos-system-a', 1),
    known: new Map(),
  })
  return [...paths]
    .flatMap((path) => (path.includes('nixos-system') ? [] : [path.replace(/^.*\/\d{32}-/, '')]))
    .toSorted()
}

it('a program that makes the units is in no system', () => {
  const command = `for i in ${storePath('unit-a.service')}; do ln -s $i $out/$x.d/overrides.conf; done
${storePath('lndir-1.0.5')}/bin/lndir -silent x $out`
  const units = derivation('system-units', {
    env: { buildCommand: command },
    inputs: ['lndir-1.0.5', 'unit-a.service'],
  })
  expect(predicted([units, derivation('lndir-1.0.5', {}), derivation('unit-a.service', {})])).toEqual([
    'system-units',
    'unit-a.service',
  ])
})

it('a program that makes /etc is in no system, and a program that /etc leads to is', () => {
  const command = `${storePath('jq-1.7')}/bin/jq . x
makeEtcEntry ${storePath('tool-1.0')}/bin/tool tool symlink +0 +0`
  const etc = derivation('etc', { env: { buildCommand: command }, inputs: ['jq-1.7', 'tool-1.0'] })
  expect(predicted([etc, derivation('jq-1.7', {}), derivation('tool-1.0', {})])).toEqual(['etc', 'tool-1.0'])
})

it('what a new package is built with is claimed only where the system has some version of it', () => {
  const env = {
    stdenv: storePath('stdenv'),
    buildInputs: `${storePath('linux-headers-6.18')} ${storePath('glibc-2.41')}`,
  }
  const wrapper = derivation('security-wrapper-sudo', { env, inputs: ['linux-headers-6.18', 'glibc-2.41'] })
  const all = [wrapper, derivation('linux-headers-6.18', {}), derivation('glibc-2.41', {})]
  expect(predicted(all)).toEqual(['glibc-2.41', 'security-wrapper-sudo'])
  expect(predicted(all, [])).toEqual(['glibc-2.41', 'linux-headers-6.18', 'security-wrapper-sudo'])
})
