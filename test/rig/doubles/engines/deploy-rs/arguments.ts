/** The command line of `deploy`, as it was given. */
export interface Arguments {
  readonly targets: readonly string[]
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly extra: readonly string[]
}

const flags = new Map([
  ['-s', '--skip-checks'],
  ['-c', '--checksigs'],
  ['-i', '--interactive'],
  ['-d', '--debug-logs'],
  ['-k', '--keep-result'],
  ...`--skip-checks --checksigs --interactive --debug-logs --keep-result --remote-build --dry-activate --boot --help --version`
    .split(' ')
    .map((flag) => [flag, flag] as const),
  ['-h', '--help'],
  ['-V', '--version'],
])
const values = new Map([
  ['-f', '--file'],
  ['-r', '--result-path'],
  ...`--file --result-path --log-dir --ssh-user --profile-user --ssh-opts --fast-connection --auto-rollback --hostname --magic-rollback
  --confirm-timeout --activation-timeout --temp-path --rollback-succeeded --sudo --interactive-sudo`
    .split(/\s+/)
    .map((name) => [name, name] as const),
])
const booleans = new Set(
  '--fast-connection --auto-rollback --magic-rollback --rollback-succeeded --interactive-sudo'.split(' '),
)
const times = new Set(['--confirm-timeout', '--activation-timeout'])
/** Flags that came in 2026 (#365, #391). */
const later = { flags: ['--no-progress'], values: ['--groups'] }

/** A command line that is refused with exit code 2. */
export class Refused extends Error {}

/** Reads the command line; `isLater`: as the version of 2026 does. */
export function parseArguments(argv: readonly string[], isLater: boolean): Arguments {
  const end = argv.indexOf('--')
  const words = [...(end === -1 ? argv : argv.slice(0, end))]
  const found = { targets: [] as string[], flags: new Set<string>(), values: new Map<string, string>() }
  let [target, several] = [false, false]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [name = '', attached] = word.startsWith('--') ? word.split(/=(.*)/s, 2) : [word]
    const flag = flags.get(name) ?? (isLater && later.flags.includes(name) ? name : undefined)
    const valued = values.get(name) ?? (isLater && later.values.includes(name) ? name : undefined)
    if (flag !== undefined) found.flags.add(flag)
    else if (valued !== undefined) found.values.set(valued, checked(valued, attached ?? words.shift()))
    else if (name === '--targets') {
      several = true
      while (words[0] !== undefined && !words[0].startsWith('-')) found.targets.push(words.shift() ?? '')
    } else if (word.startsWith('-')) throw new Refused(unknown(word))
    else {
      if (target) throw new Refused(unknown(word))
      target = true
      found.targets.push(word)
    }
  }
  if (target && several) throw new Refused(conflict(found.flags))
  return {
    ...found,
    targets: found.targets.length === 0 ? ['.'] : found.targets,
    extra: end === -1 ? [] : argv.slice(end + 1),
  }
}

function checked(name: string, value: string | undefined): string {
  if (value === undefined)
    throw new Refused(`error: The argument '${name} <VALUE>' requires a value but none was supplied${more}`)
  const isGood = booleans.has(name)
    ? value === 'true' || value === 'false'
    : !times.has(name) || (/^\d+$/.test(value) && Number(value) <= 65_535)
  if (!isGood) throw new Refused(`error: Invalid value '${value}' for '${name} <VALUE>'${more}`)
  return value
}

const more = "\n\nFor more information try '--help'\n"

function unknown(word: string): string {
  return `error: Found argument '${word}' which wasn't expected, or isn't valid in this context

  If you tried to supply '${word}' as a value rather than a flag, use '-- ${word}'

Usage: deploy [OPTIONS] [TARGET] [-- <EXTRA_BUILD_ARGS>...]${more}`
}

function conflict(given: ReadonlySet<string>): string {
  const flag = given.has('--skip-checks') ? ' --skip-checks' : ''
  return `error: The argument '[TARGET]' cannot be used with '--targets <TARGETS>...'

Usage: deploy${flag} <TARGET> [-- <EXTRA_BUILD_ARGS>...]${more}`
}

/** What `--help` lists. */
export function help(isLater: boolean): string {
  const all = [...new Set([...flags.values(), '--targets', ...(isLater ? later.flags : [])])]
  const valued = [...new Set([...values.values(), ...(isLater ? later.values : [])])]
  return [
    'A double of deploy-rs',
    '',
    'Usage: deploy [OPTIONS] [TARGET] [-- <EXTRA_BUILD_ARGS>...]',
    '',
    ...all.map((flag) => `      ${flag}`),
    ...valued.map((name) => `      ${name} <VALUE>`),
    '',
  ].join('\n')
}
