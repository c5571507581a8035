import { availableParallelism } from 'node:os'
import type { Outcome } from '../model/diagnostic.ts'
import type { Fleet } from '../model/fleet.ts'
import type { Plan } from '../model/plan-schema.ts'
import { planFleet } from '../pipeline/index.ts'
import { progressLine } from '../views/progress-line.ts'
import type { Common, PlanFlags } from './arguments.ts'
import type { Context } from './context.ts'
import { canRedraw } from './terminal.ts'
import { version } from './version.ts'
import { operator, type World } from './world.ts'

/** Plans with the real world, telling a terminal how far it is. */
export async function makePlan(
  fleet: Fleet,
  selected: ReadonlySet<string>,
  flags: Common & { readonly parallelism: number } & Partial<Pick<PlanFlags, 'base' | 'offline' | 'build'>>,
  world: World,
  { terminal, interrupts }: Context,
): Promise<Outcome<Plan>> {
  const shown = !flags.quiet && canRedraw(terminal.stderr, terminal)
  const line = shown ? progressLine(terminal.stderr) : null
  const plan = await planFleet(
    {
      fleet,
      selected,
      parallelism: { remote: flags.parallelism, nix: availableParallelism() },
      version: version(),
      operator: operator(),
      against:
        flags.base != null ? { how: 'base', ref: flags.base } : { how: flags.offline === true ? 'nothing' : 'hosts' },
      build:
        flags.build === true ? { rootOf: world.rootOf, onLine: (host, text) => line?.say(`${host}: ${text}`) } : null,
      onProgress: (progress) => line?.show(progress),
    },
    world,
    interrupts.first,
  )
  line?.close()
  return plan
}
