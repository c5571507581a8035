import type { Common } from '../../arguments/command.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openFleet } from '../../open/fleet.ts'
import { tell } from '../../session/tell.ts'

/** `fleet validate`: every problem of fleet.yaml at once; no network, no Nix. */
export async function validate(flags: Common, { terminal }: Context): Promise<number> {
  const fleet = await openFleet(flags)
  tell(fleet.diagnostics, terminal, flags)
  if (!fleet.ok) return exitCode.failed
  const { hosts, waves } = fleet.value
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`
  if (!flags.quiet)
    terminal.stdout.write(`${flags.file} is valid: ${count(hosts.length, 'host')} in ${count(waves.length, 'wave')}.\n`)
  return exitCode.done
}
