import { isChanged } from './event.ts'
import type { Counts, RunFinished } from './event-schema.ts'
import type { HostRun, RunState } from './run.ts'

/** True when this run left the host changed, or nobody can say that it did not. */
export function isLeftChanged({ ending, reverted }: HostRun): boolean {
  return ending !== null && isChanged(ending) && reverted?.result !== 'rolled-back'
}

/** No host at all. */
export const noCounts: Counts = {
  changed: 0,
  reverted: 0,
  unchanged: 0,
  failed: 0,
  rolledBack: 0,
  unknown: 0,
  skipped: 0,
  notStarted: 0,
}

/** The selection's hosts by what became of them; a host without an ending counts as not started. */
export function countRun(state: RunState): Counts {
  const counts = { ...noCounts }
  for (const host of state.hosts.values()) {
    const result = resultOf(host)
    counts[result] += 1
    if (result !== 'failed') continue
    if (host.ending?.type === 'host.rolled-back' || host.reverted?.result === 'rolled-back') counts.rolledBack += 1
    else if (host.ending?.type === 'host.unknown' || host.reverted?.result === 'unknown') counts.unknown += 1
  }
  const prepared = [...state.hosts.values()].filter(isPrepared).length
  return prepared === 0 ? counts : { ...counts, prepared }
}

/** A host that has all it needs and was not activated, as was asked for. */
function isPrepared({ ending }: HostRun): boolean {
  return ending?.type === 'host.skipped' && ending.cause === 'prepared'
}

function resultOf({
  ending,
  unhealthy,
  reverted,
}: HostRun): 'changed' | 'reverted' | 'unchanged' | 'failed' | 'skipped' | 'notStarted' {
  if (ending === null || ending.type === 'host.cancelled') return 'notStarted'
  if (unhealthy !== null) return 'failed'
  if (ending.type === 'host.skipped') return ending.cause === 'unreachable' ? 'skipped' : 'unchanged'
  if (ending.type !== 'host.succeeded') return 'failed'
  if (reverted === null) return 'changed'
  return reverted.result === 'rolled-back' ? 'reverted' : 'failed'
}

/** The last line of every report. Scripts match it: its wording is fixed, and three figures always stand in it. */
export function runSummary(finished: RunFinished): string {
  switch (finished.outcome) {
    case 'no-changes':
      return 'No changes. Every reachable host runs its planned system.'
    case 'complete':
    case 'failed':
    case 'interrupted':
      return `Apply ${finished.outcome}: ${summedUp(finished.counts)}.`
    case 'paused':
      return `Apply paused: ${finished.reason}`
    case 'refused':
      return `Apply refused: ${finished.reason}`
  }
}

function summedUp({
  changed,
  reverted,
  failed,
  rolledBack,
  unknown,
  skipped,
  notStarted,
  prepared = 0,
}: Counts): string {
  const afterwards = [
    ...(rolledBack > 0 ? [rolledBack === failed ? 'rolled back' : `${rolledBack} rolled back`] : []),
    ...(unknown > 0 ? [unknown === failed ? 'state unknown' : `${unknown} state unknown`] : []),
  ]
  return [
    `${changed} changed`,
    `${failed} failed${afterwards.length > 0 ? ` (${afterwards.join(', ')})` : ''}`,
    ...(reverted > 0 ? [`${reverted} rolled back with ${reverted === 1 ? 'its wave' : 'their waves'}`] : []),
    ...(skipped > 0 ? [`${skipped} skipped (unreachable)`] : []),
    `${notStarted} not started`,
    ...(prepared > 0 ? [`${prepared} prepared`] : []),
  ].join(', ')
}
