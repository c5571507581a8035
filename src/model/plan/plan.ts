import { followsFrom } from '../codes/codes.ts'
import type { Failure, HostPlan, Plan, PlanBody, Wave } from './plan-schema.ts'

/** Hosts of a plan by what will be done about them. */
interface PlanCounts {
  readonly change: number
  readonly reboot: number
  readonly unchanged: number
  readonly unreachable: number
  readonly notContacted: number
  readonly failed: number
  readonly unbuilt: number
}

/** Counts the hosts that are part of the plan; excluded ones are in none of the numbers. */
function countPlan(body: PlanBody): PlanCounts {
  const hosts = Object.values(body.hosts)
  const count = (action: HostPlan['action']) => hosts.filter((host) => host.action === action).length
  const reboot = hosts.filter((host) => host.action === 'change' && host.diff.reboot.needed === true).length
  const unbuilt = hosts.filter((host) => host.action === 'evaluation-failed' && isUnbuilt(host.failure)).length
  const notContacted = hosts.filter((host) => host.action === 'unreachable' && !wasContacted(host.failure)).length
  return {
    change: count('change'),
    reboot,
    unchanged: count('none'),
    unreachable: count('unreachable') - notContacted,
    notContacted,
    failed: count('evaluation-failed') - unbuilt,
    unbuilt,
  }
}

/** The last line of every rendered plan; its wording is fixed and scripts match it. */
export function planSummary(plan: Plan): string {
  if (plan.body.comparison != null) return comparisonSummary(plan.body)
  if (plan.body.reboot != null) return rebootSummary(plan.body)
  const { change, reboot, unchanged, unreachable, notContacted, failed, unbuilt } = countPlan(plan.body)
  if (change === 0 && failed + unbuilt === 0 && unchanged > 0)
    return plan.body.base == null
      ? 'No changes. Every reachable host runs its planned system.'
      : `No changes. Every system is the same as at ${plan.body.base.ref}.`
  const parts = [`${change} to change${reboot > 0 ? ` (${reboot} reboot${reboot > 1 ? 's' : ''})` : ''}`]
  parts.push(`${unchanged} unchanged`)
  if (unreachable > 0) parts.push(`${unreachable} unreachable`)
  if (notContacted > 0) parts.push(`${notContacted} not contacted`)
  if (failed > 0) parts.push(`${failed} failed to evaluate`)
  if (unbuilt > 0) parts.push(`${unbuilt} failed to build`)
  return `Plan: ${parts.join(', ')}.`
}

/** The last line of every rendered plan of reboots; its wording is fixed as well. */
function rebootSummary(body: PlanBody): string {
  const { change } = countPlan(body)
  return change === 0 ? 'Plan: no host to reboot.' : `Plan: ${change} to reboot.`
}

/** The last line of every rendered comparison; its wording is fixed as well. */
function comparisonSummary({ hosts }: PlanBody): string {
  const [host] = Object.values(hosts)
  if (host?.action !== 'change') return 'Diff: the same system.'
  const { needed } = host.diff.reboot
  const reboot = needed === null ? ', reboot unknown' : needed ? ', a reboot between them' : ''
  return `Diff: different systems${reboot}.`
}

/** Why nothing is known of what a host runs, in words that follow its name. */
export function missingWords(failure: Failure): string {
  return wasContacted(failure) ? 'unreachable' : 'not contacted'
}

/** False where the host was left alone on purpose: with --offline, and where --observed has no answer of the host. */
export function wasContacted({ code }: Failure): boolean {
  return followsFrom(code).contact !== 'not-tried'
}

/** What is wrong with a host that did not evaluate, or that `--build` could not build, in words that follow its name. */
export function brokenWords(failure: Failure): string {
  return isUnbuilt(failure) ? 'does not build' : 'does not evaluate'
}

function isUnbuilt({ code }: Failure): boolean {
  return followsFrom(code).planning === 'not-built'
}

/** True when applying the plan would change some host. */
export function hasChanges(body: PlanBody): boolean {
  return Object.values(body.hosts).some((host) => host.action === 'change')
}

/** A wave as the plan froze it; a name that the plan does not have is a bug. */
export function plannedWave(body: PlanBody, name: string): Wave {
  const wave = body.waves.find((candidate) => candidate.name === name)
  if (wave === undefined) throw new Error(`bug: wave ${name} is not in the plan`)
  return wave
}
