// Writes the tables of docs/ from the schemas, from checks/ and from the codes; `--check` only says whether they are fresh.
import { readFileSync, writeFileSync } from 'node:fs'
import { readLibrary } from '../src/adapters/checks/library.ts'
import { type Code, codes } from '../src/model/codes/codes.ts'
import { commandSections } from './command-sections.ts'
import { libraryOf, type ReadyCheck } from '../src/pipeline/settings/load/library.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly $defs?: Readonly<Record<string, Schema>>
}

const tables: Readonly<Record<string, () => string>> = {
  'docs/reference/fleet-yaml.md': () => fleetTables(read('fleet')),
  'docs/reference/events.md': () => eventTables(read('event')),
  'docs/reference/builtin-checks.md': builtinTable,
  'docs/reference/messages.md': messageSections,
  'docs/reference/cli.md': commandSections,
}

function read(name: string): Schema {
  return JSON.parse(readFileSync(new URL(`../schemas/${name}.schema.json`, import.meta.url), 'utf8')) as Schema
}

function fleetTables(root: Schema): string {
  const defs = root.$defs ?? {}
  const of = (name: string): Schema => defs[name] ?? fail(`fleet.schema.json has no ${name}`)
  const defaults = new Set(Object.keys(of('Defaults').properties ?? {}))
  const hostOnly = Object.keys(of('Host').properties ?? {}).filter((key) => !defaults.has(key))
  const checks = ['SshCheck', 'SystemdCheck', 'HttpCheck', 'TcpCheck', 'CommandCheck', 'ModuleCheck'].map(of)
  const common = Object.keys(of('SshCheck').properties ?? {})
  return [
    section('Top level', '', keyTable(root, defs)),
    section('A host', of('Host').description, keyTable(of('Host'), defs, { only: hostOnly })),
    section(
      'Settings of a host, a group or the defaults',
      'A host wins over its groups, a group over the defaults.',
      keyTable(of('Defaults'), defs),
    ),
    ...['Ssh', 'DeployRs', 'Activation'].map((name) =>
      section(`\`${lowerFirst(name)}\``, of(name).description, keyTable(of(name), defs), 3),
    ),
    section('A group', of('Group').description, keyTable(of('Group'), defs, { except: [...defaults] })),
    section('A wave', of('Wave').description, keyTable(of('Wave'), defs)),
    section('A check', 'Every check has these keys.', keyTable(of('SshCheck'), defs, { except: ['type'] })),
    ...checks.map((check) => {
      const own = Object.keys(check.properties ?? {}).filter((key) => !common.includes(key))
      const heading = `\`type: ${String(check.properties?.['type']?.const)}\``
      return section(heading, check.description, own.length === 0 ? '' : keyTable(check, defs, { only: own }), 3)
    }),
    section(
      'A built-in check',
      of('BuiltinCheck').description,
      keyTable(of('BuiltinCheck'), defs, { except: common }),
      3,
    ),
    section('A hook', of('Hook').description, keyTable(of('Hook'), defs)),
    section('`lock`', of('Lock').description, keyTable(of('Lock'), defs)),
  ].join('\n')
}

function eventTables(root: Schema): string {
  const defs = root.$defs ?? {}
  const line = Object.values(defs).find(({ properties }) => properties?.['seq'] !== undefined)
  const shared = new Set(['v', 'seq', 'at', 'run', 'type', 'message'])
  const events = Object.values(defs).flatMap((event) => {
    const own = Object.assign({}, event, ...(event.allOf ?? [])) as Schema
    const properties = { ...own.properties, ...event.properties }
    const type = properties['type']?.const
    if (typeof type !== 'string') return []
    const rest = Object.entries(properties).filter(([key]) => !shared.has(key))
    const table = rest.length === 0 ? '' : keyTable({ properties: Object.fromEntries(rest) }, defs, { plain: true })
    return [section(`\`${type}\``, event.description ?? own.description, table, 3)]
  })
  return [
    section('Every event', line?.description, keyTable(line ?? {}, defs, { plain: true, only: [...shared] })),
    ...events,
  ].join('\n')
}

