import type { Command as Program, Option } from 'commander'

/** Something that may be typed next. */
export interface Candidate {
  readonly value: string
  readonly description: string
}

/** What may be typed next; `files`: also the name of a file. */
export interface Completion {
  readonly candidates: readonly Candidate[]
  readonly files: boolean
}

/** Names that are not fleet's own, which reading fleet.yaml and the state directory tells. */
export interface Names {
  readonly hosts: readonly string[]
  readonly groups: readonly string[]
  readonly waves: readonly string[]
  readonly runs: readonly string[]
  readonly codes: readonly string[]
}

/** Options whose value is a file or a folder. */
const fileOptions = new Set([
  '--file',
  '--state-dir',
  '--out',
  '--sign-with',
  '--require-signature',
  '--observed',
  '--log',
  '--script',
])
/** What a host may be followed by where a system is meant. */
const generations = ['@booted', '@profile']
const nothing: Completion = { candidates: [], files: false }

/** What may stand in the place of the last of the words; the others stand before it on the command line, after `fleet`. */
export function complete(program: Program, words: readonly string[], names: Names): Completion {
  const { command, pending, place } = before(program, words.slice(0, -1))
  const current = words.at(-1) ?? ''
  if (pending !== null) return valuesOf(pending, current, names)
  const [flag, value] = cutAt(current, '=')
  const withValue = value === null ? undefined : findOption([command, program], flag)
  if (withValue !== undefined && value !== null) {
    const found = valuesOf(withValue, value, names)
    return { ...found, candidates: found.candidates.map((one) => ({ ...one, value: `${flag}=${one.value}` })) }
  }
  if (current.startsWith('-')) return among(optionsOf(command, program), current)
  if (command === program) return among(commandsOf(program), current)
  return argumentsOf(command, place, current, names)
}

interface Before {
  readonly command: Program
  /** The option that waits for its value. */
  readonly pending: Option | null
  /** How many arguments stand before. */
  readonly place: number
}

function before(program: Program, words: readonly string[]): Before {
  let command = program
  let pending: Option | null = null
  let place = 0
  for (const word of words) {
    if (pending !== null) pending = null
    else if (word.startsWith('-')) {
      const option = word.includes('=') ? undefined : findOption([command, program], word)
      pending = option?.required === true || option?.optional === true ? option : null
    } else if (command === program) command = program.commands.find((one) => one.name() === word) ?? command
    else place += 1
  }
  return { command, pending, place }
}

function findOption(commands: readonly Program[], flag: string): Option | undefined {
  return commands.flatMap(({ options }) => options).find(({ long, short }) => flag === long || flag === short)
}

function optionsOf(command: Program, program: Program): readonly Candidate[] {
  const own = [...command.options, ...(command === program ? [] : program.options)]
  const told = own.flatMap(({ long, description, hidden }) =>
    long == null || hidden ? [] : [{ value: long, description }],
  )
  return [...told, { value: '--help', description: 'display help for command' }]
}

function commandsOf(program: Program): readonly Candidate[] {
  const shown = program.createHelp().visibleCommands(program)
  return shown.map((command) => ({ value: command.name(), description: firstSentence(command.description()) }))
}

function valuesOf({ long, description }: Option, current: string, names: Names): Completion {
  if (long === '--on') return selectors(current, names)
  if (long === '--wave') return among(plain(names.waves), current)
  if (long === '--run') return among(plain(names.runs), current)
  if (long === '--force-stale' || long === '--reactivate') return among(plain(names.hosts), current)
  if (long != null && fileOptions.has(long)) return { ...nothing, files: true }
  // `switch, boot, test` behind the last colon, or alone.
  const choices = /(?:^|: )([a-z-]+(?:, [a-z-]+)+)$/.exec(description)?.[1]
  return choices === undefined ? nothing : among(plain(choices.split(', ')), current)
}

/** Several may stand between commas, each a host or a group, with `!` before it. */
function selectors(current: string, { hosts, groups }: Names): Completion {
  const start = Math.max(current.lastIndexOf(','), current.lastIndexOf('&')) + 1
  const kept = current.slice(0, start) + (current.charAt(start) === '!' ? '!' : '')
  const known = [...hosts, ...groups.map((group) => `@${group}`)]
  return among(plain(known.map((name) => kept + name)), current)
}

function argumentsOf(command: Program, place: number, current: string, names: Names): Completion {
  const { registeredArguments: all } = command
  const argument = all[place] ?? (all.at(-1)?.variadic === true ? all.at(-1) : undefined)
  switch (argument?.name()) {
    case 'plan':
    case 'file':
      return { ...nothing, files: true }
    case 'run':
      return among(plain(['latest', ...names.runs]), current)
    case 'host':
      return among(plain(names.hosts), current)
    case 'code':
    case 'what':
    case 'host or code':
      return among(plain([...names.hosts, ...names.codes]), current)
    case 'shell':
      return among(plain(['bash', 'zsh', 'fish']), current)
    case 'a':
    case 'b':
      return { candidates: among(plain(operands(current, names)), current).candidates, files: current.includes('/') }
    default:
      return nothing
  }
}

/** `web-1`, and with an `@` or a `#` what may follow or stand before it. */
function operands(current: string, { hosts }: Names): readonly string[] {
  if (current.includes('#')) return hosts.map((host) => `${current.slice(0, current.indexOf('#') + 1)}${host}`)
  const systems = current.includes('@') ? hosts.flatMap((host) => generations.map((one) => host + one)) : []
  return [...hosts, ...systems]
}

function among(all: readonly Candidate[], current: string): Completion {
  return { candidates: all.filter(({ value }) => value.startsWith(current)), files: false }
}

function plain(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value, description: '' }))
}

function cutAt(text: string, at: string): readonly [string, string | null] {
  const place = text.indexOf(at)
  return place < 0 || !text.startsWith('--') ? [text, null] : [text.slice(0, place), text.slice(place + 1)]
}

function firstSentence(text: string): string {
  return text.split(/\.(?= |$)/)[0] ?? text
}
