import { beyond, budgetHosts, readBudget, spend } from '../test/e2e/budget.ts'

/** Holds what the commands ask of the machine and its hosts against bench/budget.json; false where one asks for more. */
export async function checkBudget(): Promise<boolean> {
  const [spent, budget] = [await spend(), readBudget()]
  console.log(`Counts for ${budgetHosts} hosts, and the most that bench/budget.json allows:`)
  for (const [command, counts] of Object.entries(spent)) {
    const allowed: Readonly<Record<string, number>> = { ...budget[command] }
    const told = Object.entries(counts).map(([what, count]) => `${what} ${count}/${allowed[what] ?? '-'}`)
    console.log(`  ${command.padEnd(32)}${told.join('  ')}`)
  }
  const problems = beyond(spent, budget)
  for (const problem of problems) console.error(problem)
  return problems.length === 0
}
