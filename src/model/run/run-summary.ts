import { isChanged } from './event.ts'
import type { Counts, RunFinished } from './event-schema.ts'
import type { HostRun, RunState } from './run.ts'

/** True when this run left the host changed, or nobody can say that it did not. */
export function isLeftChanged({ ending, reverted }: HostRun): boolean {
  return ending !== null && isChanged(ending) && reverted?.result !== 'rolled-back'
}

/** The selection's hosts by what became of them; a host without an ending counts as not started. */
export function countRun(state: RunState): Counts {
  const counts = { changed: 0, reverted: 0, unchanged: 0, failed: 0, rolledBack: 0, unknown: 0, notReached: 0 }
  for (const host of state.hosts.values()) {
    const fate = fateOf(host)
    counts[fate] += 1
    if (fate !== 'failed') continue
    if (host.ending?.type === 'host.rolled-back' || host.reverted?.result === 'rolled-back') counts.rolledBack += 1
    else if (host.ending?.type === 'host.unknown' || host.reverted?.result === 'unknown') counts.unknown += 1
  }
  return counts
}

function fateOf({
  ending,
  unhealthy,
  reverted,
}: HostRun): 'changed' | 'reverted' | 'unchanged' | 'failed' | 'notReached' {
  if (ending === null || ending.type === 'host.cancelled') return 'notReached'
  if (unhealthy !== null) return 'failed'
  if (ending.type === 'host.skipped') return ending.cause === 'converged' ? 'unchanged' : 'notReached'
  if (ending.type !== 'host.succeeded') return 'failed'
  if (reverted === null) return 'changed'
  return reverted.result === 'rolled-back' ? 'reverted' : 'failed'
}

/** The last line of every report; its wording is fixed (contract §4) and scripts match it. */
export function runSummary(finished: RunFinished): string {
  const { changed, reverted, failed, rolledBack, unknown, notReached } = finished.counts
  switch (finished.outcome) {
    case 'no-changes':
      return 'No changes. Every reachable host runs its planned system.'
    case 'complete':
      return `Apply complete: ${changed} changed, ${failed} failed, ${rolledBack} rolled back, ${notReached} not started.`
    case 'failed':
    case 'interrupted': {
      const fates = [
        ...(rolledBack > 0 ? [rolledBack === failed ? 'rolled back' : `${rolledBack} rolled back`] : []),
        ...(unknown > 0 ? [unknown === failed ? 'state unknown' : `${unknown} state unknown`] : []),
      ]
      const fate = fates.length > 0 ? ` (${fates.join(', ')})` : ''
      const verb = finished.outcome === 'failed' ? 'failed' : 'interrupted'
      const back = reverted > 0 ? `, ${reverted} rolled back with ${reverted === 1 ? 'its wave' : 'their waves'}` : ''
      return `Apply ${verb}: ${changed} changed, ${failed} failed${fate}${back}, ${notReached} not started.`
    }
    case 'paused':
      return `Apply paused: ${finished.reason}`
    case 'refused':
      return `Apply refused: ${finished.reason}`
  }
}
