import { type ApplyFlags, applyFlags } from '../apply-flags.ts'

export interface RollbackFlags extends ApplyFlags {
  /** The run to roll back; null: the latest that changed the selected hosts. */
  readonly run: string | null
  /** Save the plan there, and roll nothing out; null: show it and ask. */
  readonly out: string | null
}

/** What the argument parser makes of the options of `rollback`. */
export interface RawRollback {
  readonly wave: readonly string[]
  readonly on: readonly string[]
  readonly run?: string
  readonly out?: string
  readonly autoApprove: boolean
  readonly json: boolean
  readonly parallelism: number
  readonly maxParallel?: string
  readonly maxFailures?: string
  readonly skipBake: boolean
  readonly reason?: string
  readonly lockTimeout: string
  readonly log?: string
}

/** Reads the options of `rollback`: those of `apply` that make sense for it, and its own. */
export function rollbackFlags(raw: RawRollback, wrong: (message: string) => never): RollbackFlags {
  const { run, out, ...rest } = raw
  const unset = { allowDirty: false, dryActivate: false, outOfOrder: false, forceStale: [], reactivate: [] }
  return { ...applyFlags(undefined, { ...rest, ...unset, simulate: false }, wrong), run: run ?? null, out: out ?? null }
}
