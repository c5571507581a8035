import { tellFailure } from '../model/failure.ts'
import type { ChangedHost, UnchangedHost } from '../model/plan-schema.ts'
import type { Found, Observation } from '../model/system.ts'
import { reached } from './change.ts'
import { check } from './check-host.ts'
import { begin, fail, finish, type HostPorts, type HostTask } from './host-task.ts'
import { observe } from './observe.ts'

/** Connections that are tried before a host counts as unreachable; a refused login is tried once. */
const connections = 3

/**
 * Everything that must hold before a host may be changed: asked again, judged against the plan, built and copied.
 * Nothing that runs on the host changes here. Returns what the host said, or null when the host has its ending; the caller
 * finishes the step `copy`, which lets the host start.
 */
export async function prepare(task: HostTask, ports: HostPorts, signal: AbortSignal): Promise<Observation | null> {
  const { planned } = task
  begin(task, 'preflight', `${task.name}: asking what it runs`)
  if (planned.action === 'unreachable')
    return unreachable(task, 'plan/unreachable', 'did not answer when the plan was made: plan again to include it')
  if (planned.action !== 'change' && planned.action !== 'none')
    throw new Error(`bug: ${task.name} is ${planned.action} and was selected`)
  const found = await observePatiently(task, ports, signal)
  if (signal.aborted) return cancelled(task)
  if (!found.ok) return unreachable(task, found.failure.code, tellFailure(found.failure))
  const now = found.value
  const refusal = refusalOf(now, planned)
  if (refusal !== null) return failed(task, 'preflight', refusal.code, refusal.reason, now)
  if (reached(planned, now, planned.to)) return converged(task, now, ports, signal)
  if (planned.action === 'none' || !isAt(now, planned)) return stale(task, now, planned)
  finish(task, 'preflight', `${task.name} runs what the plan expects`)
  return fetch(task, planned, now, ports, signal)
}

async function observePatiently(task: HostTask, ports: HostPorts, signal: AbortSignal): Promise<Found<Observation>> {
  const { settings } = task.planned
  for (let attempt = 1; ; attempt += 1) {
    const found = await observe({ name: task.name, settings, withRoot: true }, ports.remote, signal)
    const retriable =
      !found.ok &&
      ['ssh/no-answer', 'ssh/connection-refused', 'ssh/connection-lost', 'ssh/connection-closed'].includes(
        found.failure.code,
      )
    if (!retriable || attempt === connections || signal.aborted) return found
    await ports.clock.sleep(attempt * 1000, signal)
  }
}

/** Why the host must not be touched although it answered, or null. */
function refusalOf(
  now: Observation,
  { settings, to }: ChangedHost | UnchangedHost,
): { code: string; reason: string } | null {
  if (settings.expectHostname !== null && now.hostname !== settings.expectHostname)
    return {
      code: 'preflight/hostname',
      reason: `it says it is "${now.hostname}", expected "${settings.expectHostname}"`,
    }
  if (now.platform !== null && now.platform !== to.platform)
    return { code: 'preflight/platform', reason: `it is ${now.platform}, its configuration is for ${to.platform}` }
  if (now.mayActAsRoot === false)
    return {
      code: 'preflight/sudo',
      reason: 'sudo needs a password for this login; deploy as a login that may act as root without one',
    }
  if (now.activating) return { code: 'preflight/activating', reason: 'an activation is running on it already' }
  return null
}

function isAt(now: Observation, { from }: ChangedHost): boolean {
  return now.system === from.system && now.profile === from.profile
}

