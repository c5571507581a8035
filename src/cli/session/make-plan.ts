import { availableParallelism } from 'node:os'
import type { Outcome } from '../../model/diagnostic.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import type { Plan } from '../../model/plan/plan-schema.ts'
import type { Status } from '../../model/host/status-schema.ts'
import { type Against, planFleet } from '../../pipeline/plan/plan-fleet.ts'
import { missingPrograms } from '../../pipeline/settings/missing-programs.ts'
import type { Common } from '../arguments/command.ts'
import type { PlanFlags } from '../arguments/plan-flags.ts'
import type { Context } from './context.ts'
import { openBefore } from '../open/before.ts'
import { operator } from '../open/place.ts'
import { openProgress } from './progress.ts'
import { version } from '../open/version.ts'
import type { World } from '../world.ts'

/** Plans with the real world, telling a terminal how far it is. */
export async function makePlan(
  { fleet, selected }: { readonly fleet: Fleet; readonly selected: ReadonlySet<string> },
  flags: Common & { readonly parallelism: number } & Partial<
      Pick<PlanFlags, 'base' | 'offline' | 'build' | 'importFromDerivation'>
    > & {
      /** Saved observations, used instead of asking the hosts. */
      readonly status?: Status | null
    },
  world: World,
  { terminal, interrupts }: Context,
): Promise<Outcome<Plan>> {
  const { base = null, offline = false, build = false, status = null, importFromDerivation = false } = flags
  const missing = offline ? [] : await missingPrograms(fleet, selected, world, interrupts.first)
  if (missing.length > 0) return { ok: false, diagnostics: missing }
  const progress = openProgress(
    `planning ${selected.size} ${selected.size === 1 ? 'host' : 'hosts'}`,
    flags,
    terminal,
    world.clock,
  )
  try {
    return await planFleet(
      {
        fleet,
        selected,
        parallelism: { remote: flags.parallelism, nix: availableParallelism() },
        version: version(),
        operator: operator(),
        against: againstOf({ base, offline, status, importFromDerivation }),
        since: offline ? null : base,
        build: build ? { rootOf: world.rootOf, onLine: (host, text) => progress.say(`${host}: ${text}`) } : null,
        before: await openBefore({ ...flags, base }, fleet.name, world, interrupts.first),
        onProgress: (done) => progress.show(done),
      },
      world,
      interrupts.first,
    )
  } finally {
    // Whatever happened: what tells how far it is would keep the program alive.
    await progress.close('planned')
  }
}

function againstOf({
  base,
  offline,
  status,
  importFromDerivation,
}: Pick<PlanFlags, 'base' | 'offline' | 'importFromDerivation'> & { readonly status: Status | null }): Against {
  if (status !== null) return { how: 'observed', status }
  if (!offline) return { how: 'hosts' }
  return base === null ? { how: 'nothing' } : { how: 'base', ref: base, importFromDerivation }
}
