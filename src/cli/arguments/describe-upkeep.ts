import type { Command as Program } from 'commander'
import type { RawDoctor } from './ask-flags.ts'
import type { Command, Common } from './command.ts'
import type { RawDiff } from './upkeep/diff-flags.ts'
import { count, usageError, withFormat, withSelection } from './options.ts'
import { formatFlags } from './plan-flags.ts'
import type { RawUpdate } from './upkeep/update-flags.ts'

/** The commands that shells and people call once: completion, and what completion itself calls. */
function describeCompletion(program: Program, common: () => Common, understood: (command: Command) => void): void {
  program
    .command('completion')
    .argument('<shell>', 'bash, zsh or fish')
    .description('Print what a shell reads to complete commands, options and names. Contacts no host.')
    .action((shell: string, _options: unknown, command: Program) => {
      if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish')
        usageError(command)(`there is no completion for ${shell}: it is written for bash, zsh and fish`)
      else understood({ ...common(), command: 'completion', shell })
    })
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action((words: readonly string[]) => understood({ ...common(), command: 'complete', words }))
}

/** The commands of daily upkeep: comparing, updating, looking after this machine. */
export function describeUpkeep(program: Program, common: () => Common, understood: (command: Command) => void): void {
  withFormat(program.command('diff'))
    .argument('<a>', 'HOST, HOST@41, HOST@booted, HOST@profile, REVISION#HOST, or a store path')
    .argument('[b]', 'what it is compared with (default: #HOST, what the flake says of the host)')
    .description('Compare two systems, as a plan would show it. Changes nothing.')
    .option('--detailed-exitcode', 'exit 2 when they differ', false)
    .action((from: string, to: string | undefined, options: RawDiff, command: Program) =>
      understood({
        ...common(),
        command: 'diff',
        from,
        to: to ?? null,
        detailedExitCode: options.detailedExitcode,
        ...formatFlags(options, usageError(command)),
      }),
    )
  withSelection(program.command('update'))
    .argument('[input...]', 'inputs of the flake (default: all)')
    .description('Update flake.lock, show what is new in it, and plan. Changes no host.')
    .option('--revert-if-failing', 'put the old flake.lock back if a host stops evaluating', false)
    .option('--commit', 'commit flake.lock, and nothing else, if all hosts still evaluate', false)
    .option('--parallelism <n>', 'hosts contacted in parallel', count, 16)
    .action((inputs: readonly string[], { wave, ...options }: RawUpdate) =>
      understood({ ...common(), ...options, command: 'update', inputs, waves: wave }),
    )
  withSelection(program.command('doctor'))
    .description('Look whether this machine and the hosts are ready for a rollout. Changes nothing.')
    .option('--offline', 'look at this machine alone; do not contact any host', false)
    .option('--json', 'what was found, as JSON', false)
    .option('--parallelism <n>', 'hosts contacted in parallel', count, 16)
    .action(({ wave, ...options }: RawDoctor) =>
      understood({ ...common(), ...options, command: 'doctor', waves: wave }),
    )
  describeCompletion(program, common, understood)
}
