import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  attribute,
  type Derivation,
  listAttribute,
  parseDerivation,
  textAttribute,
} from '../../../src/model/nix/derivation.ts'

const path = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-thing-1.0.drv'

/** Writes strings as Nix does: five escapes, every other byte as it is. */
function quoted(text: string): string {
  const escapes: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  return `"${text.replace(/["\\\n\r\t]/g, (character) => escapes[character] ?? character)}"`
}

const list = (items: readonly string[]) => `[${items.join(',')}]`

function written(derivation: Derivation): string {
  const outputs = [...derivation.outputs].map(([name, { path: at, hash }]) => {
    const split = hash?.lastIndexOf(':') ?? 0
    const words = [name, at ?? '', hash?.slice(0, split) ?? '', hash?.slice(split + 1) ?? '']
    return `(${words.map(quoted).join(',')})`
  })
  const inputs = [...derivation.inputs].map(([drv, names]) => `(${quoted(drv)},${list(names.map(quoted))})`)
  const env = [...derivation.env].map(([key, value]) => `(${quoted(key)},${quoted(value)})`)
  const { sources, platform, builder, args } = derivation
  const parts = [list(outputs), list(inputs), list(sources.map(quoted)), quoted(platform), quoted(builder)]
  return `Derive(${[...parts, list(args.map(quoted)), list(env)].join(',')})`
}

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^["\\\nntr,()[\]a]{0,20}$/))
const word = fc.stringMatching(/^[a-z]{1,6}$/)
const mapOf = <T>(value: fc.Arbitrary<T>) => fc.array(fc.tuple(text, value)).map((entries) => new Map(entries))
const anyDerivation: fc.Arbitrary<Derivation> = fc.record({
  path: fc.constant(path),
  name: fc.constant('thing-1.0'),
  outputs: fc
    .array(
      fc.tuple(
        word,
        fc.record({ path: fc.constantFrom(null, '/nix/store/x'), hash: fc.constantFrom(null, 'r:sha256:00ff') }),
      ),
    )
    .map((entries) => new Map(entries)),
  inputs: mapOf(fc.array(text)),
  sources: fc.array(text),
  platform: text,
  builder: text,
  args: fc.array(text),
  env: mapOf(text),
})

describe('reading a derivation', () => {
  it('gives back whatever was written', () => {
    fc.assert(
      fc.property(anyDerivation, (derivation) => {
        expect(parseDerivation(path, written(derivation))).toEqual({ ok: true, value: derivation })
      }),
    )
  })

  it('takes any other escaped character for itself, and an even number of backslashes for text', () => {
    const found = parseDerivation(path, String.raw`Derive([],[],[],"a\x\\","\"\\\"",[],[])`)
    expect(found.ok && [found.value.platform, found.value.builder]).toEqual(['ax\\', '"\\"'])
  })

  it('refuses a dynamic derivation by name', () => {
    expect(parseDerivation(path, 'DrvWithVersion("xp-dyn-drv",[],[])')).toMatchObject({
      ok: false,
      failure: { code: 'derivation/dynamic' },
    })
  })

  it('never throws, whatever is cut off', () => {
    fc.assert(
      fc.property(anyDerivation, fc.nat(), (derivation, cut) => {
        const whole = written(derivation)
        const found = parseDerivation(path, whole.slice(0, cut % whole.length))
        expect(found).toMatchObject({ ok: false, failure: { code: 'derivation/corrupt' } })
      }),
    )
  })
})

describe('attributes', () => {
  const withEnv = (env: Record<string, string>): Derivation => {
    const found = parseDerivation(path, 'Derive([],[],[],"","",[],[])')
    if (!found.ok) throw new Error(found.failure.detail)
    return { ...found.value, env: new Map(Object.entries(env)) }
  }

  it('come from the environment or from __json alike', () => {
    const json = withEnv({ __json: '{"text":"a b","list":["a","b"],"n":1}', text: 'not this' })
    expect([textAttribute(json, 'text'), listAttribute(json, 'list'), attribute(json, 'n')]).toEqual([
      'a b',
      ['a', 'b'],
      1,
    ])
    const plain = withEnv({ text: 'a b', list: ' a  b ' })
    expect([textAttribute(plain, 'text'), listAttribute(plain, 'list'), attribute(plain, 'n')]).toEqual([
      'a b',
      ['a', 'b'],
      undefined,
    ])
  })

  it('of JSON that is none are missing', () => {
    expect(attribute(withEnv({ __json: '[' }), 'text')).toBeUndefined()
    expect(attribute(withEnv({ __json: '{}' }), 'constructor')).toBeUndefined()
  })
})
