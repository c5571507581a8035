import { join, resolve } from 'node:path'
import pLimit from 'p-limit'
import { cleanLine } from '../../../model/text/text.ts'
import { dryActivate, type Tried } from '../../../pipeline/dry-activate.ts'
import type { Common } from '../../arguments/command.ts'
import { type Context, exitCode } from '../../session/context.ts'
import type { Approved } from '../../session/roll.ts'
import { newRun } from '../../session/new-run.ts'
import { stateDirectoryOf } from '../../open/place.ts'
import type { World } from '../../world.ts'

/** Hosts tried at once. */
const atOnce = 8

/**
 * `fleet apply --dry-activate`: builds, copies, and shows what an activation would do to units. It has no journal and takes
 * no lock, since nothing that runs on a host changes; and no code of a rollout is called.
 */
export async function showActivation(
  { plan: { body }, selection }: Pick<Approved, 'plan' | 'selection'>,
  flags: Common,
  { terminal, interrupts }: Context,
  { clock, nix, remote, engines, rootOf }: World,
): Promise<number> {
  const run = newRun(clock.now())
  const directory = resolve(stateDirectoryOf(flags, terminal.environment), 'dry-activate')
  const limit = pLimit(atOnce)
  const results = await Promise.all(
    selection.flatMap(({ hosts }) =>
      hosts.map((name) =>
        limit(async () => {
          const planned = body.hosts[name]
          if (planned === undefined) throw new Error(`bug: ${name} is not in the plan`)
          const lines: string[] = []
          const onLine = (line: string) => void lines.push(`  | ${cleanLine(line)}`)
          const task = { name, planned, run, directory: join(directory, name), root: rootOf(name), onLine }
          const tried = await dryActivate(task, { nix, remote, engines }, interrupts.first)
          terminal.stdout.write(`${[`${name}: ${verdictOf(tried)}`, ...lines].join('\n')}\n`)
          return tried.tried
        }),
      ),
    ),
  )
  if (interrupts.first.aborted) return exitCode.interrupted
  const failed = results.filter((tried) => tried === 'failed').length
  const end = failed === 0 ? '' : ` ${failed} of ${results.length} could not be tried.`
  terminal.stdout.write(`Nothing was activated (--dry-activate).${end}\n`)
  return failed === 0 ? exitCode.done : exitCode.failed
}

function verdictOf(tried: Tried): string {
  switch (tried.tried) {
    case 'shown':
      return 'would do'
    case 'nothing-to-do':
      return cleanLine(tried.reason)
    case 'failed':
    case 'skipped':
      return `${tried.tried}: ${cleanLine(tried.reason)}`
  }
}
