import { Command as Program, CommanderError, Help, type Option } from 'commander'
import { applyFlags, type RawApply } from './apply-flags.ts'
import { type RawReboot, rebootFlags } from './rollouts/reboot-flags.ts'
import { type RawRollback, rollbackFlags } from './rollouts/rollback-flags.ts'
import type { RawCheck, RawStatus, RawUnlock } from './ask-flags.ts'
import type { Command, Common } from './command.ts'
import { describeUpkeep } from './describe-upkeep.ts'
import { dryRunHint } from './dry-run-hint.ts'
import { examples } from './examples.ts'
import { dashesHint } from './exec-flags.ts'
import { describeOnHosts } from './on-hosts.ts'
import {
  append,
  count,
  maxFailures,
  maxParallel,
  oneOf,
  skipBake,
  usageError,
  withFormat,
  withRun,
  withSelection,
} from './options.ts'
import { initFlags, origins, type RawInit } from './init-flags.ts'
import { formatFlags, planFlags, type RawFormat, type RawPlan } from './plan-flags.ts'

/** A command, or text for the operator and the exit code: 0 for help and version, 64 for everything not understood. */
export type Parsed =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly exitCode: 0 | 64; readonly stdout: string; readonly stderr: string }

/** Reads the command line. Contacts nothing and reads no file. */
export function parseArguments(argv: readonly string[], version: string): Parsed {
  let [stdout, stderr] = ['', '']
  let command: Command | null = null
  const program = describe(version, argv, (understood) => {
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
  for (const part of [program, ...program.commands].map((one) => one.configureHelp(help)))
    part.exitOverride().configureOutput(output).showSuggestionAfterError()
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const asked = error.exitCode === 0
    const hint = asked ? '' : dryRunHint(argv) + dashesHint(argv, stderr)
    return asked
      ? { ok: false, exitCode: 0, stdout, stderr }
      : { ok: false, exitCode: 64, stdout: '', stderr: stdout + stderr + hint }
  }
  if (command === null) return { ok: false, exitCode: 64, stdout: '', stderr: program.helpInformation() }
  return { ok: true, command }
}

/** The commands and options as they are described, for what lists them: completion, the man page. */
export function describedProgram(): Program {
  const program = describe('', [], () => {})
  for (const part of [program, ...program.commands]) part.configureHelp(help)
  return program
}

const help = { showGlobalOptions: true, optionDescription }

/** What `--help` says of an option; that a switch is off and a list empty goes without saying. */
function optionDescription(option: Option): string {
  const value: unknown = option.defaultValue
  const isUnset = value === false || (Array.isArray(value) && value.length === 0)
  return isUnset ? option.description : new Help().optionDescription(option)
}

function describe(version: string, argv: readonly string[], understood: (command: Command) => void): Program {
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
    .command('init')
    .description('Write a fleet.yaml of what the flake evaluates to. Contacts no host unless asked to (--probe).')
    .option('--flake <ref>', 'the flake', '.')
    .option('--from <source>', origins.join(', '), oneOf(...origins), 'auto')
    .option('-o, --out <file>', 'the file to write (default: fleet.yaml); - is standard output')
    .option('--domain <domain>', 'what follows the names of hosts whose address the flake does not say')
    .option('--probe', 'ask each host for its key, and pin those that you confirm; logs in nowhere', false)
    .option('--force', 'overwrite the file', false)
    .action((options: RawInit, command: Program) =>
      understood({ ...common(), command: 'init', ...initFlags(options, usageError(command)) }),
    )
  program
    .command('validate')
    .description('Check fleet.yaml and report every problem. No network, no Nix.')
    .action(() => understood({ ...common(), command: 'validate' }))
  withFormat(withSelection(program.command('plan')))
    .description('Show what would change on every host. Changes nothing, takes no lock.')
    .option('-o, --out <file>', 'save the plan, for `fleet apply FILE`')
    .option('--sign-with <key>', 'sign the saved plan with this ssh key, in FILE.sig')
    .option('--detailed-exitcode', 'exit 2 when there are changes', false)
    .option('--strict', 'exit 7 when a host is unreachable', false)
    .option('--build', 'build first, for exact packages and sizes', false)
    .option('--base <ref>', 'show what changed since another revision of the flake; with --offline: compare with it')
    .option('--offline', 'do not contact any host', false)
    .option('--allow-import-from-derivation', 'with --offline --base: let the flake build while it is evaluated', false)
    .option('--observed <file>', 'use what `fleet status --json` saved instead of asking the hosts')
    .option('--parallelism <n>', 'hosts contacted in parallel', count, 16)
    .action((options: RawPlan, command: Program) =>
      understood({
        ...common(),
        ...planFlags(options, usageError(command)),
        ...formatFlags(options, usageError(command)),
        command: 'plan',
      }),
    )
  withSelection(program.command('status'))
    .description('Show what every host runs, has booted and boots next, and what is wrong. Changes nothing.')
    .option('--format <format>', 'text, json', oneOf('text', 'json'), 'text')
    .option('--json', 'the same as --format json; `fleet plan --observed` reads it', false)
    .option('--detailed-exitcode', 'exit 2 when a host has drifted', false)
    .option('--parallelism <n>', 'hosts contacted in parallel', count, 16)
    .action(({ wave, on, format, json, detailedExitcode, parallelism }: RawStatus) =>
      understood({
        ...common(),
        command: 'status',
        waves: wave,
        on,
        json: json || format === 'json',
        detailedExitCode: detailedExitcode,
        parallelism,
      }),
    )
  withSelection(program.command('check'))
    .description('Run the health checks now, on hosts as they are. Changes nothing.')
    .option('--json', 'the result of each check, as JSON', false)
    .option('--list', 'list the built-in checks instead', false)
    .option('--parallelism <n>', 'hosts contacted in parallel', count, 16)
    .action(({ wave, ...options }: RawCheck) => understood({ ...common(), ...options, command: 'check', waves: wave }))
  describeOnHosts(program, argv, (command) => understood({ ...common(), ...command }))
  withFormat(program.command('show'))
    .argument('<plan>', 'a saved plan')
    .description('Show a saved plan. Contacts no host.')
    .action((plan: string, options: RawFormat, command: Program) =>
      understood({ ...common(), command: 'show', plan, ...formatFlags(options, usageError(command)) }),
    )
  describeUpkeep(program, common, understood)
  withSelection(program.command('apply'))
    .argument('[plan]', 'a saved plan; without one: plan, show and ask')
    .description('Roll out a plan, in waves.')
    .option('--auto-approve', 'do not ask', false)
    .option('--allow-dirty', 'accept a plan made from a dirty tree', false)
    .option('--plan-id <id>', 'refuse unless the plan has this id')
    .option('--require-signature <file>', 'refuse unless one of these allowed signers has signed the plan')
    .option('--json', 'the event stream: one JSON object a line', false)
    .option('--parallelism <n>', 'hosts contacted in parallel while planning', count, 16)
    .option('--max-parallel <n or %>', maxParallel)
    .option('--max-failures <n or %>', maxFailures)
    .option('--mode <mode>', 'activate so in this run: switch, boot, test', oneOf('switch', 'boot', 'test'))
    .option('--until <step>', 'copy: build, copy and protect all systems, activate none', oneOf('copy'))
    .option('--dry-activate', 'copy, show what activation would do to units, activate nothing', false)
    .option('--skip-bake', skipBake, false)
    .option('--out-of-order', 'start even if earlier waves are not done (needs --reason)', false)
    .option(
      '--force-stale <host>',
      'change this host although it changed since the plan (repeatable, needs --reason)',
      append,
      [],
    )
    .option('--reactivate <host>', 'activate this host although it runs its planned system (repeatable)', append, [])
    .option('--reason <text>', 'why; it is recorded')
    .option('--lock-timeout <duration>', 'wait this long for a lock that another run holds', '5m')
    .option('--log <file>', 'write the event stream there as well')
    .option('--simulate', 'play the rollout against simulated hosts; touches nothing', false)
    .option('--seed <n>', 'of a simulation: the same seed plays the same (default: 1)')
    .option('--faults <shares>', 'of a simulation: fail=0.01,hang=0.01,lose=0.01,flap=0.01')
    .action((plan: string | undefined, options: RawApply, command: Program) =>
      understood({
        ...common(),
        command: 'apply',
        ...applyFlags(plan, options, usageError(command)),
      }),
    )
  const rollback = withSelection(program.command('rollback'))
    .description('Roll hosts back to the systems they ran before a run. Shows the plan and asks first.')
    .option('--run <run>', 'the run to roll back (default: the latest that changed the selected hosts)')
    .option('-o, --out <file>', 'save the plan, for `fleet apply FILE`, and roll nothing out')
    .option('--auto-approve', 'do not ask', false)
    .option('--json', 'the event stream: one JSON object a line', false)
  withRun(rollback).action((options: RawRollback, command: Program) =>
    understood({
      ...common(),
      command: 'rollback',
      ...rollbackFlags(options, usageError(command)),
    }),
  )
  const reboot = withSelection(program.command('reboot'))
    .description('Reboot hosts, in waves, with the limits and checks of a rollout. Shows the plan and asks first.')
    .option('--pending', 'those of the selected hosts that need a reboot (default)', false)
    .option('--all', 'all selected hosts, needed or not', false)
    .option('-o, --out <file>', 'save the plan, for `fleet apply FILE`, and reboot nothing')
    .option('-y, --yes', 'do not ask', false)
    .option('--auto-approve', 'the same as --yes', false)
    .option('--json', 'the event stream: one JSON object a line', false)
    .option('--simulate', 'play the reboots against simulated hosts; touches nothing', false)
    .option('--seed <n>', 'of a simulation: the same seed plays the same (default: 1)')
    .option('--faults <shares>', 'of a simulation: fail=0.01,hang=0.01,lose=0.01,flap=0.01')
  withRun(reboot).action((options: RawReboot, command: Program) =>
    understood({ ...common(), command: 'reboot', ...rebootFlags(options, usageError(command)) }),
  )
  withFormat(program.command('history'))
    .argument('[run]', 'one run, the end of its name, or `latest`; without it: all runs')
    .description('List past runs, or show one in detail. Contacts no host.')
    .action((run: string | undefined, options: RawFormat, command: Program) =>
      understood({ ...common(), command: 'history', run: run ?? null, ...formatFlags(options, usageError(command)) }),
    )
  program
    .command('explain')
    .argument('<host or code>', 'a host of fleet.yaml; a code as a message has it in brackets, e.g. ssh/no-answer')
    .description('Explain a host (where each setting comes from, wave, checks, last runs) or a code. Contacts no host.')
    .option('--json', 'what is said of a host, as JSON', false)
    .action((target: string, { json }: { json: boolean }) =>
      understood({ ...common(), command: 'explain', target, json }),
    )
  withSelection(program.command('unlock'))
    .argument('<id>', 'the lock id that `fleet apply` names while it waits')
    .description('Remove a lock that its holder left behind. Shows the holder and asks first.')
    .option('--auto-approve', 'do not ask', false)
    .option('--parallelism <n>', 'hosts contacted in parallel', count, 16)
    .action((id: string, { wave, on, autoApprove, parallelism }: RawUnlock) =>
      understood({ ...common(), command: 'unlock', id, waves: wave, on, autoApprove, parallelism }),
    )
  return program
}
