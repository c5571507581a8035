import { thisMachine } from '../../../adapters/doctor/this-machine.ts'
import { stateProblem } from '../../../adapters/state/state-directory.ts'
import { tellFailure } from '../../../model/failure.ts'
import type { Fleet, Host } from '../../../model/fleet/fleet.ts'
import type { Doctor, Finding } from '../../../model/host/doctor-schema.ts'
import { finding, problem } from '../../../model/host/finding.ts'
import { hostFindings } from '../../../pipeline/doctor/host-findings.ts'
import { observeHosts } from '../../../pipeline/observe/observe-hosts.ts'
import { missingPrograms } from '../../../pipeline/settings/missing-programs.ts'
import { doctorText } from '../../../views/doctor/text.ts'
import { json } from '../../../views/markup/json.ts'
import type { DoctorFlags } from '../../arguments/ask-flags.ts'
import type { Common } from '../../arguments/command.ts'
import { openFleet } from '../../open/fleet.ts'
import { directoryOf, stateDirectoryOf } from '../../open/place.ts'
import { disabledIn, selectHosts } from '../../open/select-hosts.ts'
import { type Context, exitCode } from '../../session/context.ts'
import { tell } from '../../session/tell.ts'
import { styleOf } from '../../session/terminal.ts'
import { openWorld, type World } from '../../world.ts'

/** `fleet doctor`: what is ready for a rollout on this machine and, with one login each, on the hosts. */
export async function doctor(flags: Common & DoctorFlags, { terminal, interrupts }: Context): Promise<number> {
  const signal = interrupts.first
  const fleet = await openFleet(flags)
  tell(fleet.diagnostics, terminal, flags)
  if (!fleet.ok) return exitCode.failed
  const selected = selectHosts(flags, fleet.value.waves, fleet.value.groups, disabledIn(fleet.value))
  if (!selected.ok) {
    tell(selected.diagnostics, terminal, flags)
    return exitCode.usage
  }
  const hosts = fleet.value.hosts.filter(({ name }) => selected.hosts.has(name))
  const world = openWorld(directoryOf(flags), flags, terminal.environment)
  try {
    const { platforms, findings: ofHosts } = await askHosts(hosts, flags, world, signal)
    const chosen = { ...fleet.value, hosts }
    const findings = [
      ...(await thisMachine(chosen, platforms, signal)),
      ...(await programsOf(chosen, world, signal)),
      await stateOf(stateDirectoryOf(flags, terminal.environment), signal),
      ...ofHosts,
    ]
    // What was interrupted is not a finding.
    if (signal.aborted) return exitCode.interrupted
    const ready = !findings.some(({ state, stops }) => state === 'problem' && stops)
    const checkedAt = new Date(world.clock.now()).toISOString()
    const found: Doctor = { format: '1.0', fleet: fleet.value.name, checkedAt, ready, findings }
    const style = { ...styleOf(terminal.stdout, terminal, flags.color), verbose: flags.verbose }
    terminal.stdout.write(flags.json ? `${json(found, 2)}\n` : doctorText(found, style))
    return ready ? exitCode.done : exitCode.failed
  } finally {
    await world.close()
  }
}

interface Asked {
  readonly findings: readonly Finding[]
  /** Of the hosts that answered. */
  readonly platforms: readonly string[]
}

async function askHosts(
  hosts: readonly Host[],
  { offline, parallelism }: DoctorFlags,
  { remote, clock }: World,
  signal: AbortSignal,
): Promise<Asked> {
  if (offline) return { findings: [], platforms: [] }
  const observed = await observeHosts({ hosts, parallelism, detail: 'contents', onHost: () => {} }, remote, signal)
  const findings = hosts.flatMap((host) => {
    const found = observed.get(host.name)
    return found === undefined ? [] : hostFindings(host, found, clock.now() / 1000)
  })
  const platforms = [...observed.values()].flatMap((found) =>
    found.ok && found.value.platform !== null ? [found.value.platform] : [],
  )
  return { findings, platforms }
}

/** Programs that the hosts' engines and checks need here. */
async function programsOf(fleet: Fleet, world: World, signal: AbortSignal): Promise<readonly Finding[]> {
  const engines = [...new Set(fleet.hosts.map(({ settings }) => settings.engine))].toSorted()
  const ofEngines = await Promise.all(
    engines.map(async (name): Promise<Finding> => {
      const about = { host: null, about: 'engine' } as const
      const unusable = (await world.engines[name]?.unusable?.(signal)) ?? null
      return unusable === null
        ? finding({ ...about, says: `engine ${name} can be used` })
        : problem({ ...about, stops: true, says: `engine ${name}: ${tellFailure(unusable)}`, next: null })
    }),
  )
  const missing = await missingPrograms(fleet, new Set(fleet.hosts.map(({ name }) => name)), world, signal)
  const ofChecks = missing.map(({ summary, detail }) =>
    problem({ host: null, about: 'checks', stops: true, says: tellFailure({ summary, detail }), next: null }),
  )
  return [...ofEngines, ...ofChecks]
}

async function stateOf(directory: string, signal: AbortSignal): Promise<Finding> {
  const about = { host: null, about: 'state' } as const
  const wrong = await stateProblem(directory, signal)
  return wrong === null
    ? finding({ ...about, says: `${directory} is fleet’s own` })
    : problem({ ...about, stops: true, says: `${wrong.summary}: ${wrong.detail}`, next: null })
}
