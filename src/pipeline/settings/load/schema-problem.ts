import { configurationProblem, type ConfigurationCode } from '../../../model/fleet/configuration-problem.ts'
import type { Diagnostic, Place } from '../../../model/diagnostic.ts'
import { pathOf, placeOfKey, placeOfValue, pointer, type Source } from '../../../model/fleet/source.ts'
import { nearest, quoteList, suggestion } from '../suggest.ts'
import type { CheckSchemaName } from '../../validators/fleet.ts'
import type { SchemaError } from '../../validators/schema-error.ts'
import { describe, nameOf, scalarText, typeNames } from './describe.ts'
import { patternDetail } from './pattern-detail.ts'

type Schema = Readonly<Record<string, unknown>>

const checkSchemas: ReadonlyMap<unknown, CheckSchemaName> = new Map([
  ['ssh', 'SshCheck'],
  ['systemd', 'SystemdCheck'],
  ['http', 'HttpCheck'],
  ['tcp', 'TcpCheck'],
  ['command', 'CommandCheck'],
  ['module', 'ModuleCheck'],
])

/** The definition that judges a check: by its `type`, or by its `use`. */
export function checkSchemaName(check: unknown): CheckSchemaName {
  if (typeof check !== 'object' || check === null) return 'AnyCheck'
  if ('use' in check && !('type' in check)) return 'BuiltinCheck'
  return ('type' in check ? checkSchemas.get(check.type) : undefined) ?? 'AnyCheck'
}

/** A schema error and what people call the value. */
interface Mistake extends SchemaError {
  readonly name: string
}

/** One diagnostic for each mistake, at the exact key or value. */
export function schemaProblems(errors: readonly SchemaError[], source: Source, schema: () => Schema): Diagnostic[] {
  const told = new Set<string>()
  return errors.flatMap((error) => {
    const problem = schemaProblem({ ...error, name: nameOf(error.instancePath, source) }, source, schema)
    const spot = `${problem.place?.line}:${problem.place?.column}`
    // A missing key shares its place with what holds it; anything else twice in one place is one mistake.
    if (error.keyword !== 'required' && told.has(spot)) return []
    if (error.keyword !== 'required') told.add(spot)
    return [problem]
  })
}

function schemaProblem(error: Mistake, source: Source, schema: () => Schema): Diagnostic {
  const at = error.instancePath
  if (error.propertyName !== undefined) return badName(error, error.propertyName, source)
  const value = (code: ConfigurationCode, detail: string, place: Place = placeOfValue(source, at)) =>
    configurationProblem(code, detail, place)
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, source, schema)
    case 'required': {
      const key = String(error.params['missingProperty'])
      return value('config/missing-key', missingDetail(error, key), placeOfKey(source, at))
    }
    case 'type':
      return value(typeCode(error), typeDetail(error))
    case 'enum':
      return value('config/bad-value', enumDetail(error))
    case 'pattern':
    case 'format':
      return value(
        patternCode(error),
        patternDetail(definitionOf(error), describe(error.data), error.name, scalarText(error.data)),
      )
    default:
      return value('config/bad-value', limitDetail(error))
  }
}

function badName(error: Mistake, name: string, source: Source): Diagnostic {
  const place = placeOfKey(source, error.instancePath + pointer(name))
  const detail = patternDetail(definitionOf(error), `\`${name}\``, error.name, name)
  return configurationProblem('config/bad-name', detail, place)
}

function unknownKey(error: Mistake, source: Source, schema: () => Schema): Diagnostic {
  const key = String(error.params['additionalProperty'])
  const known = Object.keys((error.parentSchema?.['properties'] as Schema | undefined) ?? {})
  const owner = nearest(key, known) === null ? ownerOf(key, schema()) : null
  const hint = owner === null ? suggestion(key, known, 'The keys here are') : `It is a key of ${owner}.`
  const detail = `\`${key}\` is not a key of ${error.name}. ${hint}`
  return configurationProblem('config/unknown-key', detail, placeOfKey(source, error.instancePath + pointer(key)))
}

const owners = [
  ['Host', 'a host'],
  ['Group', 'a group'],
  ['Wave', 'a wave'],
  ['Ssh', '`ssh`'],
  ['Activation', '`activation`'],
  ['DeployRs', '`deployRs`'],
] as const

