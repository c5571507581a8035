import type { Fact } from '../../model/run/event.ts'
import type { HostPlan, PlanBody } from '../../model/plan/plan-schema.ts'
import type { RunState } from '../../model/run/run.ts'

/** What you should know at a signal: what is in flight, how long that may take; at the second, who rollsBackByItself without us. */
export function interrupted(signal: string, { hosts, checks }: PlanBody, run: RunState): Fact {
  const flying = [...run.flying]
  const planned = flying.flatMap((name): readonly HostPlan[] => {
    const host = hosts[name]
    return host === undefined ? [] : [host]
  })
  const isLast = run.interruptions > 0
  const longestWaitMs = isLast ? 0 : Math.max(0, ...planned.map((host) => longestWait(host, checks)))
  const automaticRollback = isLast ? flying.filter((name) => rollsBackByItself(hosts[name])) : []
  return { type: 'run.interrupted', signal, inFlight: flying, longestWaitMs, automaticRollback }
}

/** Its activation and its checks, and the rollback with its checks again. */
function longestWait({ settings }: HostPlan, checks: PlanBody['checks']): number {
  const { timeoutMs, confirmTimeoutMs } = settings.activation
  const deadlines = settings.checks.map((name) => checks[name]?.deadlineMs ?? 0)
  return 2 * (timeoutMs + confirmTimeoutMs + Math.max(0, ...deadlines))
}

function rollsBackByItself(host: HostPlan | undefined): boolean {
  if (host === undefined) return false
  const { engine, activation, mode } = host.settings
  return activation.magicRollback && engine !== 'nixos-rebuild' && mode !== 'boot'
}
