import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import type { Diagnostic } from '../../../src/model/diagnostic.ts'
import { load } from '../../../src/pipeline/settings/load.ts'

function problems(text: string): readonly Diagnostic[] {
  const loaded = load(text, 'fleet.yaml')
  return loaded.ok ? loaded.value.problems : loaded.diagnostics
}

/** `code@line:column+length`. */
function spots(text: string): readonly string[] {
  return problems(text).map(({ code, place }) => `${code}@${place?.line}:${place?.column}+${place?.length}`)
}

const head = 'version: 1\nname: home-lab\nhosts:\n  web-1: {}\n'

test('a sound file has no problems', () => expect(spots(head)).toEqual([]))

test('a host may be left empty', () => expect(spots('version: 1\nname: a\nhosts:\n  web-1:\n  web-2:\n')).toEqual([]))

test.each([
  ['', 'empty'],
  ['# only a comment\n\n', 'empty'],
  ['- version: 1\n', 'something else'],
  ['hello\n', 'something else'],
])('%j is not a fleet.yaml', (text, detail) => {
  expect(problems(text)).toMatchObject([
    { code: 'config/not-a-map', detail: expect.stringContaining(detail) as string },
  ])
})

test('a second document is refused where it begins', () => {
  expect(spots(`${head}---\nversion: 1\n`)).toEqual(['config/several-documents@5:1+3'])
})

test('an unclosed bracket is a syntax error with a place', () => {
  expect(spots(`${head}groups: { a: { hosts: [web-1 }\n`)[0]).toMatch(/^config\/yaml@[56]:/)
})

test('a quote that is never closed is told where it was opened, not at the end of the file', () => {
  expect(spots('version: 1\nname: "home\nhosts:\n  web-1: { note: "x" }\n')).toEqual(['config/yaml@2:7+1'])
})

test('each unquoted selector is told how to be written', () => {
  const found = problems(`${head}waves:\n  - name: all\n    hosts: [@servers, *-1]\n`)
  expect(found.map(({ detail }) => detail)).toContainEqual(expect.stringContaining('Write "@servers".'))
  expect(problems(`${head}groups: { a: { hosts: [*-1] } }\n`)[0]?.detail).toContain('Write "*-1".')
  expect(problems(`${head}groups: { a: { hosts: [!web-1] } }\n`)[0]?.detail).toContain('Write "!web-1".')
})

test('anchors and aliases work, and a problem in what they name is found', () => {
  const text = 'version: 1\nname: a\nhosts:\n  a: { vars: &v { x: "1" } }\n  b: { vars: *v }\n'
  const loaded = load(text, 'fleet.yaml')
  expect(loaded).toMatchObject({ ok: true, value: { file: { hosts: { b: { vars: { x: '1' } } } }, problems: [] } })
})

test('an alias inside of what it names is refused', () => {
  expect(spots('version: 1\nname: a\nhosts: &h\n  a: *h\n')).toEqual(['config/too-large@4:6+2'])
})