function builtinTable(): string {
  const library = libraryOf(readLibrary())
  const rows = library.names.map((name) => {
    const { description, check } = library.find(name) ?? fail(`there is no ${name}`)
    const cells = [`\`${name}\``, description, variablesOf(check), remarksOf(check)]
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return ['| name | passes when | variables | |', '|---|---|---|---|', ...rows].join('\n') + '\n'
}

/** What the codes of each area speak of, in the order of the page. */
const areas = {
  config: 'What can be wrong with a fleet.yaml or a selector. All of it is reported at once, each with its place.',
  usage: 'What can be wrong with a command line.',
  init: 'What keeps `fleet init` from writing a fleet.yaml.',
  source: 'What is to be said of the flake and its Git tree.',
  evaluate: 'Why a configuration does not evaluate.',
  base: 'The revision that `--base` names.',
  nix: 'Nix on this machine.',
  build: 'Builds on this machine.',
  derivation: 'Derivations in the store of this machine.',
  closure: 'Store paths with all that they need.',
  store: 'The store of this machine.',
  cache: 'What fleet keeps to plan faster.',
  ssh: 'Connections to hosts. fleet never tries again after a refused login or a wrong host key.',
  observe: 'What a host says of itself.',
  observed: 'A file of observations, for `--observed`.',
  local: 'This machine, where it is a host of the fleet and reached without ssh.',
  plan: 'Notes of a plan, and plan files.',
  diff: 'The command `fleet diff`.',
  drift: 'A host is not where fleet left it.',
  status: 'Notes of `fleet status`.',
  apply: 'What `fleet apply` refuses or remarks before and during a run.',
  run: 'Remarks on a whole run.',
  wave: 'A host that ends with its wave.',
  lock: 'Locks of hosts and of the fleet.',
  preflight: 'What a host must fulfil before it is changed.',
  copy: 'The copy of a system to a host. Nothing is activated when it fails.',
  activate: 'What an activation can end with.',
  'nixos-rebuild': 'The engine nixos-rebuild.',
  'deploy-rs': 'The engine deploy-rs.',
  verify: 'The question after an activation: what does the host run?',
  check: 'Health checks.',
  exec: 'The command `fleet exec`.',
  reboot: 'Reboots.',
  'roll-back': 'Rollbacks during a run. The codes of one that failed.',
  rollback: 'The command `fleet rollback`.',
  unlock: 'The command `fleet unlock`.',
  update: 'The command `fleet update`.',
  hook: 'Hooks.',
  log: 'The file of `--log`.',
  state: 'The state directory.',
} as const

function messageSections(): string {
  const all = Object.keys(codes) as Code[]
  const without = all.find((one) => !Object.hasOwn(areas, areaOf(one)))
  if (without !== undefined) fail(`no area of docs/reference/messages.md holds ${without}`)
  return Object.entries(areas)
    .map(([area, text]) => {
      const entries = all.filter((one) => areaOf(one) === area).map(messageSection)
      return section(`\`${area}/\``, text, entries.join('\n'))
    })
    .join('\n')
}

function messageSection(one: Code): string {
  const { title, means, next } = codes[one]
  return section(`\`${one}\``, `*${title}*`, `${means}\n\n**Next:** ${next}`, 3)
}

function areaOf(one: string): string {
  return one.split('/')[0] ?? ''
}

function variablesOf(check: ReadyCheck['check']): string {
  const vars = 'vars' in check ? Object.entries(check.vars ?? {}) : []
  return vars.map(([name, value]) => `\`${name}\`${value === '' ? '' : ` ${code(value)}`}`).join('<br>')
}

/** What is not as in every other check. */
function remarksOf({ severity, precondition, stableFor, type }: ReadyCheck['check']): string {
  const remarks = [
    severity === 'warn' ? 'warns' : '',
    precondition === true ? 'before the change, as a precondition' : '',
    stableFor === undefined ? '' : `for ${stableFor} without a break`,
    type === 'command' ? '' : `\`type: ${type}\``,
  ]
  return remarks.filter((remark) => remark !== '').join('; ')
}

interface TableOptions {
  readonly only?: readonly string[]
  readonly except?: readonly string[]
  /** Without the column of defaults. */
  readonly plain?: boolean
}

function keyTable(schema: Schema, defs: Readonly<Record<string, Schema>>, options: TableOptions = {}): string {
  const rows = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    if (options.only?.includes(key) === false || options.except?.includes(key) === true) return []
    const target = defs[property.$ref?.split('/').at(-1) ?? '']
    const full = { ...target, ...property }
    const fallback = schema.required?.includes(key) === true ? 'required' : code(full.default)
    const cells = [
      `\`${key}\``,
      valuesOf(full, defs),
      ...(options.plain === true ? [] : [fallback]),
      full.description ?? '',
    ]
    return [`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`]
  })
  const head =
    options.plain === true
      ? '| key | value | meaning |\n|---|---|---|'
      : '| key | value | default | meaning |\n|---|---|---|---|'
  return [head, ...rows].join('\n')
}

function valuesOf(schema: Schema, defs: Readonly<Record<string, Schema>>): string {
  const name = schema.$ref?.split('/').at(-1)
  if (schema.const !== undefined) return code(schema.const)
  if (schema.enum !== undefined) return schema.enum.length > 10 ? 'see below' : schema.enum.map(code).join(', ')
  if (name === 'Duration') return 'duration'
  if (name === 'Count' || name === 'CountFromZero') return 'count'
  const type = [schema.type ?? []]
    .flat()
    .map((each) => (each === 'array' ? `list${itemsOf(schema, defs)}` : (words[each] ?? each)))
  return type.join(' or ')
}

function itemsOf({ items }: Schema, defs: Readonly<Record<string, Schema>>): string {
  const target = { ...defs[items?.$ref?.split('/').at(-1) ?? ''], ...items }
  const values = target.enum !== undefined && target.enum.length <= 8 ? target.enum.map(code).join(', ') : ''
  return values === '' ? '' : ` of ${values}`
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'number',
  boolean: '`true`, `false`',
  object: 'map',
  null: '`null`',
}

function code(value: unknown): string {
  if (value === undefined) return ''
  return `\`${typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ')}\``
}

function section(title: string, text: string | undefined, table: string, level = 2): string {
  return [`${'#'.repeat(level)} ${title}`, text ?? '', table].filter((part) => part !== '').join('\n\n') + '\n'
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function fail(message: string): never {
  throw new Error(message)
}

let stale = false
for (const [file, table] of Object.entries(tables)) {
  const target = new URL(`../${file}`, import.meta.url)
  const before = readFileSync(target, 'utf8')
  const [start, end] = ['<!-- generated: `npm run generate` -->\n', '<!-- end of generated -->']
  const [from, to] = [before.indexOf(start), before.indexOf(end)]
  if (from < 0 || to < from) fail(`${file} has no place for its tables`)
  const fresh = `${before.slice(0, from + start.length)}\n${table()}\n${before.slice(to)}`
  if (fresh === before) continue
  if (process.argv.includes('--check')) {
    stale = true
    console.error(`${file} is out of date: run \`npm run generate\`.`)
  } else {
    writeFileSync(target, fresh)
  }
}
if (stale) process.exitCode = 1
