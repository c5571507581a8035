import { sessionCommands } from '../../../adapters/exec.ts'
import type { Outcome } from '../../../model/diagnostic.ts'
import type { Fleet } from '../../../model/fleet/fleet.ts'
import type { Exec } from '../../../model/host/exec-schema.ts'
import type { HostCommand } from '../../../ports/remote.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { execHosts, exitCodeOf } from '../../../pipeline/exec/exec-hosts.ts'
import { execText } from '../../../views/exec/text.ts'
import { waitingText } from '../../../views/exec/waiting.ts'
import { json } from '../../../views/markup/json.ts'
import type { Common } from '../../arguments/command.ts'
import type { ExecFlags } from '../../arguments/exec-flags.ts'
import { openFleet } from '../../open/fleet.ts'
import { directoryOf, operator } from '../../open/place.ts'
import { openScript } from '../../open/script.ts'
import { disabledIn, selectHosts } from '../../open/select-hosts.ts'
import { version } from '../../open/version.ts'
import { openReach, type Reach } from '../../reach.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { openProgress } from '../../session/progress.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'

/** The format that this version writes; readers accept any minor of the same major. */
const execFormat = '1.0'

type Flags = Common & ExecFlags

/** `fleet exec`: one command on many hosts, one login each; what it printed is shown once for all hosts that printed the same. */
export async function exec(flags: Flags, { terminal, interrupts }: Context): Promise<number> {
  const opened = await openFleet(flags)
  tell(opened.diagnostics, terminal, flags)
  if (!opened.ok) return exitCode.failed
  const fleet = opened.value
  const selected = selectHosts(flags, fleet.waves, fleet.groups, disabledIn(fleet))
  if (!selected.ok) {
    tell(selected.diagnostics, terminal, flags)
    return exitCode.usage
  }
  const command = await commandOf(flags)
  if (!command.ok) {
    tell(command.diagnostics, terminal, flags)
    return exitCode.usage
  }
  const reach = openReach(directoryOf(flags), flags, terminal.environment)
  try {
    const document = await carryOut({ flags, fleet, selected: selected.hosts, command: command.value }, reach, {
      terminal,
      interrupts,
    })
    const style = styleOf(terminal.stdout, terminal, flags.color)
    terminal.stdout.write(
      flags.json
        ? `${json(document, 1)}\n`
        : execText(document, { ...style, verbose: flags.verbose, quiet: flags.quiet }),
    )
    return document.exitCode
  } finally {
    await reach.close()
  }
}

/** The program and what it reads: the words after `--`, or the shell that a script asks for. */
async function commandOf({
  words,
  script,
}: Flags): Promise<Outcome<HostCommand & { readonly run: readonly string[] }>> {
  const run = { environment: {}, run: words, stdin: null }
  if (script === null) return { ok: true, value: run, diagnostics: [] }
  const read = await openScript(script, words)
  return read.ok ? { ...read, value: { ...run, run: read.value.words, stdin: read.value.text } } : read
}

interface Wanted {
  readonly flags: Flags
  readonly fleet: Fleet
  readonly selected: ReadonlySet<string>
  readonly command: HostCommand & { readonly run: readonly string[] }
}

async function carryOut(
  { flags, fleet, selected, command }: Wanted,
  { remote, clock }: Reach,
  { terminal, interrupts }: Context,
): Promise<Exec> {
  const { timeoutMs, parallelism, script, sudo } = flags
  const hosts = fleet.hosts.filter(({ name }) => selected.has(name))
  const startedAt = new Date(clock.now()).toISOString()
  const progress = openProgress(
    `running ${cleanLine(command.run[0] ?? '')} on ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}`,
    flags,
    terminal,
    clock,
  )
  const underWay = new Set<string>()
  let done = 0
  const running = execHosts(
    {
      hosts,
      waveOf: new Map(fleet.waves.flatMap((wave) => wave.hosts.map((host) => [host, wave.name] as const))),
      command,
      asRoot: sudo,
      timeoutMs,
      parallelism,
      onHost(host, phase) {
        if (phase === 'begun') underWay.add(host)
        else {
          underWay.delete(host)
          done += 1
        }
        progress.show(waitingText({ done, total: hosts.length, underWay: [...underWay] }))
      },
    },
    sessionCommands(remote, clock),
    interrupts.first,
  )
  // Whatever happens: what tells how far it is would keep the program alive.
  await Promise.allSettled([running])
  await progress.close('done')
  const found = await running
  return {
    format: execFormat,
    fleet: version(),
    startedAt,
    by: operator(),
    name: fleet.name,
    command: command.run,
    script,
    sudo,
    timeoutMs,
    exitCode: exitCodeOf(found.values()),
    hosts: Object.fromEntries(found),
  }
}
