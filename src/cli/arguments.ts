import { Command as Program, CommanderError, InvalidArgumentError } from 'commander'
import { defaultMaxBytes, leastMaxBytes, type PlanFormat, planFormats } from '../views/plan-format.ts'

/** What every command knows. */
export interface Common {
  /** The fleet.yaml, as given. */
  readonly file: string
  /** Where runs are kept; null: `.fleet` beside fleet.yaml. */
  readonly stateDirectory: string | null
  readonly quiet: boolean
  readonly verbose: boolean
  /** False: `--no-color`. */
  readonly color: boolean
}

/** Which hosts: waves by name, hosts by selector; both empty: all. */
export interface Selection {
  readonly waves: readonly string[]
  readonly on: readonly string[]
}

/** A command line that was understood. */
export type Command = Common &
  (
    | { readonly command: 'validate' }
    | (PlanFlags & { readonly command: 'plan' })
    | (FormatFlags & { readonly command: 'show'; readonly plan: string })
    | (ApplyFlags & { readonly command: 'apply' })
  )

/** How a plan is written. */
export interface FormatFlags {
  readonly format: PlanFormat
  /** Bytes that Markdown may take. */
  readonly maxBytes: number
}

export interface PlanFlags extends Selection, FormatFlags {
  readonly out: string | null
  readonly detailedExitCode: boolean
  readonly strict: boolean
  /** Build first, so that the comparison is exact. */
  readonly build: boolean
  /** Compare with this revision of the flake; null: with what the hosts run. */
  readonly base: string | null
  /** Ask no host. */
  readonly offline: boolean
  /** Hosts asked at once. */
  readonly parallelism: number
}

export interface ApplyFlags extends Selection {
  /** A saved plan; null: plan, show and ask. */
  readonly plan: string | null
  readonly autoApprove: boolean
  readonly allowDirty: boolean
  /** Refuse unless the plan has this id; null: any. */
  readonly planId: string | null
  readonly json: boolean
  /** Hosts asked at once while planning. */
  readonly parallelism: number
}

/** A command, or text for the operator and the exit code: 0 for help and version, 64 for everything not understood. */
export type Parsed =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly exitCode: 0 | 64; readonly stdout: string; readonly stderr: string }

/** Reads the command line. Contacts nothing and reads no file. */
export function parseArguments(argv: readonly string[], version: string): Parsed {
  let [stdout, stderr] = ['', '']
  let command: Command | null = null
  const program = describe(version, (understood) => {
    command = understood
  })
  const output = {
    writeOut: (text: string) => {
      stdout += text
    },
    writeErr: (text: string) => {
      stderr += text
    },
  }
  for (const part of [program, ...program.commands].map((one) => one.configureHelp({ showGlobalOptions: true })))
    part.exitOverride().configureOutput(output).showSuggestionAfterError()
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const asked = error.exitCode === 0
    const hint = asked ? '' : hintFor(argv)
    return asked
      ? { ok: false, exitCode: 0, stdout, stderr }
      : { ok: false, exitCode: 64, stdout: '', stderr: stdout + stderr + hint }
  }
  if (command === null) return { ok: false, exitCode: 64, stdout: '', stderr: program.helpInformation() }
  return { ok: true, command }
}

/** People try a dry run first, and one that deploys has burnt them: say what there is instead. */
function hintFor(argv: readonly string[]): string {
  return argv.some((word) => /^--?(dry|dry-?run|check|diff|noop|pretend)$/.test(word))
    ? 'fleet has no dry run of apply: `fleet plan` shows what would change, and changes nothing.\n'
    : ''
}

