import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generatedHosts } from '../lab/description.ts'
import { startLab } from '../lab/lab.ts'
import { CountedOperator, type Counts } from './counts.ts'

/** The most that each command may ask, by its name: bench/budget.json, for this many hosts of one wave. */
export const budgetHosts = 3
export type Budget = Readonly<Record<string, Counts>>

/** What is checked in. */
export function readBudget(): Budget {
  return JSON.parse(readFileSync(new URL('../../bench/budget.json', import.meta.url), 'utf8')) as Budget
}

/** Counts what each command of the budget asks, on a lab of its own. */
export async function spend(): Promise<Budget> {
  const lab = await startLab({ hosts: generatedHosts(budgetHosts) })
  const folder = mkdtempSync(join(tmpdir(), 'fleet-counts-'))
  const counted = await CountedOperator.in(lab, folder, 'waves:\n  - { name: all, hosts: ["*"], maxParallel: 3 }\n')
  const plan = join(folder, 'plan.json')
  try {
    // What is planned, built and copied once is not what is counted.
    await counted.operator.fleet('plan', '-o', plan, '--build')
    return {
      'plan, evaluations cached': await counted.count('plan', '-o', plan),
      status: await counted.count('status'),
      check: await counted.count('check'),
      'apply, engine nix, all built': await counted.count('apply', plan, '--json'),
      'plan, nothing changes': await counted.count('plan'),
    }
  } finally {
    counted.operator.close()
    rmSync(folder, { recursive: true, force: true })
    await lab.stop()
  }
}

/** What is more than the budget allows, in words, and what no budget is written for. */
export function beyond(spent: Budget, budget: Budget): readonly string[] {
  return Object.entries(spent).flatMap(([command, counts]) => {
    const allowed = budget[command]
    if (allowed === undefined) return [`${command}: it has no budget`]
    const most: Readonly<Record<string, number>> = { ...allowed }
    return Object.entries({ ...counts } as Readonly<Record<string, number>>).flatMap(([what, count]) =>
      count > (most[what] ?? 0) ? [`${command}: ${count} ${what}, at most ${most[what]}`] : [],
    )
  })
}