/** Whose key it is elsewhere in the file. */
function ownerOf(key: string, schema: Schema): string | null {
  const definitions = schema['$defs'] as Readonly<Record<string, { readonly properties?: Schema }>>
  const found = owners.find(([name]) => Object.hasOwn(definitions[name]?.properties ?? {}, key))
  return (
    found?.[1] ?? (Object.hasOwn(schema['properties'] as Schema, key) ? 'the file itself, without indentation' : null)
  )
}

function missingDetail(error: Mistake, key: string): string {
  const properties = error.parentSchema?.['properties'] as Readonly<Record<string, Schema>> | undefined
  const description = properties?.[key]?.['description']
  const known = Object.keys(properties ?? {})
  const written = Object.keys(error.data as object).filter((name) => !known.includes(name))
  const meant = nearest(key, written)
  const hint = meant === null ? '' : ` Is \`${meant}\` meant to be it?`
  const about = typeof description === 'string' ? `: ${lowerFirst(description)}` : '.'
  return `${error.name} needs the key \`${key}\`${about}${hint}`
}

function typeCode(error: SchemaError): ConfigurationCode {
  if (isDuration(error)) return 'config/bad-duration'
  return isCount(error) ? 'config/bad-count' : 'config/wrong-type'
}

function typeDetail(error: Mistake): string {
  const { data, name } = error
  const wanted = [error.params['type']]
    .flat()
    .map(String)
    .filter((type) => type !== 'null')
  if (isDuration(error) || isCount(error)) {
    return patternDetail(definitionOf(error), describe(data), name, scalarText(data))
  }
  const start = `${name} must be ${wanted.map((type) => typeNames.get(type) ?? type).join(' or ')}`
  if (data === null)
    return `${start}, but nothing is written there.${wanted.includes('object') ? ' An empty one is `{}`.' : ''}`
  if (wanted.includes('string') && typeof data !== 'object')
    return `${start}. In quotes it is one: "${scalarText(data)}".`
  if (wanted.includes('array') && typeof data === 'string') return `${start}. Write [${JSON.stringify(data)}].`
  return `${start}, not ${describe(data)}.`
}

function enumDetail(error: Mistake): string {
  const allowed = (error.params['allowedValues'] as readonly unknown[]).map(String)
  const word = scalarText(error.data)
  const meant = typeof error.data === 'string' ? nearest(word, allowed) : null
  const question = meant === null ? '' : ` Did you mean \`${meant}\`?`
  const all = meant !== null && allowed.length > 8 ? '' : ` It is one of ${quoteList(allowed)}.`
  return `${error.name} cannot be ${describe(error.data)}.${question}${all}`
}

function patternCode(error: SchemaError): ConfigurationCode {
  if (isDuration(error)) return 'config/bad-duration'
  if (isCount(error)) return 'config/bad-count'
  return /\/(HostName|Name|CheckName)\//.test(error.schemaPath) ? 'config/bad-name' : 'config/bad-value'
}

function limitDetail(error: Mistake): string {
  const { name } = error
  const limit = String(error.params['limit'])
  switch (error.keyword) {
    case 'const':
      return `${name} must be \`${String(error.params['allowedValue'])}\`, not ${describe(error.data)}.`
    case 'minimum':
      return `${name} must be at least ${limit}, not ${describe(error.data)}.`
    case 'maximum':
      return `${name} must be at most ${limit}, not ${describe(error.data)}.`
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return `${name} is empty. It needs at least ${limit} ${limit === '1' ? 'entry' : 'entries'}.`
    case 'maxLength':
      return `${name} is longer than ${limit} characters.`
    case 'uniqueItems':
      return `${name} holds the same entry twice.`
    case 'not':
      return `${name} cannot be ${describe(error.data)}.`
    default:
      return `${name} ${error.message ?? 'is not allowed'}.`
  }
}

const isDuration = (error: SchemaError) => definitionOf(error) === 'Duration'
const isCount = (error: SchemaError) => /^Count(FromZero)?$/.test(definitionOf(error))

/** The definition whose rule is broken, or the key that the rule stands under. */
function definitionOf(error: SchemaError): string {
  const path = pathOf(error.schemaPath.replace(/^[^/]*/, ''))
  const own = path.at(-2) ?? ''
  return own === 'items' || own === 'additionalProperties' || own === 'propertyNames' ? `${path.at(-3)}.${own}` : own
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
