import { fleetStatus } from '../../../pipeline/status/status.ts'
import { statusText } from '../../../views/status/text.ts'
import type { Common } from '../../arguments/command.ts'
import type { StatusFlags } from '../../arguments/ask-flags.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openFleet } from '../../open/fleet.ts'
import { directoryOf, operator } from '../../open/place.ts'
import { openProgress } from '../../session/progress.ts'
import { disabledIn, selectHosts } from '../../open/select-hosts.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'
import { version } from '../../open/version.ts'
import { openReach } from '../../reach.ts'
import { json } from '../../../views/markup/json.ts'

/** `fleet status`: what every host runs, will boot and has booted. Asks the hosts, and nobody else; needs no Nix. */
export async function status(flags: Common & StatusFlags, { terminal, interrupts }: Context): Promise<number> {
  const fleet = await openFleet(flags)
  tell(fleet.diagnostics, terminal, flags)
  if (!fleet.ok) return exitCode.failed
  const selected = selectHosts(flags, fleet.value.waves, fleet.value.groups, disabledIn(fleet.value))
  if (!selected.ok) {
    tell(selected.diagnostics, terminal, flags)
    return exitCode.usage
  }
  const { hosts } = selected
  const reach = openReach(directoryOf(flags), flags, terminal.environment)
  const progress = openProgress(
    `contacting ${hosts.size} ${hosts.size === 1 ? 'host' : 'hosts'}`,
    flags,
    terminal,
    reach.clock,
  )
  let observed = 0
  try {
    const asking = fleetStatus(
      {
        fleet: fleet.value,
        selected: hosts,
        withDisabled: flags.waves.length === 0 && flags.on.length === 0,
        parallelism: flags.parallelism,
        version: version(),
        operator: operator(),
        onHost: () => progress.show({ evaluated: null, observed: ++observed, total: hosts.size, leftMs: null }),
      },
      reach,
      interrupts.first,
    )
    // Whatever happens: what tells how far it is would keep the program alive.
    await Promise.allSettled([asking])
    await progress.close('asked')
    const found = await asking
    // What was interrupted is not a finding: no host failed to answer because the operator left.
    if (interrupts.first.aborted) return exitCode.interrupted
    const style = { ...styleOf(terminal.stdout, terminal, flags.color), verbose: flags.verbose }
    terminal.stdout.write(flags.json ? `${json(found, 1)}\n` : statusText(found, style))
    const drifted = Object.values(found.hosts).some((host) => host.reach === 'answered' && host.drifted)
    return flags.detailedExitCode && drifted ? exitCode.changes : exitCode.done
  } finally {
    await reach.close()
  }
}
