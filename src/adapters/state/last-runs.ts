import { type JournalLine, recordsIn, textIn } from '../../model/run/journal-line.ts'
import type { LastRun } from '../../model/host/status-schema.ts'

/** How a host's part of a run ended, by the event that ends it. */
const endings: ReadonlyMap<string, LastRun['ending']> = new Map([
  ['host.succeeded', 'succeeded'],
  ['host.skipped', 'skipped'],
  ['host.stale', 'stale'],
  ['host.failed', 'failed'],
  ['host.rolled-back', 'rolled-back'],
  ['host.reverted', 'reverted'],
  ['host.unknown', 'unknown'],
  ['host.cancelled', 'cancelled'],
])

/** What a run's plan wants of a host. */
export interface Wanted {
  readonly to: string | null
  readonly mode: LastRun['mode']
}

/** What one run's journal says of each host that it had to do with, by name. */
export function lastRunsIn(
  run: string,
  lines: readonly JournalLine[],
  wanted: ReadonlyMap<string, Wanted>,
): ReadonlyMap<string, LastRun> {
  const found = new Map<string, LastRun>()
  let decided: LastRun['mode'] = null
  for (const line of lines) {
    if (line.type === 'run.started') decided = decidedMode(line)
    const host = textIn(line, 'host')
    if (host === null || !line.type.startsWith('host.')) continue
    const ending = endings.get(line.type) ?? found.get(host)?.ending ?? 'unfinished'
    const { to = null, mode = null } = wanted.get(host) ?? {}
    found.set(host, { run, at: new Date(line.at).toISOString(), ending, to, mode: decided ?? mode })
  }
  return found
}

/** The mode that the command line gave a run (`--mode`); null: each host's own. */
function decidedMode({ fields }: JournalLine): LastRun['mode'] {
  const [overrides = { fields: {} }] = recordsIn({ fields: { all: [fields['overrides']] } }, 'all')
  const mode = textIn(overrides, 'mode')
  return mode === 'switch' || mode === 'boot' || mode === 'test' ? mode : null
}

/** Hosts whose change a run began, or which it found changed already; it does not tell of those that it only got ready. */
export function begunIn(lines: readonly JournalLine[]): ReadonlySet<string> {
  const begun = new Set<string>()
  for (const line of lines) {
    const isThere = line.type === 'host.skipped' && textIn(line, 'cause') === 'converged'
    const host = line.type === 'host.started' || isThere ? textIn(line, 'host') : null
    if (host !== null) begun.add(host)
  }
  return begun
}
