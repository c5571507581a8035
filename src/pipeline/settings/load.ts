import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml'
import { configurationProblem } from '../../model/fleet/configuration-problem.ts'
import type { Diagnostic, Outcome } from '../../model/diagnostic.ts'
import type { FleetFile } from '../../model/fleet/fleet-schema.ts'
import { lineStartsOf, placeOfSpan, pointer, type Source, type Span, type Spot } from '../../model/fleet/source.ts'
import { tooDeepAt } from './load/nesting.ts'
import { prune } from './load/prune.ts'
import { checkSchemaName, schemaProblems } from './load/schema-problem.ts'
import { yamlProblem } from './load/yaml-problem.ts'
import { schemaOfFleet, validators } from '../validators/fleet.ts'
import type { SchemaError } from '../validators/schema-error.ts'

/** A fleet.yaml as written, without the parts that its schema refuses, and where everything stands. */
export interface FleetSource {
  readonly file: FleetFile
  readonly source: Source
  /** What the schema refuses; `resolve` hands these on, and fails when there are any. */
  readonly problems: readonly Diagnostic[]
  /** JSON pointers of what was left out of `file`: nothing may be concluded from its absence. */
  readonly damaged: ReadonlySet<string>
}

/** Values that may come from aliases; beyond it somebody nests them to exhaust memory. What is written out has no limit. */
const mostAliased = 50_000

/** Reads fleet.yaml. Fails where nothing can be made of the text; what the schema refuses is in the value's `problems`. */
export function load(text: string, name: string): Outcome<FleetSource> {
  const withoutMark = text.replace(/^\uFEFF/, '')
  const spots = new Map<string, Spot>()
  const source: Source = { file: name, text: withoutMark, lineStarts: lineStartsOf(withoutMark), spots }
  const deep = tooDeepAt(withoutMark)
  if (deep !== null) {
    const place = placeOfSpan(source, { start: deep, end: deep + 1 })
    return {
      ok: false,
      diagnostics: [configurationProblem('config/too-large', 'This is nested too deeply to be read.', place)],
    }
  }
  const document = parseDocument(withoutMark, {
    merge: false,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    version: '1.2',
  })
  const broken = [...document.errors, ...document.warnings].map((error) => yamlProblem(error, source))
  if (broken.length > 0) return { ok: false, diagnostics: withoutEchoes(broken) }
  const problems: Diagnostic[] = []
  const root = readDocument(document, source, spots, problems)
  if (!isRecord(root)) return { ok: false, diagnostics: problems.length > 0 ? problems : [notAMap(source)] }
  const damaged = new Set<string>()
  for (let round = 0; round < 5; round++) {
    const errors = validate(root)
    if (errors.length === 0) {
      // The schema has just said that this is what it is.
      const file = root as unknown as FleetFile
      return { ok: true, value: { file, source, problems, damaged }, diagnostics: [] }
    }
    if (round === 0) problems.push(...schemaProblems(errors, source, schemaOfFleet))
    for (const error of errors) prune(root, error, damaged)
  }
  return { ok: false, diagnostics: problems }
}

/** One mistake makes the parser stumble several times: what it says without a known cause counts only where there is none. */
function withoutEchoes(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const inOrder = problems.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0))
  const understood = inOrder.filter(({ code }) => code !== 'config/yaml')
  return understood.length > 0
    ? understood
    : inOrder.filter(({ place }, index) => place?.line !== inOrder[index - 1]?.place?.line)
}

function notAMap(source: Source): Diagnostic {
  const empty = source.text.split('\n').every((line) => /^\s*(?:#|$)/.test(line))
  const detail = empty
    ? 'The file is empty. The least is `version: 1`, a `name` and `hosts`.'
    : 'A fleet.yaml is a map of keys and values that starts with `version: 1`; this is something else.'
  return configurationProblem('config/not-a-map', detail, placeOfSpan(source, { start: 0, end: source.text.length }))
}

/** The plain value of the document; on the way it notes where everything stands, and keys that are there twice. */
function readDocument(document: Document, source: Source, spots: Map<string, Spot>, problems: Diagnostic[]): unknown {
  let aliased = 0
  const following = new Set<Node>()
  const targets = new Map<Node, Node | undefined>()
  const refuse = (detail: string, node: Node): undefined => {
    if (!problems.some(({ code }) => code === 'config/too-large')) {
      problems.push(configurationProblem('config/too-large', detail, placeOfSpan(source, spanOf(node) ?? origin)))
    }
    return undefined
  }
  const read = (node: unknown, at: string, key: Span | null): unknown => {
    if (following.size > 0 && ++aliased > mostAliased)
      return refuse('Aliases make this file larger than any fleet. Write it out.', node as Node)
    if (isAlias(node)) {
      // Each look for an anchor walks the whole document.
      if (!targets.has(node)) targets.set(node, node.resolve(document))
      return follow(targets.get(node), node, at, key)
    }
    spots.set(at, { key, value: spanOf(node as Node | null) })
    if (isMap(node)) return readMap(node.items, at)
    if (isSeq(node)) return node.items.map((item, index) => read(item, at + pointer(index), null))
    return isScalar(node) ? node.value : null
  }
  const follow = (target: Node | undefined, alias: Node, at: string, key: Span | null): unknown => {
    if (target === undefined) {
      const start = spanOf(alias)?.start ?? 0
      problems.push(yamlProblem({ code: 'BAD_ALIAS', message: '', pos: [start, start + 1] }, source))
      return undefined
    }
    if (following.has(target)) return refuse('This alias is inside of what it names, so it has no end.', alias)
    following.add(target)
    const value = read(target, at, key)
    following.delete(target)
    return value
  }
  const readMap = (items: readonly { key: unknown; value: unknown }[], at: string): unknown => {
    const entries = new Map<string, unknown>()
    for (const item of items) {
      const name = isScalar(item.key) ? String(item.key.value) : ''
      const key = spanOf(item.key as Node)
      const first = spots.get(at + pointer(name))?.key
      if (entries.has(name) && first != null && key !== null) problems.push(givenTwice(name, first, key, source))
      else entries.set(name, read(item.value, at + pointer(name), key))
    }
    return Object.fromEntries(entries)
  }
  const value = read(document.contents, '', null)
  return problems.some(({ code }) => code !== 'config/duplicate-key') ? undefined : value
}

const origin: Span = { start: 0, end: 0 }

function spanOf(node: Node | null): Span | null {
  return node?.range == null || node.range[0] === node.range[1] ? null : { start: node.range[0], end: node.range[1] }
}

function givenTwice(name: string, first: Span, second: Span, source: Source): Diagnostic {
  const { line } = placeOfSpan(source, first)
  const detail = `\`${name}\` is already on line ${line}. Keep one of the two; fleet does not guess which.`
  return configurationProblem('config/duplicate-key', detail, placeOfSpan(source, second))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every schema error. A check is judged by the schema of its own type: against all types at once it fails six times. */
function validate(root: Readonly<Record<string, unknown>>): SchemaError[] {
  const errors = errorsOf('fleet', root, '')
  const checks = root['checks']
  if (!isRecord(checks)) return errors
  for (const [name, check] of Object.entries(checks)) {
    errors.push(...errorsOf(checkSchemaName(check), check, pointer('checks', name)))
  }
  return errors
}

function errorsOf(name: keyof typeof validators, value: unknown, at: string): SchemaError[] {
  // For a bad name there are two errors; that of the name's own rule says more.
  const errors = validators[name](value).filter(({ keyword }) => keyword !== 'propertyNames')
  return errors.map((error) => ({ ...error, instancePath: at + error.instancePath }))
}
