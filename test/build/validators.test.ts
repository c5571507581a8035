import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { writtenValidators } from '../../scripts/build/bundle.ts'
import { compiled, documents, namesOf, readSchema } from '../../src/pipeline/validators/compile.ts'
import type { Validator } from '../../src/pipeline/validators/schema-error.ts'
import { answered, sampleObservation, sampleStatus } from '../rig/samples/status.ts'
import { synthetic } from '../views/plan/synthetic-plan.ts'

type Validators = Readonly<Record<string, Validator>>

const root = fileURLToPath(new URL('../..', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'fleet-validators-'))
afterAll(() => rmSync(place, { recursive: true }))

/** What the build puts in the place of src/pipeline/validators/NAME.ts, by NAME. */
let written: Readonly<Record<string, { readonly validators: Validators; readonly schemaOfFleet?: () => object }>>

beforeAll(async () => {
  const outfile = join(place, 'validators.mjs')
  const exports = documents.map((name) => `export * as ${name} from './src/pipeline/validators/${name}.ts'`)
  await build({
    stdin: { contents: exports.join('\n'), resolveDir: root },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [writtenValidators],
  })
  written = (await import(pathToFileURL(outfile).href)) as typeof written
})

/** Any value in the place of any other, or nothing at all. */
const damages = fc.record({ at: fc.nat(), by: fc.option(fc.jsonValue({ maxDepth: 1 }), { nil: undefined }) })

/** Both say the same of a value, and of what comes of it when something in it is replaced. */
function expectTheSame(document: 'plan' | 'status', sound: object): void {
  const [ours, theirs] = [compiled<string>(document)[document], written[document]?.validators[document]]
  expect(ours?.(sound)).toEqual([])
  expect(theirs?.(sound)).toEqual([])
  let refused = 0
  fc.assert(
    fc.property(damages, (damage) => {
      const value = damaged(sound, damage)
      const errors = ours?.(value) ?? []
      refused += errors.length
      expect(theirs?.(value)).toEqual(errors)
    }),
  )
  expect(refused).toBeGreaterThan(0)
}

function damaged(value: object, { at, by }: { readonly at: number; readonly by: unknown }): unknown {
  const copy = structuredClone(value)
  const places = placesIn(copy)
  const [holder, key] = places[at % places.length] ?? [{}, '']
  if (by === undefined) delete holder[key]
  else holder[key] = by
  return copy
}

function placesIn(value: unknown): (readonly [Record<string, unknown>, string])[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((key) => [[holder, key] as const, ...placesIn(holder[key])])
}

test('each document has its validators', () => {
  for (const document of documents)
    expect(Object.keys(written[document]?.validators ?? {})).toEqual(Object.keys(namesOf(document)))
  expect(written['fleet']?.schemaOfFleet?.()).toEqual(readSchema('fleet'))
})

test('a plan is judged as by the schema itself', () => expectTheSame('plan', synthetic(3)))

test('a status is judged as by the schema itself', () =>
  expectTheSame('status', sampleStatus([['all', ['a']]], { a: answered(sampleObservation()) })))

const broken = new URL('../golden/broken/', import.meta.url)
/** These are refused before a schema is asked. */
const notYaml = ['quotes-missing', 'tab-indentation', 'duplicate-key']
const asked = readdirSync(broken).filter((name) => !notYaml.includes(name))

test.each(asked)('the broken file %s is judged as by the schema itself, each check by each type', (name) => {
  const value: unknown = parse(readFileSync(new URL(`${name}/fleet.yaml`, broken), 'utf8'))
  const checks = Object.values((value as { checks?: object }).checks ?? {}) as readonly unknown[]
  for (const [schema, validate] of Object.entries(compiled<string>('fleet')))
    for (const judged of schema === 'fleet' ? [value] : [value, ...checks])
      expect(written['fleet']?.validators[schema]?.(judged)).toEqual(validate(judged))
})
