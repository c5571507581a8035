import type { Host } from '../../../model/fleet/fleet.ts'
import type { Wave } from '../../../model/plan/plan-schema.ts'
import { isThisMachine } from '../../../model/fleet/this-machine.ts'

/**
 * The same waves, but the machine that fleet runs on comes last in its own: what its activation may break then breaks
 * nothing else. Hosts of the wave that wait for it, because `dependsOn` says so, come after it.
 */
export function thisMachineLast(waves: readonly Wave[], hosts: readonly Host[], hostname: string): readonly Wave[] {
  const local = hosts.find(({ settings }) => isThisMachine(settings, hostname))?.name
  if (local === undefined) return waves
  const dependsOn = new Map(hosts.map(({ name, settings }) => [name, settings.dependsOn]))
  return waves.map((wave) => {
    if (!wave.hosts.includes(local)) return wave
    const waiting = dependents(local, wave.hosts, dependsOn)
    const others = wave.hosts.filter((host) => host !== local && !waiting.has(host))
    const last = [local, ...wave.hosts.filter((host) => waiting.has(host))]
    return { ...wave, hosts: [...others, ...last], batches: divided(wave, others.length) }
  })
}

/** The order alone would start it beside the others: it is in a batch after theirs. */
function divided({ batches, hosts }: Wave, before: number): readonly number[] {
  if (before === 0) return batches
  return [...new Set([...batches, before, hosts.length])].toSorted((a, b) => a - b)
}

/** Hosts that wait for one, directly or for another that does. */
function dependents(
  host: string,
  hosts: readonly string[],
  dependsOn: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set<string>()
  const more = [host]
  for (let next = more.pop(); next !== undefined; next = more.pop()) {
    for (const other of hosts) {
      if (other === host || found.has(other) || dependsOn.get(other)?.includes(next) !== true) continue
      found.add(other)
      more.push(other)
    }
  }
  return found
}
