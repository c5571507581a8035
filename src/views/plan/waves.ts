import type { HostPlan, Plan } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { ChangeGroup } from './groups.ts'
import { limitsOf, tellLimits } from './limits.ts'

/** A wave as a row of counts. */
export interface WaveRow {
  /** Its place in the rollout, from 1. */
  readonly number: number
  readonly name: string
  /** Cleaned, without those left out of the plan. */
  readonly members: readonly string[]
  readonly change: number
  readonly reboot: number
  /** Hosts that cannot be changed: unreachable, not contacted, do not evaluate or build. */
  readonly blocked: number
  /** Places, in the list of groups, of the changes that its hosts take. */
  readonly changes: readonly number[]
  /** What it has of its own: `asks first; bakes 10m`; empty: what every wave has. */
  readonly limits: string
}

/** The rollout of a plan: the waves that have a host in it, in order. */
export interface Rollout {
  readonly rows: readonly WaveRow[]
  /** Limits that all or most waves have; of a single wave all its limits. */
  readonly limits: string
}

/** The waves of a plan with the changes that reach them. */
export function rolloutOf({ body }: Plan, groups: readonly ChangeGroup[]): Rollout {
  const places = new Map<HostPlan, number>()
  for (const [place, { members }] of groups.entries()) for (const member of members) places.set(member, place)
  const isPlanned = (name: string) => (body.hosts[name]?.action ?? 'excluded') !== 'excluded'
  const waves = body.waves
    .map((wave, index) => ({ wave, number: index + 1, members: wave.hosts.filter(isPlanned) }))
    .filter(({ members }) => members.length > 0)
  const [only, ...others] = waves
  const { shared, own } = limitsOf(waves.map(({ wave }) => wave))
  return {
    rows: waves.map(({ wave, number, members }, index) => ({
      ...countsOf(members.flatMap((name) => body.hosts[name] ?? [])),
      number,
      name: cleanLine(wave.name),
      members: members.map(cleanLine),
      changes: [...new Set(members.flatMap((name) => placeOf(body.hosts[name], places)))],
      limits: own[index] ?? '',
    })),
    limits: only !== undefined && others.length === 0 ? tellLimits(only.wave) : shared,
  }
}

function placeOf(host: HostPlan | undefined, places: ReadonlyMap<HostPlan, number>): readonly number[] {
  const place = host === undefined ? undefined : places.get(host)
  return place === undefined ? [] : [place]
}

function countsOf(members: readonly HostPlan[]): Pick<WaveRow, 'change' | 'reboot' | 'blocked'> {
  const count = (test: (host: HostPlan) => boolean) => members.filter(test).length
  return {
    change: count(({ action }) => action === 'change'),
    reboot: count((host) => host.action === 'change' && host.diff.reboot.needed === true),
    blocked: count(({ action }) => action === 'unreachable' || action === 'evaluation-failed'),
  }
}
