import { type ExecFlags, execFlags, type RawExec, sshWords } from './exec-flags.ts'
import { count, type Program, usageError, withSelection } from './options.ts'

/** A command line that gives a command to hosts, without what every command knows. */
export type OnHosts =
  | (ExecFlags & { readonly command: 'exec' })
  | { readonly command: 'ssh'; readonly host: string; readonly words: readonly string[] }

/** Describes the commands that give a command to hosts; `argv` is the whole command line. */
export function describeOnHosts(
  program: Program,
  argv: readonly string[],
  understood: (command: OnHosts) => void,
): void {
  program
    .command('ssh')
    .argument('<host>', 'a host of fleet.yaml')
    .argument('[command...]', 'after `--`: a command instead of a login shell')
    .description('Open an ssh session on one host, with the address, login and keys of fleet.yaml.')
    .action((host: string, words: readonly string[], _: object, command: Program) =>
      understood({ command: 'ssh', host, words: sshWords(words, argv, usageError(command)) }),
    )
  withSelection(program.command('exec'))
    .argument('[command...]', 'after `--`: the program and its arguments, as they are, without a shell')
    .description('Run one command on many hosts. Hosts with the same output are shown once.')
    .option('--script <file>', 'the standard input of the command; without one, of the shell that the file names')
    .option('--sudo', 'run it as root, through the `sudo` setting of the host', false)
    .option('--timeout <duration>', 'end it on a host after this long', '5m')
    .option('--json', 'what became of it on each host, as JSON', false)
    .option('--parallelism <n>', 'hosts at a time', count, 16)
    .action((words: readonly string[], options: RawExec, command: Program) =>
      understood({ command: 'exec', ...execFlags(words, options, argv, usageError(command)) }),
    )
}
