import type { ChangedHost } from '../../model/plan/plan-schema.ts'
import type { Observation } from '../../model/host/system.ts'
import type { Engine } from '../../ports/engine.ts'
import { engineOf, type HostPorts, type HostTask } from './task.ts'

/**
 * The engine that activates a host: its own, but for one whose profile holds the planned system already and which runs
 * another. deploy-rs would make no new generation for it, and go back one too far if that failed (rollouts.md 10): it is
 * repaired by an explicit switch to that path.
 */
export function repairOf(task: HostTask, planned: ChangedHost, before: Observation, ports: HostPorts): Engine {
  const own = engineOf(task, ports)
  const { nix } = ports.engines
  if (planned.settings.engine !== 'deploy-rs' || before.profile !== planned.to.profile || nix === undefined) return own
  const detail = `The system profile of ${task.name} holds its planned system, but another one runs: an activation broke off. fleet switches to that system without deploy-rs.`
  task.emit({
    type: 'diagnostic',
    code: 'apply/repaired',
    severity: 'warning',
    summary: 'half-way host is repaired',
    detail,
    host: task.name,
  })
  return nix
}
