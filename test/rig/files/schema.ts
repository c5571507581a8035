import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

const compiled = new Map<string, ValidateFunction>()

/** Hands the value back if schemas/NAME.schema.json allows it, and throws what is wrong with it otherwise. */
export function checked<T>(name: 'plan' | 'event' | 'fleet' | 'status' | 'exec' | 'doctor' | 'explain', value: T): T {
  const validate = compiled.get(name) ?? compileSchema(name)
  if (validate(value)) return value
  throw new Error(`not a valid ${name}: ${JSON.stringify(validate.errors, null, 2)}`)
}

function compileSchema(name: string): ValidateFunction {
  const text = readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8')
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(JSON.parse(text) as object)
  compiled.set(name, validate)
  return validate
}
