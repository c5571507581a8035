// `npm run fidelity -- [--edits N] [--seed S] [--hosts K]`: random edits of hosts with a real systemd, each planned, applied and
// held to what is there. Prints what was not as predicted, then a table; exits with 1 where something was wrong or missing.
import { parseArgs } from 'node:util'
import { startLab } from '../lab.ts'
import { Random } from '../prediction/random.ts'
import { toyHost } from '../systemd/toys.ts'
import type { Field } from './judge.ts'
import { rounds } from './rounds.ts'

type Outcome = Field['outcome']
type Counts = Record<Outcome, number> & { edits: number }

const { values } = parseArgs({
  options: {
    edits: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    hosts: { type: 'string', default: '3' },
  },
})
const [edits, seed, count] = [Number(values.edits), Number(values.seed), Number(values.hosts)]
if (![edits, seed, count].every((number) => Number.isInteger(number) && number > 0))
  throw new Error('--edits, --seed and --hosts want whole numbers above 0.')

const collectGarbage = `ln -sfn /run/booted-system /nix/var/nix/gcroots/booted-system
nix-env -p /nix/var/nix/profiles/system --delete-generations old && nix-store --gc >/dev/null`

const table = new Map<string, Counts>()
const begun = performance.now()
const names = Array.from({ length: count }, (_, index) => `host-${index + 1}`)
const lab = await startLab({
  hosts: Object.fromEntries(names.map((name) => [name, toyHost])),
  start: 'converged',
  onProgress: (text) => process.stderr.write(`fidelity: ${text}\n`),
})
try {
  let done = 0
  for await (const { host, kind, edits: made, fields } of rounds(lab, edits, new Random(seed))) {
    done += 1
    const counts = table.get(kind) ?? { edits: 0, right: 0, wrong: 0, missing: 0, unknown: 0 }
    counts.edits += made.length
    for (const { outcome } of fields) counts[outcome] += 1
    table.set(kind, counts)
    const told = fields.filter(({ outcome }) => outcome !== 'right')
    for (const { outcome, says } of told) process.stdout.write(`${host} (${made.join(', ')}): ${outcome}: ${says}\n`)
    // The hosts' stores are small: what no longer runs goes.
    if (done % (10 * count) === 0) await Promise.all(names.map((name) => lab.inside(name, collectGarbage)))
  }
} finally {
  await lab.stop()
}

const head = ['kind of edit', 'edits', 'fields', 'wrong', 'missing', 'unknown']
const row = (name: string, { edits: made, right, wrong, missing, unknown }: Counts) =>
  [name, made, right + wrong + missing + unknown, wrong, missing, unknown].map(String)
const total: Counts = { edits: 0, right: 0, wrong: 0, missing: 0, unknown: 0 }
for (const counts of table.values()) for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key]
const rows = [head, ...[...table].map(([name, counts]) => row(name, counts)), row('all', total)]
const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
const cell = (text: string, column: number) =>
  column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
process.stdout.write(`\n${rows.map((cells) => cells.map(cell).join('  ')).join('\n')}\n`)
process.stdout.write(`seed ${seed}, ${count} hosts, ${Math.round((performance.now() - begun) / 1000)} s\n`)
process.exitCode = total.wrong + total.missing === 0 ? 0 : 1
