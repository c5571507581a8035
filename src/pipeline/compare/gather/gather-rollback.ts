import type { Closure } from '../../../model/nix/closure.ts'
import { unknown } from '../../../model/host/nixos-system.ts'
import type { Failure } from '../../../model/plan/plan-schema.ts'
import { closureIfHere, type GatherPorts, type GatherRequest, notRead } from './gather-host.ts'
import type { HostSides } from '../sides.ts'
import { readContents } from '../../observe/contents.ts'
import { systemOfBuilt, systemOfHost } from '../system/of-host.ts'
import { withClosure, withSelected } from '../system/with-closure.ts'

/**
 * Gathers what a host runs and a system that it ran before: both are built, and nothing is known of how. Packages and size come
 * from the closures, which the host itself tells where this machine does not have them; the rest only where the system is here.
 */
export async function gatherRollback(
  { host, observation, evaluation }: GatherRequest,
  ports: GatherPorts,
  signal: AbortSignal,
): Promise<HostSides> {
  const problems: Failure[] = []
  const closureOf = async (toplevel: string): Promise<Closure | null> => {
    const { name, settings } = host
    const known = (await ports.closures.get(toplevel, name)) ?? (await closureIfHere(toplevel, ports.store, signal))
    if (known !== null) return known
    const asked = await readContents({ name, settings, files: [], closureOf: toplevel }, ports.remote, signal)
    if (!asked.ok) problems.push(asked.failure)
    else if (asked.value.closure !== null) await ports.closures.put(toplevel, asked.value.closure, { host: name })
    else problems.push(notThere(toplevel))
    return asked.ok ? asked.value.closure : null
  }
  const closures = { before: await closureOf(observation.system), after: await closureOf(evaluation.system) }
  const here = await ports.store.contents(evaluation.system)
  const label = unknown('not visible in what is built')
  const before = systemOfHost(observation, new Map())
  const after = here === null ? notRead(evaluation) : systemOfBuilt(evaluation.system, here, label, new Map())
  return {
    observation,
    evaluation: here === null ? evaluation : { ...evaluation, bootLinks: here.links },
    before: closures.before === null ? withSelected(before, null) : withClosure(before, closures.before, []),
    after: closures.after === null ? withSelected(after, null) : withClosure(after, closures.after, []),
    graphs: { before: null, after: null },
    closures,
    problems,
  }
}

function notThere(toplevel: string): Failure {
  return {
    code: 'rollback/unreadable',
    summary: 'the contents of the previous system are unknown',
    detail: `${toplevel} may have been garbage-collected on the host. In that case fleet refuses before it touches the host.`,
  }
}
