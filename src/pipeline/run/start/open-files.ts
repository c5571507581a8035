import { type Diagnostic, diagnostic } from '../../../model/diagnostic.ts'
import type { PlanBody } from '../../../model/plan/plan-schema.ts'
import type { SelectedWave } from '../../../model/run/event-schema.ts'

/** Files of the connection that holds a host's lock: it is open from the first step of its wave to the host's ending. */
const ofLock = 3
/** Those that the rest of fleet may need beside the locks. */
const ofFleet = 200

/** Why a run would open more files than it may, told before anything starts; `limit` null: not known, or there is none. */
export function tooFewFiles(
  { hosts }: Pick<PlanBody, 'hosts'>,
  waves: readonly SelectedWave[],
  limit: number | null,
): readonly Diagnostic[] {
  if (limit === null) return []
  const sizes = waves.map((wave) => ({
    name: wave.name,
    count: wave.hosts.filter((host) => hosts[host]?.action === 'change').length,
  }))
  const large = sizes.find(({ count }) => count * ofLock + ofFleet > limit)
  if (large === undefined) return []
  const needed = large.count * ofLock + ofFleet
  const detail = `Wave ${large.name} changes ${large.count} hosts, and the lock of each is a connection that stays open: that takes ${needed} open files, and fleet may have ${limit}. Raise the limit (\`ulimit -n ${needed}\`), divide the wave, or select fewer hosts with --on.`
  return [diagnostic('apply/open-files', 'too few files may be open', detail)]
}
