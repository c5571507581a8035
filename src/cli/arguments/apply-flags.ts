import type { Count } from '../../model/text/count.ts'
import { parseDuration } from '../../model/fleet/duration.ts'
import type { Overrides } from '../../model/run/event-schema.ts'
import type { Selection } from './selection.ts'
import { type RawSimulate, type Simulate, simulateFlags } from './simulate-flags.ts'

export interface ApplyFlags extends Selection {
  /** A saved plan; null: plan, show and ask. */
  readonly plan: string | null
  readonly autoApprove: boolean
  readonly allowDirty: boolean
  /** Refuse unless the plan has this id; null: any. */
  readonly planId: string | null
  /** A file of allowed signers, one of whom must have signed the plan file; null: it need not be signed. */
  readonly requireSignature: string | null
  readonly json: boolean
  /** Hosts asked at once while planning. */
  readonly parallelism: number
  /** Copy, show what an activation would do to units, activate nothing. */
  readonly dryActivate: boolean
  /** What the command line sets aside; recorded in the stream. */
  readonly overrides: Overrides
  /** Milliseconds to wait for a lock that somebody else holds. */
  readonly lockTimeoutMs: number
  /** A file for the event stream as well; null: none. */
  readonly log: string | null
  /** Play the rollout against simulated hosts; null: carry it out. */
  readonly simulate: Simulate | null
}

/** What the argument parser makes of the options of `apply`. */
export interface RawApply extends RawSimulate {
  readonly wave: readonly string[]
  readonly on: readonly string[]
  readonly autoApprove: boolean
  readonly allowDirty: boolean
  readonly planId?: string
  readonly requireSignature?: string
  readonly json: boolean
  readonly parallelism: number
  readonly dryActivate: boolean
  readonly maxParallel?: string
  readonly maxFailures?: string
  readonly skipBake: boolean
  readonly outOfOrder: boolean
  readonly forceStale: readonly string[]
  readonly mode?: 'switch' | 'boot' | 'test'
  readonly until?: 'copy'
  readonly reactivate: readonly string[]
  readonly reason?: string
  readonly lockTimeout: string
  readonly log?: string
}

/** Reads the options of `apply`; `wrong` ends with a usage error. */
export function applyFlags(plan: string | undefined, raw: RawApply, wrong: (message: string) => never): ApplyFlags {
  const { on, autoApprove, allowDirty, json, parallelism, dryActivate } = raw
  if (dryActivate && json)
    wrong('--dry-activate and --json exclude each other: nothing is rolled out, so there are no events')
  if (dryActivate && raw.until) wrong('--dry-activate and --until exclude each other: both end before any activation')
  if (dryActivate && raw.simulate) wrong('--dry-activate and --simulate exclude each other')
  if (raw.requireSignature !== undefined && plan === undefined)
    wrong('--require-signature is for a plan file: a plan that is made now is approved as it is shown')
  const lockTimeoutMs = parseDuration(raw.lockTimeout)
  if (lockTimeoutMs === null) return wrong(`--lock-timeout takes a duration such as 30s or 10m, not ${raw.lockTimeout}`)
  return {
    plan: plan ?? null,
    waves: raw.wave,
    on,
    autoApprove,
    allowDirty,
    planId: raw.planId ?? null,
    requireSignature: raw.requireSignature ?? null,
    json,
    parallelism,
    dryActivate,
    overrides: overridesOf(raw, wrong),
    lockTimeoutMs,
    log: raw.log ?? null,
    simulate: simulateFlags(raw, wrong),
  }
}

/** What sets a safeguard aside takes a reason: whoever reads the journal later should not have to guess. */
function overridesOf(raw: RawApply, wrong: (message: string) => never): Overrides {
  const { skipBake, outOfOrder, forceStale } = raw
  const reason = raw.reason?.trim() ?? ''
  const bold = [
    ...(skipBake ? ['--skip-bake'] : []),
    ...(outOfOrder ? ['--out-of-order'] : []),
    ...(forceStale.length > 0 ? ['--force-stale'] : []),
  ]
  if (bold.length > 0 && reason === '') wrong(`${bold.join(', ')} needs --reason TEXT, which is recorded`)
  return {
    maxParallel: countOf('--max-parallel', raw.maxParallel, 1, wrong),
    maxFailures: countOf('--max-failures', raw.maxFailures, 0, wrong),
    skipBake,
    outOfOrder,
    forceStale: [...new Set(forceStale)],
    mode: raw.mode ?? null,
    until: raw.until ?? null,
    reactivate: [...new Set(raw.reactivate)],
    reason: reason === '' ? null : reason,
  }
}

function countOf(
  flag: string,
  text: string | undefined,
  least: 0 | 1,
  wrong: (message: string) => never,
): Count | null {
  if (text === undefined) return null
  const isNumber = /^\d{1,5}$/.test(text) && Number(text) >= least
  const isShare = /^\d{1,3}%$/.test(text) && Number.parseInt(text, 10) <= 100
  if (!isNumber && !isShare) wrong(`${flag} takes a whole number from ${least} or a percentage, not ${text}`)
  return isNumber ? Number(text) : text
}