test('nested aliases cannot exhaust memory', () => {
  const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`)
  expect(spots(`a0: &a0 [x]\n${levels.join('\n')}\n`)[0]).toMatch(/^config\/too-large@/)
})

test('names that every object has are ordinary keys', () => {
  const text = 'version: 1\nname: a\nhosts:\n  constructor: {}\n  toString: {}\n'
  expect(spots(text)).toEqual([])
  expect(spots(`${head}__proto__: {}\n`)).toEqual(['config/unknown-key@5:1+9'])
})

test('a mark at the start and Windows line ends do not shift places', () => {
  expect(spots('\uFEFFversion: 1\r\nname: a\r\nhosts:\r\n  web-1: { adress: x }\r\n')).toEqual([
    'config/unknown-key@4:12+6',
  ])
})

test('a key given twice is told with the line of the first', () => {
  const [problem] = problems(`${head}name: b\n`)
  expect(problem).toMatchObject({ code: 'config/duplicate-key', place: { line: 5, column: 1 } })
  expect(problem?.detail).toContain('line 2')
})

test('a missing key is told at what lacks it', () => {
  expect(spots(`${head}waves:\n  - name: all\n`)).toEqual(['config/missing-key@6:5+9'])
  expect(spots('hosts: { a: {} }\n')).toEqual(['config/missing-key@1:1+16', 'config/missing-key@1:1+16'])
})

test('a check is judged by its type alone, so that one mistake is one diagnostic', () => {
  const check = (text: string) => spots(`${head}checks:\n  c: ${text}\n`)
  expect(check('{ type: http, url: "http://a/", port: 3 }')).toEqual(['config/unknown-key@6:38+4'])
  expect(check('{ url: "http://a/" }')).toEqual(['config/missing-key@6:3+1'])
  expect(check('{ type: htpp, url: "http://a/" }')).toEqual(['config/bad-value@6:14+4'])
  expect(check('[http]')).toEqual(['config/wrong-type@6:6+6'])
  expect(check('{ use: builtin/load, severity: bad }')).toEqual(['config/bad-value@6:37+3'])
  expect(check('{ type: tcp, port: 0 }')).toEqual(['config/bad-value@6:25+1'])
})

test('what is refused is left out of the file and noted, the rest stays', () => {
  const loaded = load(`${head}  web-2: { mode: swich, enabled: false }\nflake: 7\n`, 'fleet.yaml')
  expect(loaded).toMatchObject({ ok: true, value: { file: { hosts: { 'web-2': { enabled: false } } } } })
  expect(loaded.ok && [...loaded.value.damaged]).toEqual(['/flake', '/hosts/web-2/mode'])
})

interface SchemaPart {
  readonly properties?: Readonly<Record<string, SchemaPart>>
  readonly description?: string
  readonly $ref?: string
}

const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/fleet.schema.json', import.meta.url), 'utf8'),
) as SchemaPart & {
  readonly $defs: Readonly<
    Record<string, SchemaPart & { readonly properties?: { on?: { items?: { enum?: string[] } } } }>
  >
}

test('the schema is a valid one', () => {
  const ajv = new Ajv2020({ allowUnionTypes: true, formats: { 'fleet-duration': true } })
  expect(ajv.validateSchema(schema)).toBe(true)
})

test('every key in the schema has a description, so that completion is the manual', () => {
  const parts = [schema, ...Object.values(schema.$defs)]
  const bare = parts.flatMap((part) =>
    Object.entries(part.properties ?? {})
      .filter(
        ([, { description, $ref }]) =>
          (description ?? schema.$defs[$ref?.split('/').at(-1) ?? '']?.description) === undefined,
      )
      .map(([key]) => key),
  )
  expect(bare).toEqual([])
  for (const definition of Object.values(schema.$defs)) expect(definition.description).toBeTypeOf('string')
})

test('hooks can be told of every event there is but their own, and of the three gates', () => {
  const events = readFileSync(new URL('../../../schemas/event.schema.json', import.meta.url), 'utf8')
  const types = Array.from(events.matchAll(/"const": "([a-z-]+(?:\.[a-z-]+)?)"/g), (found) => found[1])
  // One that heard of hooks that ended would hear of itself, without end.
  const told = types.filter((type) => type !== 'hook.finished')
  expect(new Set(schema.$defs['Hook']?.properties?.on?.items?.enum)).toEqual(
    new Set(['before.run', 'before.wave', 'before.host', ...told]),
  )
})

test('a required key that is misspelt is named', () => {
  const text = `${head}checks:\n  a: { typ: http, url: "http://a.example" }\n`
  expect(
    problems(text)
      .map(({ detail }) => detail)
      .join('\n'),
  ).toContain('Is `typ` meant to be it?')
})

test('an empty text is called empty', () => {
  const text = `${head}defaults: { deployRs: { profile: "" } }\n`
  expect(problems(text).map(({ detail }) => detail)).toEqual([
    '`defaults.deployRs.profile` is empty. Write a text, or leave the key out.',
  ])
})
