import { type ApplyFlags, applyFlags } from '../apply-flags.ts'
import type { RawRollback } from './rollback-flags.ts'

export interface RebootFlags extends ApplyFlags {
  /** The selected hosts that need a reboot, or all of them. */
  readonly which: 'pending' | 'all'
  /** Save the plan there, and reboot nothing; null: show it and ask. */
  readonly out: string | null
}

/** What the argument parser makes of the options of `reboot`. */
export interface RawReboot extends Omit<RawRollback, 'run'> {
  readonly pending: boolean
  readonly all: boolean
  readonly yes: boolean
  readonly simulate: boolean
  readonly seed?: string
  readonly faults?: string
}

/** Reads the options of `reboot`: those of `apply` that make sense for it, and its own. */
export function rebootFlags(raw: RawReboot, wrong: (message: string) => never): RebootFlags {
  const { out, pending, all, yes, ...rest } = raw
  if (pending && all) wrong('--pending and --all exclude each other')
  const autoApprove = raw.autoApprove || yes
  const unset = { allowDirty: false, dryActivate: false, outOfOrder: false, forceStale: [], reactivate: [] }
  const flags = applyFlags(undefined, { ...rest, ...unset, autoApprove }, wrong)
  return { ...flags, which: all ? 'all' : 'pending', out: out ?? null }
}
