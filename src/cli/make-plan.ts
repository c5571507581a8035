import { availableParallelism } from 'node:os'
import type { Outcome } from '../model/diagnostic.ts'
import type { Fleet } from '../model/fleet.ts'
import type { Plan } from '../model/plan-schema.ts'
import { planFleet } from '../pipeline/index.ts'
import { progressLine } from '../views/progress-line.ts'
import type { Common } from './arguments.ts'
import type { Context } from './context.ts'
import { canRedraw } from './terminal.ts'
import { version } from './version.ts'
import { operator, type World } from './world.ts'

/** Plans with the real world, telling a terminal how far it is. */
export async function makePlan(
  fleet: Fleet,
  selected: ReadonlySet<string>,
  flags: Common & { readonly parallelism: number },
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
      build: null,
      onProgress: (progress) => line?.show(progress),
    },
    world,
    interrupts.first,
  )
  line?.close()
  return plan
}
