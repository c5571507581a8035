import { resolveCount } from '../../model/text/count.ts'
import type { PlanBody, Wave } from '../../model/plan/plan-schema.ts'
import type { RunState } from '../../model/run/run.ts'

/** A wave's limits, as the plan froze them or as the command line overrides them. */
export interface Limits {
  readonly maxParallel: number
  readonly maxFailures: number
}

/** Limits of a wave in this run. */
export function limitsOf({ hosts, maxParallel, maxFailures }: Wave, { overrides }: RunState): Limits {
  return {
    maxParallel: overrides.maxParallel === null ? maxParallel : resolveCount(overrides.maxParallel, hosts.length, 1),
    maxFailures: overrides.maxFailures === null ? maxFailures : resolveCount(overrides.maxFailures, hosts.length, 0),
  }
}

/** A group that may lose so many of its members, whichever wave they are in. */
interface LimitedGroup {
  readonly name: string
  readonly members: ReadonlySet<string>
  readonly maxUnavailable: number
  /** Members that did not answer when the plan was made, selected or not. */
  readonly unreachable: ReadonlySet<string>
}

/** What follows from a plan alone is worked out once for it. */
const groupsOfPlan = new WeakMap<PlanBody, ReadonlyMap<string, readonly LimitedGroup[]>>()

function groupsOf(body: PlanBody, host: string): readonly LimitedGroup[] {
  const known = groupsOfPlan.get(body) ?? groupsByHost(body)
  groupsOfPlan.set(body, known)
  return known.get(host) ?? []
}

function groupsByHost({ groups, hosts }: PlanBody): ReadonlyMap<string, readonly LimitedGroup[]> {
  const byHost = new Map<string, LimitedGroup[]>()
  for (const [name, group] of Object.entries(groups)) {
    if (group.maxUnavailable === null) continue
    const unreachable = new Set(group.hosts.filter((host) => hosts[host]?.action === 'unreachable'))
    const limited = { name, members: new Set(group.hosts), maxUnavailable: group.maxUnavailable, unreachable }
    for (const host of group.hosts) byHost.set(host, [...(byHost.get(host) ?? []), limited])
  }
  return byHost
}

/** Why one more member of its groups may not go down, or null. `flying`: hosts in flight, those admitted just now included. */
export function groupReason(body: PlanBody, run: RunState, name: string, flying: ReadonlySet<string>): string | null {
  for (const { name: group, members, maxUnavailable, unreachable } of groupsOf(body, name)) {
    const down = new Set(unreachable)
    for (const host of run.down) if (members.has(host)) down.add(host)
    down.delete(name)
    let inFlight = 0
    for (const host of flying) if (members.has(host) && !down.has(host)) inFlight += 1
    const used = down.size + inFlight
    if (used < maxUnavailable) continue
    return `@${group}: ${used} of ${maxUnavailable} ${down.size === 0 ? 'in flight' : inFlight === 0 ? 'down' : 'down or in flight'}`
  }
  return null
}
