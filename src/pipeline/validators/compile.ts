import { createRequire } from 'node:module'
import { Ajv2020, type CodeOptions, type Options } from 'ajv/dist/2020.js'
import { formats } from './formats.ts'
import type { Validator } from './schema-error.ts'

/** The documents that fleet reads and holds against a schema. */
export const documents = ['fleet', 'plan', 'status'] as const
export type Document = (typeof documents)[number]

const options: Readonly<Record<Document, Options>> = {
  fleet: { allErrors: true, allowUnionTypes: true, verbose: true },
  // References stay calls of one function: copies of it would make the code half as long again. What is said of fleet.yaml
  // is read from the place in the schema, which only a copy knows.
  plan: { allErrors: true, strict: false, inlineRefs: false },
  status: { strict: false, discriminator: true, inlineRefs: false },
}

/** The schema of a document, from schemas/. */
export function readSchema(document: Document): Readonly<Record<string, unknown>> {
  // A JSON import would print a warning on Node 20.
  return createRequire(import.meta.url)(`../../../schemas/${document}.schema.json`) as Record<string, unknown>
}

/** ajv with the schemas of a document. `code` says how validators are written: the build writes them down as a program. */
export function compilerOf(document: Document, code: CodeOptions = {}): Ajv2020 {
  // A test judges the schemas.
  const ajv = new Ajv2020({ ...options[document], validateSchema: false, code })
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format)
  const schema = readSchema(document)
  if (document !== 'fleet') return ajv.addSchema(schema, document)
  // A check is judged by the schema of its own type, and the file without its checks.
  ajv.addSchema(schema, 'check')
  return ajv.addSchema({ ...schema, $id: 'fleet', $defs: { ...(schema['$defs'] as object), Check: {} } }, 'fleet')
}

/** The validators of a document, each by its name, and what ajv calls it. */
export function namesOf(document: Document): Readonly<Record<string, string>> {
  if (document !== 'fleet') return { [document]: document }
  const checks = Object.keys(readSchema(document)['$defs'] as object).filter(
    (name) => name.endsWith('Check') && name !== 'Check',
  )
  return { fleet: 'fleet', ...Object.fromEntries(checks.map((name) => [name, `check#/$defs/${name}`])) }
}

/** The validators of a document by name (see `namesOf`), compiled when one is first asked. */
export function compiled<Name extends string>(document: Document): Readonly<Record<Name, Validator>> {
  let compiler: Ajv2020 | null = null
  const validators = Object.entries(namesOf(document)).map(([name, reference]): [string, Validator] => [
    name,
    (value) => {
      compiler ??= compilerOf(document)
      const validate = compiler.getSchema(reference)
      if (validate === undefined) throw new Error(`bug: no schema ${reference}`)
      return validate(value) === true ? [] : (validate.errors ?? [])
    },
  ])
  return Object.fromEntries(validators) as Record<Name, Validator>
}