/** A host that is there already: never touched, but its checks run. */
async function converged(task: HostTask, now: Observation, ports: HostPorts, signal: AbortSignal): Promise<null> {
  finish(task, 'preflight', `${task.name} runs its planned system`)
  const health = await check(task, now.failedUnits, 'after', ports, signal)
  if (signal.aborted) return cancelled(task)
  if (health.health !== 'healthy')
    return failed(
      task,
      'check',
      `check/${health.health}`,
      `check ${health.check}: ${health.message}; it runs its planned system already`,
      now,
    )
  task.emit({
    type: 'host.skipped',
    host: task.name,
    wave: task.wave.name,
    cause: 'converged',
    reason: 'runs its planned system already',
    message: `${task.name} skipped: runs its planned system already`,
  })
  return null
}

function stale(task: HostTask, now: Observation, { from }: ChangedHost | UnchangedHost): null {
  const what = now.system === from.system ? `its profile is ${now.profile ?? 'missing'}` : `it runs ${now.system}`
  const reason = `moved since the plan: ${what}, the plan expects ${now.system === from.system ? (from.profile ?? 'none') : from.system}`
  task.emit({
    type: 'host.stale',
    host: task.name,
    wave: task.wave.name,
    expected: from.system,
    observed: now.system,
    reason,
    message: `${task.name} is stale: ${reason}; not touched`,
  })
  return null
}

/** Builds and copies; returns what the host said when it is ready for its activation. */
async function fetch(
  task: HostTask,
  planned: ChangedHost,
  now: Observation,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<Observation | null> {
  const { name, root } = task
  const { drv, system: output } = planned.to
  begin(task, 'build', `${name}: building ${output}`)
  const built = await ports.nix.realise(
    { drv, output, root, onLine: (line) => task.output('build', 'stderr', line) },
    signal,
  )
  if (signal.aborted) return cancelled(task)
  if (!built.ok) return failed(task, 'build', built.failure.code, tellFailure(built.failure), now)
  finish(task, 'build', `${name}: built`)
  begin(task, 'copy', `${name}: copying`)
  const copied = await engineOf(task, ports).copy(engineTask(task, planned, now, 'copy'), signal)
  if (signal.aborted) return cancelled(task)
  if (copied.how !== 'done') return failed(task, 'copy', copied.failure.code, tellFailure(copied.failure), now)
  return now
}

/** The engine that the host's settings name; `apply` has refused plans that name one it lacks. */
export function engineOf({ planned }: HostTask, { engines }: HostPorts) {
  const engine = engines[planned.settings.engine]
  if (engine === undefined) throw new Error(`bug: no engine ${planned.settings.engine}`)
  return engine
}

/** One host's change as its engine needs it, with the state that was just observed to compare and set against. */
export function engineTask(
  task: HostTask,
  planned: ChangedHost,
  now: Observation,
  step: 'copy' | 'activate' | 'roll-back',
) {
  return {
    name: task.name,
    settings: planned.settings,
    to: planned.to,
    from: { system: now.system, profile: now.profile },
    onLine: (stream: 'stdout' | 'stderr', line: string) => task.output(step, stream, line),
  }
}

function unreachable(task: HostTask, code: string, reason: string): null {
  if (task.planned.settings.onUnreachable === 'fail' || code === 'ssh/refused-login' || code.startsWith('ssh/host-key'))
    return failed(task, 'preflight', code, reason, null)
  task.emit({
    type: 'host.skipped',
    host: task.name,
    wave: task.wave.name,
    cause: 'unreachable',
    reason: `unreachable (onUnreachable: skip): ${reason}`,
    message: `${task.name} skipped: unreachable (onUnreachable: skip): ${reason}`,
  })
  return null
}

function failed(
  task: HostTask,
  step: 'preflight' | 'build' | 'copy' | 'check',
  code: string,
  reason: string,
  now: Observation | null,
): null {
  fail(task, step, code, reason, false, now)
  return null
}

function cancelled(task: HostTask): null {
  task.emit({
    type: 'host.cancelled',
    host: task.name,
    wave: task.wave.name,
    reason: 'the run stopped while it was being prepared; nothing was changed on it',
    message: `${task.name} cancelled: the run stopped while it was being prepared; nothing was changed on it`,
  })
  return null
}
