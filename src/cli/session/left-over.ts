import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import { isInFlight } from '../../model/run/host-story.ts'
import { storyOf } from '../../model/run/story.ts'
import type { Runs } from '../../ports/journal.ts'

/** What a run that broke off left in the middle: a warning for each host whose change has a beginning and no end. */
export async function leftOver(runs: Pick<Runs, 'read'>, run: string | null): Promise<readonly Diagnostic[]> {
  const record = run === null ? null : await runs.read(run)
  if (record === null) return []
  const hosts = storyOf(record).waves.flatMap(({ hosts }) => hosts)
  return hosts.filter(isInFlight).map(({ host, steps }) => {
    const step = steps.at(-1)?.step
    const detail = `Run ${record.run} did not finish${step === undefined ? '' : ` (${step})`}. fleet asks ${host} what it runs now.`
    return diagnostic('run/in-flight', 'was in flight when a run stopped', detail, { severity: 'warning', host })
  })
}
