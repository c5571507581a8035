import type { EngineTask, Engine } from '../../ports/engine.ts'
import type { Journey } from './journey.ts'

/** The engine that the host's settings name; `apply` has refused plans that name one it lacks. */
export function engineOf({ planned, ports: { engines } }: Pick<Journey, 'planned' | 'ports'>): Engine {
  const engine = engines[planned.settings.engine]
  if (engine === undefined) throw new Error(`bug: no engine ${planned.settings.engine}`)
  return engine
}

/**
 * The engine that activates a host: its own, except where deploy-rs would have to deploy a profile that is set already
 * while another system runs. It would make no new generation, and roll back one too far if that failed: fleet switches to
 * that path itself.
 */
export function activationEngine(journey: Journey): Engine {
  const { task, planned, before, ports } = journey
  const { nix } = ports.engines
  const isHalfWay = planned.settings.engine === 'deploy-rs' && before.profile === planned.to.profile
  if (!isHalfWay || nix === undefined) return engineOf(journey)
  const detail = `The system profile of ${task.name} holds its planned system, but another one runs: an activation was interrupted. fleet switches to that system without deploy-rs.`
  task.emit({
    type: 'diagnostic',
    code: 'apply/repaired',
    severity: 'warning',
    summary: 'a host that is half-way is repaired',
    detail,
    host: task.name,
  })
  return nix
}

/** One host's change as its engine needs it, with the state that was just observed to compare and set against. */
export function engineTask(
  { task, planned, before }: Pick<Journey, 'task' | 'planned' | 'before'>,
  step: 'copy' | 'activate' | 'roll-back',
): EngineTask {
  return {
    name: task.name,
    settings: planned.settings,
    to: planned.to,
    from: { system: before.system, profile: before.profile },
    failedBefore: before.failedUnits,
    run: task.run,
    directory: task.directory,
    ...(task.flake === undefined ? {} : { flake: task.flake }),
    ...(task.reactivate ? { again: true as const } : {}),
    onLine: (stream, line) => task.output(step, stream, line),
  }
}
