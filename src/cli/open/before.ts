import { basename } from 'node:path'
import { type RunsThere, programsOf } from '../../model/fleet/runs-here.ts'
import { textIn } from '../../model/run/journal-line.ts'
import type { Before } from '../../pipeline/plan/plan-fleet.ts'
import type { Checkout } from '../../ports/checkout.ts'
import type { Runs } from '../../ports/journal.ts'
import type { Common } from '../arguments/command.ts'
import { readFleet } from './fleet.ts'
import { openPlan } from './plan.ts'
import { directoryOf } from './place.ts'

interface History {
  readonly checkout: Pick<Checkout, 'fileAt'>
  readonly runs: Pick<Runs, 'outlines' | 'planFile'>
}

/** What of a fleet runs on this machine where nothing does: all that a plan has is new. */
const nothing: RunsThere = { hooks: [], checks: {}, waves: [], hosts: {}, lock: null }

/**
 * Whose programs on this machine a plan is compared with: those of fleet.yaml at `base` where that is given, else those of the
 * plan that was applied last. Null: none was.
 */
export async function openBefore(
  flags: Common & { readonly base: string | null },
  fleet: string,
  { checkout, runs }: History,
  signal: AbortSignal,
): Promise<Before | null> {
  const { base } = flags
  if (base === null) return lastApplied(fleet, runs)
  const text = await checkout.fileAt(directoryOf(flags), base, basename(flags.file), signal)
  const read = text === null ? null : readFleet(text, flags)
  // One that is not there, or that this fleet does not understand, ran nothing that is known.
  return { of: base, there: read?.ok === true ? programsOf(read.value) : nothing }
}

/** Runs that were refused or broke off are left out: what they would have run may never have. */
async function lastApplied(fleet: string, runs: History['runs']): Promise<Before | null> {
  for await (const { run, last } of runs.outlines()) {
    if (last?.type !== 'run.finished') continue
    if (['refused', 'interrupted'].includes(textIn(last, 'outcome') ?? '')) continue
    const planFile = runs.planFile(run)
    const opened = planFile === null ? null : await openPlan(planFile)
    if (opened?.ok === true && opened.value.body.name === fleet)
      return { of: 'the plan applied last', there: opened.value.body }
  }
  return null
}
