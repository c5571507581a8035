import { _ } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { compilerOf, type Document, namesOf, readSchema } from '../../src/pipeline/validators/compile.ts'

/**
 * The text of a module that stands for src/pipeline/validators/NAME.ts: the code that ajv would make at run time, written down.
 * Compiling a schema takes longer than all else that a short command does.
 */
export function validatorModule(document: Document): string {
  const names = namesOf(document)
  const compiler = compilerOf(document, { source: true, esm: true, formats: _`formats` })
  const entries = Object.keys(names).map((name) => `${name}: returning(${name})`)
  return [
    `import { formats } from './formats.ts'`,
    standalone.default(compiler, names),
    'const returning = (validate) => (value) => (validate(value) ? [] : validate.errors)',
    `export const validators = { ${entries.join(', ')} }`,
    // As text, since only what is wrong asks for it.
    document === 'fleet'
      ? `export const schemaOfFleet = () => JSON.parse(${JSON.stringify(JSON.stringify(readSchema('fleet')))})`
      : '',
  ].join('\n')
}
