import { hostname } from 'node:os'
import { runForeground } from '../../../adapters/foreground.ts'
import { personSession } from '../../../adapters/ssh/person.ts'
import { diagnostic } from '../../../model/diagnostic.ts'
import { isThisMachine } from '../../../model/fleet/this-machine.ts'
import { tellFailure } from '../../../model/failure.ts'
import { suggestion } from '../../../pipeline/settings/suggest.ts'
import type { Common } from '../../arguments/command.ts'
import { openFleet } from '../../open/fleet.ts'
import { directoryOf } from '../../open/place.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { tell } from '../../session/tell.ts'

interface SshFlags {
  readonly host: string
  /** The words of a command; empty: a login shell. */
  readonly words: readonly string[]
}

/** `fleet ssh`: a session on one host with fleet.yaml's ssh settings; ends as ssh does. A disabled host may be looked at, too. */
export async function ssh(flags: Common & SshFlags, { terminal, interrupts }: Context): Promise<number> {
  const fleet = await openFleet(flags)
  tell(fleet.diagnostics, terminal, flags)
  if (!fleet.ok) return exitCode.failed
  const host = fleet.value.hosts.find(({ name }) => name === flags.host)
  if (host === undefined) {
    const known = fleet.value.hosts.map(({ name }) => name)
    const detail = `There is no host \`${flags.host}\`. ${suggestion(flags.host, known, 'The hosts are')}`
    tell([diagnostic('usage/unknown-host', 'no such host', detail)], terminal, flags)
    return exitCode.usage
  }
  const { words } = flags
  const signal = interrupts.second
  if (isThisMachine(host.settings, hostname())) {
    if (!flags.quiet) terminal.stderr.write(`${host.name} is this machine: no ssh\n`)
    const [program = terminal.environment['SHELL'] ?? 'sh', ...args] = words
    return runForeground(program, args, signal)
  }
  const isTerminal = terminal.stdin.isTTY && terminal.stdout.isTTY
  const ended = await personSession(host, { words, isTerminal, directory: directoryOf(flags) }, signal)
  if (ended.ok) return ended.value
  tell([diagnostic(ended.failure.code, ended.failure.summary, tellFailure(ended.failure))], terminal, flags)
  return exitCode.failed
}
