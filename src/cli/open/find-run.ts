import { diagnostic, type Outcome } from '../../model/diagnostic.ts'
import { suggestion } from '../../pipeline/settings/suggest.ts'
import type { RunRecord, Runs } from '../../ports/journal.ts'

/** The run of that name, or the only one whose name ends so; `latest` and `last`: the newest. */
export async function findRun(runs: Pick<Runs, 'names' | 'read'>, wanted: string): Promise<Outcome<RunRecord>> {
  const names = runs.names()
  const isNewest = wanted === 'latest' || wanted === 'last'
  const fitting = isNewest
    ? names.slice(0, 1)
    : names.includes(wanted)
      ? [wanted]
      : names.filter((run) => run.endsWith(wanted))
  const [only] = fitting
  const record = only === undefined || fitting.length > 1 ? null : await runs.read(only)
  if (record !== null) return { ok: true, value: record, diagnostics: [] }
  const detail =
    fitting.length > 1
      ? `${wanted} is the end of ${fitting.length} names: ${fitting.slice(0, 5).join(', ')}.`
      : names.length === 0
        ? `There is no run ${wanted}: nothing has been rolled out with this state directory.`
        : `There is no run ${wanted}. ${suggestion(wanted, names.slice(0, 10), 'The latest are')}`
  return { ok: false, diagnostics: [diagnostic('usage/unknown-run', 'no such run', detail)] }
}
