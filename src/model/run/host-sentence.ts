import { followsFrom } from '../codes/codes.ts'
import type { Fact } from './event.ts'
import type { HostStep } from './event-schema.ts'

type HostFact = Extract<Fact, { readonly type: `host.${string}` }>
type ShowPath = (path: string) => string

/** What happened to one host, without its name. */
export function hostSentence(fact: HostFact, show: ShowPath): string {
  switch (fact.type) {
    case 'host.waiting':
      return `waiting: ${fact.reason}`
    case 'host.started':
      return 'started'
    case 'host.step':
      return fact.status === 'started' ? stepStarted(fact, show) : stepFinished(fact)
    case 'host.output':
      return fact.line
    case 'host.unhealthy':
      return `unhealthy while wave ${fact.wave} baked: ${fact.reason}`
    case 'host.reverting':
      return `rolling back to ${show(fact.to)}: ${fact.reason}`
    case 'host.reverted':
      return reverted(fact, show)
    default:
      return ended(fact, show)
  }
}

type Ended = Exclude<
  HostFact,
  {
    readonly type:
      | 'host.waiting'
      | 'host.started'
      | 'host.step'
      | 'host.output'
      | 'host.unhealthy'
      | 'host.reverting'
      | 'host.reverted'
  }
>

function ended(fact: Ended, show: ShowPath): string {
  switch (fact.type) {
    case 'host.succeeded':
      return `${succeeded(fact, show)}${asBefore(fact.stillFailed)}`
    case 'host.skipped':
      return `${skipped[fact.cause]}: ${fact.reason}`
    case 'host.stale':
      return `${stale(fact, show)}; not touched`
    case 'host.failed': {
      const reason = fact.reason.replace(/\.$/, '')
      return `failed: ${reason} (${fact.touched ? 'the host may have changed' : 'nothing was changed on the host'})`
    }
    case 'host.rolled-back':
      return `${rolledBack(fact, show)}${asBefore(fact.stillFailed)}`
    case 'host.unknown': {
      const last = fact.lastKnown === null ? '' : `, last known ${show(fact.lastKnown)}`
      const state =
        followsFrom(fact.code).health === 'unsaid'
          ? `state unknown${last}`
          : `health unknown${last === '' ? '' : `, runs ${show(fact.lastKnown ?? '')} (verified)`}`
      return `${state}: ${fact.reason}${fact.note == null ? '' : `. Note: ${fact.note}`}`
    }
    case 'host.cancelled':
      return `not started: ${fact.reason}`
  }
}

const skipped = { converged: 'up to date', unreachable: 'skipped (unreachable)', prepared: 'prepared' } as const

/** Units that had failed before a change and still do, behind what is said of the host. */
export function asBefore(units: readonly string[] = []): string {
  return units.length === 0 ? '' : `; still failed, as before: ${units.join(', ')}`
}

type Named<Type extends HostFact['type']> = Extract<HostFact, { readonly type: Type }>

function succeeded(fact: Named<'host.succeeded'>, show: ShowPath): string {
  const { system, nextBoot = null, rebootPending = false, rebootBecause = [] } = fact
  const runs = system === null ? 'runs its planned system' : `runs ${show(system)}`
  if (nextBoot !== null && rebootPending)
    return `will boot ${show(nextBoot)}, still ${runs}; healthy (verified); reboot pending`
  const because = rebootBecause.length === 0 ? '' : ` (${rebootBecause.join(', ')})`
  return `${runs} and is healthy (verified)${rebootPending ? `; reboot pending${because}` : ''}`
}

function stale(fact: Named<'host.stale'>, show: ShowPath): string {
  const { expected, observed, expectedProfile, observedProfile } = fact
  if (observed !== expected) return `changed since the plan: runs ${show(observed)}, the plan expects ${show(expected)}`
  if (observedProfile === expectedProfile) return fact.reason
  const profile = (path: string | null | undefined) => (path == null ? 'none' : show(path))
  return `changed since the plan: its system profile is ${profile(observedProfile)}, the plan expects ${profile(expectedProfile)}`
}

function rolledBack({ reason, system }: { readonly reason: string; readonly system: string | null }, show: ShowPath) {
  const now = system === null ? '' : `; now running ${show(system)} (verified)`
  return `rolled back: ${reason}${now}`
}

function reverted(fact: Named<'host.reverted'>, show: ShowPath): string {
  switch (fact.result) {
    case 'rolled-back':
      return rolledBack(fact, show)
    case 'failed':
      return followsFrom(fact.code).rollback === 'not-started' ? `not rolled back, ${fact.reason}` : fact.reason
    case 'unknown':
      return `state unknown: ${fact.reason}`
  }
}

function stepStarted({ step, path, variant, reason }: Named<'host.step'>, show: ShowPath): string {
  const what = path === undefined ? '' : ` ${show(path)}`
  switch (step) {
    case 'lock':
      return 'taking the host lock'
    case 'preflight':
      return 'preflight: asking what it runs'
    case 'build':
      return `building${what}${variant === 'ahead' ? ', ahead of its wave' : ''}`
    case 'copy':
      return variant === 'in-store' ? `looking for${what} in its store` : 'copying its planned system'
    case 'activate':
      return `activating${what}`
    case 'confirm':
      return 'confirming the activation'
    case 'verify':
      return 'verifying what it runs'
    case 'check':
      return 'running its checks'
    case 'reboot':
      return `rebooting into${what}`
    case 'roll-back':
      return `rolling back to${what}${reason === undefined ? '' : `: ${reason}`}`
  }
}

const finished: Readonly<Record<HostStep['step'], string>> = {
  lock: 'locked by this run',
  preflight: 'preflight done',
  build: 'built',
  copy: 'its planned system is in its store',
  activate: 'activated',
  confirm: 'activation confirmed',
  verify: 'verified',
  check: 'healthy',
  reboot: 'booted its planned system (verified)',
  'roll-back': 'rolled back',
}

function stepFinished({ step, variant }: Named<'host.step'>): string {
  if (variant === undefined) return finished[step]
  switch (variant) {
    case 'as-expected':
      return 'runs the system that the plan expects'
    case 'forced':
      return 'changed since the plan; continuing (--force-stale)'
    case 'as-planned':
      return `runs its planned system${step === 'verify' ? ' (verified)' : ''}`
    case 'next-boot':
      return 'will boot its planned system (verified)'
    case 'ahead':
    case 'in-store':
      return finished[step]
  }
}
