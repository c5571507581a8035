// Measures fleet beside its peers and prints ratios: `npm run bench`, or `npm run bench -- B1 B3` for some of them; `-- --check` holds counts against budget.json.
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { program } from '../src/adapters/nix/command.ts'
import { again } from './again.ts'
import { apply } from './apply.ts'
import { applyDeployRs } from './apply-deploy-rs.ts'
import { budgets } from './budgets.ts'
import { checkBudget } from './check.ts'
import { closures, nvdSets } from './closures.ts'
import { never } from './evaluation.ts'
import { hosts } from './hosts.ts'
import { pool } from './pool.ts'
import { rollout } from './rollout.ts'
import { start } from './start.ts'

const benchmarks: Readonly<Record<string, (place: string) => Promise<void>>> = {
  B1: pool,
  B3: again,
  B4: closures,
  B7: budgets,
  B9: nvdSets,
  B10: hosts,
  B11: apply,
  B12: rollout,
  B13: applyDeployRs,
  B14: start,
}

const wanted = process.argv.slice(2)
if (wanted.includes('--check')) process.exit((await checkBudget()) ? 0 : 1)
const unknown = wanted.filter((name) => benchmarks[name] === undefined)
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(64)
}
const nix = await program('nix', ['--version'], never)
console.log(`${nix.stdout.trim()}, Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'CPU'}`)
console.log(
  `${Math.round(totalmem() / 1024 ** 3)} GiB, GC_INITIAL_HEAP_SIZE and GC_MAXIMUM_HEAP_SIZE as each line says`,
)
const place = await mkdtemp(join(tmpdir(), 'fleet-bench-'))
try {
  for (const [name, run] of Object.entries(benchmarks))
    if (wanted.length === 0 || wanted.includes(name)) await run(place)
} finally {
  await rm(place, { recursive: true, force: true })
}
