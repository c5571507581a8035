import { httpLock } from '../../../adapters/locks/http.ts'
import { terminalAsk } from '../../../adapters/terminal-ask.ts'
import { type Diagnostic, diagnostic } from '../../../model/diagnostic.ts'
import type { Fleet, Host } from '../../../model/fleet/fleet.ts'
import { findLocks, type FoundLock, removeLock, type UnlockPorts } from '../../../pipeline/unlock.ts'
import type { Common } from '../../arguments/command.ts'
import type { UnlockFlags } from '../../arguments/ask-flags.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openFleet } from '../../open/fleet.ts'
import { directoryOf } from '../../open/place.ts'
import { selectHosts } from '../../open/select-hosts.ts'
import { tell } from '../../session/tell.ts'
import { version } from '../../open/version.ts'
import { openWorld, type World } from '../../world.ts'

type Flags = Common & UnlockFlags

/** `fleet unlock ID`: removes a lock that its holder left, after showing whose it is. */
export async function unlock(flags: Flags, context: Context): Promise<number> {
  const { terminal } = context
  const ask = terminalAsk(terminal.stdin, terminal.stderr)
  const fail = (found: readonly Diagnostic[], code: number) => {
    tell(found, terminal, flags)
    return code
  }
  if (!flags.autoApprove && !ask.possible)
    return fail(
      [
        diagnostic(
          'usage/no-approval',
          'confirmation is not possible',
          'Removing a lock needs confirmation, and there is no terminal to ask on. Pass --auto-approve.',
        ),
      ],
      exitCode.usage,
    )
  const fleet = await openFleet(flags)
  if (!fleet.ok) return fail(fleet.diagnostics, exitCode.failed)
  const selected = selectHosts(flags, fleet.value.waves, fleet.value.groups)
  if (!selected.ok) return fail(selected.diagnostics, exitCode.usage)
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  try {
    const hosts = fleet.value.hosts.filter(({ name, enabled }) => enabled && selected.hosts.has(name))
    return await remove(flags, hosts, portsOf(fleet.value, world, context), context)
  } finally {
    await world.close()
  }
}

function portsOf({ lock, name }: Fleet, world: World, { terminal }: Context): UnlockPorts {
  const { environment } = terminal
  const options = lock === null ? null : { url: lock.http, name, version: version(), environment }
  return { ...world, fleetLock: options === null ? null : httpLock(options, world.clock) }
}

async function remove(flags: Flags, hosts: readonly Host[], ports: UnlockPorts, context: Context): Promise<number> {
  const { terminal, interrupts } = context
  const { first } = interrupts
  const found = await findLocks(hosts, flags.parallelism, ports, first)
  if (first.aborted) return exitCode.interrupted
  tell(found.diagnostics, terminal, flags)
  const mine = found.held.filter(({ holder }) => holder.id === flags.id)
  if (mine.length === 0) {
    tell([notFound(flags.id, found.held)], terminal, flags)
    return exitCode.failed
  }
  for (const lock of mine) terminal.stderr.write(`${tellLock(lock)}\n`)
  const question = 'The run that holds this lock may still be running. Remove the lock?'
  if (!flags.autoApprove && !(await terminalAsk(terminal.stdin, terminal.stderr).confirm(question, first))) {
    if (first.aborted) return exitCode.interrupted
    terminal.stdout.write('Unlock cancelled: you did not answer yes. The lock was not removed.\n')
    return exitCode.refused
  }
  const problems: Diagnostic[] = []
  for (const lock of mine) {
    const problem = await removeLock(lock, ports, first)
    if (problem === null) terminal.stdout.write(`Unlocked ${placeOf(lock)}.\n`)
    else problems.push(problem)
  }
  tell(problems, terminal, flags)
  if (problems.length === 0) return exitCode.done
  return problems.every(({ code }) => code === 'unlock/activating') ? exitCode.refused : exitCode.failed
}

function placeOf({ host }: FoundLock): string {
  return host === null ? 'the fleet' : host.name
}

function tellLock(lock: FoundLock): string {
  const { id, who, run, since } = lock.holder
  const parts = [`Lock ${id} of ${placeOf(lock)}`, `held by ${who === '' ? 'an unknown holder' : who}`]
  return [...parts, ...(run === '' ? [] : [`run ${run}`]), ...(since === '' ? [] : [`since ${since}`])].join(', ')
}

function notFound(id: string, held: readonly FoundLock[]): Diagnostic {
  const others = held.map(tellLock).join('. ')
  const rest = others === '' ? 'No lock is held: host locks end with their holders.' : `These are held: ${others}.`
  return diagnostic('unlock/not-found', 'no lock has that id', `There is no lock ${id}. ${rest}`)
}