function describe(version: string, understood: (command: Command) => void): Program {
  const program = new Program('fleet')
    .description(
      'Plan and apply for NixOS fleets: see what will change on every host, then roll out exactly that, in waves.',
    )
    .version(version, '-V, --version')
    .option('-f, --file <fleet.yaml>', 'the fleet', 'fleet.yaml')
    .option('--state-dir <dir>', 'where runs are kept (default: .fleet beside fleet.yaml; also FLEET_STATE_DIR)')
    .option('-q, --quiet', 'only results and problems', false)
    .option('-v, --verbose', 'every detail', false)
    .option('--no-color', 'no colour (also: NO_COLOR)')
    .addHelpText('after', examples)
  const common = (): Common => {
    const options = program.opts<{
      file: string
      stateDir?: string
      quiet: boolean
      verbose: boolean
      color: boolean
    }>()
    const { file, quiet, verbose, color } = options
    return { file, quiet, verbose, color, stateDirectory: options.stateDir ?? null }
  }
  program
    .command('validate')
    .description('Check fleet.yaml: every problem at once. No network, no Nix.')
    .action(() => understood({ ...common(), command: 'validate' }))
  withFormat(withSelection(program.command('plan')))
    .description('Show what would change on every host. Changes nothing, takes no lock.')
    .option('-o, --out <file>', 'save the plan, for `fleet apply FILE`')
    .option('--detailed-exitcode', 'exit 2 when there are changes', false)
    .option('--strict', 'exit 7 when a host does not answer', false)
    .option('--build', 'build first, so that packages and sizes are exact', false)
    .option('--base <ref>', 'compare with another revision of the flake (with --offline)')
    .option('--offline', 'ask no host', false)
    .option('--parallelism <n>', 'hosts asked at once', count, 16)
    .action((options: RawPlan, command: Program) =>
      understood({ ...common(), ...planFlags(options, command), ...formatFlags(options, command), command: 'plan' }),
    )
  withFormat(program.command('show'))
    .argument('<plan>', 'a saved plan')
    .description('Show a saved plan. Asks nobody.')
    .action((plan: string, options: RawFormat, command: Program) =>
      understood({ ...common(), command: 'show', plan, ...formatFlags(options, command) }),
    )
  withSelection(program.command('apply'))
    .argument('[plan]', 'a saved plan; without one: plan, show and ask')
    .description('Roll out a plan, in waves.')
    .option('--auto-approve', 'do not ask', false)
    .option('--allow-dirty', 'consent to a plan made from a dirty tree', false)
    .option('--plan-id <id>', 'refuse unless the plan has this id')
    .option('--json', 'the event stream: one JSON object a line', false)
    .option('--parallelism <n>', 'hosts asked at once while planning', count, 16)
    .action((plan: string | undefined, { wave, planId, ...options }: RawApply) =>
      understood({
        ...common(),
        ...options,
        command: 'apply',
        plan: plan ?? null,
        planId: planId ?? null,
        waves: wave,
      }),
    )
  return program
}

interface RawSelection {
  readonly wave: readonly string[]
  readonly on: readonly string[]
}

interface RawFormat {
  readonly format: PlanFormat
  readonly json: boolean
  readonly maxBytes?: number
}

interface RawPlan extends RawSelection, RawFormat {
  readonly out?: string
  readonly detailedExitcode: boolean
  readonly strict: boolean
  readonly build: boolean
  readonly base?: string
  readonly offline: boolean
  readonly parallelism: number
}

interface RawApply extends RawSelection {
  readonly autoApprove: boolean
  readonly allowDirty: boolean
  readonly planId?: string
  readonly json: boolean
  readonly parallelism: number
}

function planFlags(options: RawPlan, command: Program): Omit<PlanFlags, keyof FormatFlags> {
  const { wave, on, out, detailedExitcode, strict, build, base, offline, parallelism } = options
  if (base !== undefined && !offline)
    command.error('error: --base goes with --offline: the plan is compared with that revision, and no host is asked')
  return {
    build,
    base: base ?? null,
    offline,
    waves: wave,
    on,
    out: out ?? null,
    detailedExitCode: detailedExitcode,
    strict,
    parallelism,
  }
}

function withSelection(command: Program): Program {
  return command
    .option('--wave <name>', 'only this wave (repeatable)', append, [])
    .option('--on <selector>', 'only these hosts: a name, web-*, @group, !host (repeatable)', append, [])
}

function withFormat(command: Program): Program {
  return command
    .option('--format <format>', planFormats.join(', '), oneOf(...planFormats), 'text')
    .option('--json', 'the same as --format json', false)
    .option('--max-bytes <n>', `bytes that markdown may take (default: ${defaultMaxBytes})`, bytes)
}

function formatFlags({ format: asked, json, maxBytes }: RawFormat, command: Program): FormatFlags {
  const format = json ? 'json' : asked
  if (maxBytes !== undefined && format !== 'markdown')
    command.error(`error: --max-bytes is for --format markdown, not for ${format}`)
  return { format, maxBytes: maxBytes ?? defaultMaxBytes }
}

function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function count(value: string): number {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('It takes a whole number from 1.')
  return Number(value)
}

function bytes(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value) || Number(value) < leastMaxBytes)
    throw new InvalidArgumentError(`It takes a whole number from ${leastMaxBytes}.`)
  return Number(value)
}

function oneOf<T extends string>(...values: readonly T[]) {
  return (value: string): T => {
    const found = values.find((candidate) => candidate === value)
    if (found === undefined) throw new InvalidArgumentError(`It takes ${values.join(' or ')}.`)
    return found
  }
}

const examples = `
Exit codes: 0 done · 1 failed before anything changed · 2 changes (--detailed-exitcode) · 3 the rollout failed,
hosts may have changed · 4 paused · 5 refused · 6 locked · 7 incomplete (--strict) · 64 usage · 130, 143 interrupted

  fleet validate                     is fleet.yaml right?
  fleet plan -o plan.json            what would change, saved for review
  fleet apply plan.json --wave canary
`
