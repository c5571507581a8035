import { followsFrom } from '../model/codes/codes.ts'
import { tellFailure } from '../model/failure.ts'
import type { ChangedHost, Failure, HostPlan, HostSettings } from '../model/plan/plan-schema.ts'
import type { Engine, EngineTask } from '../ports/engine.ts'
import type { Nix } from '../ports/nix.ts'
import type { Remote } from '../ports/remote.ts'
import { isConverged } from '../model/host/converged.ts'
import { observe } from './observe/observe.ts'
import { refusalOf, staleness } from './host/preflight.ts'

/** What trying an activation asks of the world: nothing here can activate. */
export interface TryPorts {
  readonly nix: Pick<Nix, 'realise'>
  readonly remote: Remote
  readonly engines: Readonly<Partial<Record<string, Pick<Engine, 'copy' | 'dryActivate'>>>>
}

/** One host on which an activation is tried. */
export interface TryTask {
  readonly name: string
  readonly planned: HostPlan
  readonly run: string
  /** For the engine's own files, and the garbage-collector root of what is built; both absolute. */
  readonly directory: string
  readonly root: string
  readonly onLine: (line: string) => void
}

/** What came of it, in words; `skipped`: it did not answer, and need not. */
export type Tried =
  | { readonly tried: 'shown' }
  | { readonly tried: 'nothing-to-do' | 'skipped'; readonly reason: string }
  | { readonly tried: 'failed'; readonly reason: string }

/** Builds and copies a host's system, and has its engine show what activating it would do to units. */
export async function dryActivate(task: TryTask, ports: TryPorts, signal: AbortSignal): Promise<Tried> {
  const { name, planned } = task
  if (planned.action === 'none') return { tried: 'nothing-to-do', reason: 'runs its planned system already' }
  if (planned.action === 'unreachable') return unanswered(planned.failure, planned.settings.onUnreachable)
  if (planned.action !== 'change') return untried(`the plan has nothing to activate on it (${planned.action})`)
  const { settings } = planned
  const found = await observe({ name, settings, withRoot: true }, ports.remote, signal)
  if (!found.ok) return unanswered(found.failure, settings.onUnreachable)
  const now = found.value
  const refusal = refusalOf(now, planned)
  if (refusal !== null) return untried(refusal.reason)
  if (isConverged(planned.settings.mode, now, planned.to))
    return { tried: 'nothing-to-do', reason: 'runs its planned system already' }
  const moved = staleness(now, planned.from)
  return moved === null ? show({ task, planned, now }, ports, signal) : untried(moved)
}

async function show(
  { task, planned, now }: { readonly task: TryTask; readonly planned: ChangedHost; readonly now: EngineTask['from'] },
  { nix, engines }: TryPorts,
  signal: AbortSignal,
): Promise<Tried> {
  const { name, run, directory, root, onLine } = task
  const { settings, to } = planned
  const engine = engines[settings.engine]
  if (engine === undefined) throw new Error(`bug: no engine ${settings.engine}`)
  const drv = to.profileDrv ?? to.drv
  if (drv !== null && settings.buildOn === 'operator') {
    const built = await nix.realise({ drv, output: to.profile, root, onLine: () => {} }, signal)
    if (!built.ok) return untried(tellFailure(built.failure))
  }
  const from = { system: now.system, profile: now.profile }
  const engineTask = { name, settings, to, from, run, directory, onLine: () => {} }
  const copied = await engine.copy(engineTask, signal)
  if (copied.how !== 'done') return untried(tellFailure(copied.failure))
  const shown = await engine.dryActivate({ ...engineTask, onLine: (_, line) => onLine(line) }, signal)
  return shown.how === 'done' ? { tried: 'shown' } : untried(tellFailure(shown.failure))
}

/** A host that may be off is passed over, as `apply` would; one that answers and lets nobody in has failed. */
function unanswered(failure: Failure, onUnreachable: HostSettings['onUnreachable']): Tried {
  const reason = tellFailure(failure)
  const isShutOut = followsFrom(failure.code).contact === 'shut-out'
  return onUnreachable === 'skip' && !isShutOut
    ? { tried: 'skipped', reason: `unreachable (onUnreachable: skip): ${reason}` }
    : untried(reason)
}

function untried(reason: string): Tried {
  return { tried: 'failed', reason }
}
