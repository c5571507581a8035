import { readLibrary } from '../../../adapters/checks/library.ts'
import { type Checked, healthOf, type ReadyMade } from '../../../model/plan/checked.ts'
import { checkNow } from '../../../pipeline/health/check-now.ts'
import { libraryOf } from '../../../pipeline/settings/load/library.ts'
import { missingPrograms } from '../../../pipeline/settings/missing-programs.ts'
import { checksText, readyMadeText } from '../../../views/checks/text.ts'
import type { CheckFlags } from '../../arguments/ask-flags.ts'
import type { Common } from '../../arguments/command.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openFleet } from '../../open/fleet.ts'
import { directoryOf } from '../../open/place.ts'
import { openProgress } from '../../session/progress.ts'
import { disabledIn, selectHosts } from '../../open/select-hosts.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'
import { openWorld } from '../../world.ts'
import { json } from '../../../views/markup/json.ts'

/** `fleet check`: the health checks, asked now, of hosts as they are. Changes nothing. */
export async function check(flags: Common & CheckFlags, context: Context): Promise<number> {
  const { terminal, interrupts } = context
  if (flags.list) return list(flags, context)
  const opened = await openFleet(flags)
  tell(opened.diagnostics, terminal, flags)
  if (!opened.ok) return exitCode.failed
  const fleet = opened.value
  const selected = selectHosts(flags, fleet.waves, fleet.groups, disabledIn(fleet))
  if (!selected.ok) {
    tell(selected.diagnostics, terminal, flags)
    return exitCode.usage
  }
  const { hosts } = selected
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  try {
    const missing = await missingPrograms(fleet, hosts, world, interrupts.first)
    tell(missing, terminal, flags)
    if (missing.length > 0) return exitCode.failed
    // A selection of hosts is about hosts: the waves' own checks are left out.
    const waves = fleet.waves.filter(({ name }) => flags.on.length === 0 && isNamed(name, flags.waves))
    const progress = openProgress(
      `checking ${hosts.size} ${hosts.size === 1 ? 'host' : 'hosts'}`,
      flags,
      terminal,
      world.clock,
    )
    let done = 0
    const checking = checkNow(
      {
        fleet,
        selected: hosts,
        waves,
        parallelism: flags.parallelism,
        onChecked: () => progress.show({ evaluated: null, observed: ++done, total: hosts.size, leftMs: null }),
      },
      world,
      interrupts.first,
    )
    // Whatever happens: what tells how far it is would keep the program alive.
    await Promise.allSettled([checking])
    await progress.close('checked')
    const checked = await checking
    // What was interrupted is not a finding.
    if (interrupts.first.aborted) return exitCode.interrupted
    const code = codeOf(checked)
    terminal.stdout.write(
      flags.json
        ? `${json({ format: '1.0', exitCode: code, checked: checked.map(toJson) }, 1)}\n`
        : checksText(checked, { ...styleOf(terminal.stdout, terminal, flags.color), quiet: flags.quiet }),
    )
    return code
  } finally {
    await world.close()
  }
}

function isNamed(wave: string, names: readonly string[]): boolean {
  return names.length === 0 || names.includes(wave)
}

function toJson(one: Checked) {
  return { ...one, health: healthOf(one) }
}

function codeOf(checked: readonly Checked[]): number {
  const healths = checked.map(healthOf)
  if (healths.includes('unhealthy')) return exitCode.rolloutFailed
  return healths.includes('inconclusive') ? exitCode.paused : exitCode.done
}

function list(flags: Common & CheckFlags, { terminal }: Context): number {
  const library = libraryOf(readLibrary())
  const ready = library.names.flatMap((name): readonly ReadyMade[] => {
    const found = library.find(name)
    if (found === null) return []
    const { check, description } = found
    return [{ name, type: check.type, description, vars: 'vars' in check ? (check.vars ?? {}) : {} }]
  })
  terminal.stdout.write(
    flags.json ? `${json(ready, 1)}\n` : readyMadeText(ready, styleOf(terminal.stdout, terminal, flags.color)),
  )
  return exitCode.done
}
