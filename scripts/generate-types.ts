// Writes the types of schemas/*.schema.json into src/model/; `--check` only says whether they are fresh.
import { readFileSync, writeFileSync } from 'node:fs'
import { compile, type JSONSchema } from 'json-schema-to-typescript'

/** The folder of src/model/ that holds the types of each schema. */
const folders = {
  fleet: 'fleet',
  plan: 'plan',
  event: 'run',
  status: 'host',
  exec: 'host',
  doctor: 'host',
  explain: 'host',
}

const banner = (schema: string) => `// Generated from schemas/${schema} by \`npm run generate\`. Do not edit.`

/** The TypeScript that stands for one JSON Schema, every property and array readonly. */
export async function typesOf(name: string): Promise<string> {
  const file = `${name}.schema.json`
  const text = readFileSync(new URL(`../schemas/${file}`, import.meta.url), 'utf8')
  const schema = JSON.parse(text, typed) as JSONSchema
  const source = await compile(schema, name, {
    bannerComment: banner(file),
    additionalProperties: false,
    unreachableDefinitions: false,
    style: { semi: false, singleQuote: true, printWidth: 120 },
  })
  return readonly(source.includes('AnyCode') ? source.replace('\n', `\n${codesImport}`) : source)
}

const codesImport = "import type { AnyCode } from '../codes/codes.ts'\n"

/** What the types say otherwise than the schema, for each value of it. */
function typed(key: string, value: unknown): unknown {
  // Open objects stay open for readers of the files, but their types name only what fleet knows.
  if (key === 'additionalProperties' && value === true) return undefined
  // Files may hold codes of other versions, which the schema takes; what fleet writes is one of its own.
  if (key === 'code' && typeof value === 'object') return { ...value, tsType: 'AnyCode' }
  return value
}

function readonly(source: string): string {
  return source
    .replaceAll(/^(\s+)((?:'[^']+'|[A-Za-z_$][\w$]*)\??:|\[k: string\]:)/gm, '$1readonly $2')
    .replaceAll(/(\b[A-Za-z]\w*|\([^()]*\))\[\]/g, 'readonly $1[]')
    .replaceAll(/: \[(string, \.\.\.)/g, ': readonly [$1')
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  let stale = false
  for (const [name, folder] of Object.entries(folders)) {
    const target = new URL(`../src/model/${folder}/${name}-schema.ts`, import.meta.url)
    const fresh = await typesOf(name)
    if (process.argv.includes('--check')) stale ||= readFileSync(target, 'utf8') !== fresh
    else writeFileSync(target, fresh)
  }
  if (stale) {
    console.error('The types in src/model/*/*-schema.ts are out of date: run `npm run generate`.')
    process.exitCode = 1
  }
}
