import { setMaxListeners } from 'node:events'
import { plannedWave } from '../../model/plan/plan.ts'
import { type HostRun, waveOf } from '../../model/run/run.ts'
import { watchHost } from '../host/check-host.ts'
import { checkWave, watchWave } from '../health/check-wave.ts'
import { factOfMove } from './fact-of-move.ts'
import type { Health } from '../health/verify.ts'
import type { Rollout } from './rollout.ts'

/** Checks of a wave that go on while it bakes. */
export interface Bake {
  /** Ends it when nothing is failing any more; then the wave is finished, unless something turned bad meanwhile. */
  end(): Promise<void>
  /** Ends it at once: the run was interrupted, or the wave halted. */
  stop(): void
}

/** Keeps asking the checks of a wave's healthy hosts, and its own, and says what turns bad. */
export function startBake(rollout: Rollout, name: string): Bake {
  const { request, stream } = rollout
  const [over, stopped] = [new AbortController(), new AbortController()]
  setMaxListeners(0, over.signal, stopped.signal)
  const watch = { over: over.signal, stop: stopped.signal }
  const current = waveOf(stream.state, name)
  const isLive = () => !stopped.signal.aborted && current.phase === 'baking' && current.halted === null
  const watching = [
    ...current.hosts.filter(isHealthy).map(async ({ host }) => {
      const health = await bakeHost(rollout, host, watch)
      if (isLive() && health.health !== 'healthy') tellHost(rollout, name, host, health)
    }),
    bakeWave(rollout, name, watch).then((health) => {
      if (isLive() && health.health !== 'healthy') tellWave(rollout, name, health)
    }),
  ]
  const all = Promise.all(watching)
  return {
    async end() {
      over.abort()
      await all
      if (isLive()) stream.emit(factOfMove({ move: 'close', wave: name }, request.plan.body, stream.state))
    },
    stop: () => stopped.abort(),
  }
}

type Watching = Parameters<typeof watchHost>[2]
type Trouble = Exclude<Health, { readonly health: 'healthy' }>

function isHealthy({ ending }: HostRun): boolean {
  return ending?.type === 'host.succeeded' || (ending?.type === 'host.skipped' && ending.cause === 'converged')
}

async function bakeHost({ ports, journeys, taskOf }: Rollout, host: string, watch: Watching): Promise<Health> {
  const task = taskOf(host)
  const journey = journeys.get(host)
  // One that was there already was not asked before its change: what the plan saw failing then condemns it no more.
  const before = journey?.before ?? ('from' in task.planned ? task.planned.from : null)
  const failedBefore = { units: before?.failedUnits ?? [], checks: journey?.failing ?? new Set<string>() }
  return watchHost({ task, ports }, failedBefore, watch)
}

async function bakeWave({ request, ports, stream }: Rollout, name: string, watch: Watching): Promise<Health> {
  const { body } = request.plan
  const task = { wave: plannedWave(body, name), run: ports.journal.run, checks: body.checks, emit: stream.emit }
  const after = await checkWave(task, 'after', ports, watch.stop)
  return after.health === 'healthy' ? watchWave(task, ports, watch) : after
}

function tellHost({ stream }: Rollout, wave: string, host: string, { health, check, message }: Trouble): void {
  if (health === 'inconclusive')
    return pause(
      { stream },
      wave,
      `health of ${host} became unknown while it baked (check ${check} gave no result: ${message})`,
    )
  const reason = `check ${check} failed: ${message}`
  stream.emit({
    type: 'host.unhealthy',
    host,
    wave,
    check,
    reason,
  })
}

function tellWave({ request, stream }: Rollout, wave: string, { health, check, message }: Trouble): void {
  if (health === 'inconclusive') return pause({ stream }, wave, `its check ${check} gave no result: ${message}`)
  const reason = `its check ${check} failed: ${message}`
  stream.emit(factOfMove({ move: 'halt', wave, reason }, request.plan.body, stream.state))
}

function pause({ stream }: Pick<Rollout, 'stream'>, wave: string, reason: string): void {
  stream.emit({ type: 'wave.paused', wave, cause: 'health', reason })
}
