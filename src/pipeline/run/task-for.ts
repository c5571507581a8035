import type { Fact } from '../../model/run/event.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'
import { isRebootOnly } from '../../model/host/converged.ts'
import { plannedWave } from '../../model/plan/plan.ts'
import { rebootTime } from '../host/reboot/reboot.ts'
import type { HostTask } from '../host/task.ts'
import { askGate, type GateAnswer } from '../hooks/gate.ts'
import { failedReboot } from './failed-reboot.ts'
import { notKept } from './output-budget.ts'
import type { Rollout } from './rollout.ts'

/** One host's part of a run: what the work on it needs of plan, command line and stream. */
export function taskFor(rollout: Rollout, name: string): HostTask {
  const { request, ports, stream } = rollout
  const { plan, operator, lockTimeoutMs, overrides } = request
  const planned = plan.body.hosts[name]
  if (planned === undefined) throw new Error(`bug: ${name} is not in the plan`)
  const checks = Object.entries(plan.body.checks).filter(([check]) => planned.settings.checks.includes(check))
  const { journal } = ports
  return {
    name,
    wave: plannedWave(plan.body, planned.wave),
    planned,
    checks: Object.fromEntries(checks),
    run: journal.run,
    operator,
    lockTimeoutMs,
    forceStale: overrides.forceStale.includes(name),
    reactivate: overrides.reactivate.includes(name),
    bootingMs: request.resumes !== null && planned.action === 'change' && isRebootOnly(planned) ? rebootTime : 0,
    mayRollBack: mayRollBack(plan.body, planned.wave),
    directory: journal.directoryOf(name),
    flake: plan.body.source.flake,
    root: `${journal.roots}/${name}`,
    emit: stream.emit,
    mayStart: () => askHooks(rollout, name),
    alone: (work) => rollout.turns(work),
    failedReboot: () => failedReboot(rollout, planned.wave),
    record: stream.record,
    output: (step, from, line) => keepOutput(rollout, { host: name, step, stream: from, line }),
  }
}

/** True where a later failure may roll a host of the wave back: in its own wave or its bake, or in a later one. */
function mayRollBack({ waves }: PlanBody, name: string): boolean {
  const index = waves.findIndex((wave) => wave.name === name)
  const own = waves[index]
  if (own === undefined) return false
  const isWatched = own.bakeTimeMs > 0 || own.checks.length > 0
  return (
    own.rollback === 'wave' ||
    (own.rollback === 'host' && isWatched) ||
    waves.slice(index).some(({ rollback }) => rollback === 'run')
  )
}

function askHooks({ request, ports, stream, over, journeys }: Rollout, host: string): Promise<GateAnswer> {
  const { hooks, hosts } = request.plan.body
  const planned = hosts[host]
  const wave = planned?.wave ?? ''
  return askGate(
    {
      gate: 'before.host',
      run: ports.journal.run,
      wave,
      host,
      hooks,
      hosts,
      fields: {
        from: journeys.get(host)?.before.system ?? null,
        to: planned?.action === 'change' ? planned.to.system : null,
      },
      emit: stream.emit,
      onWait: (reason) => stream.emit({ type: 'host.waiting', host, wave, reason }),
    },
    ports,
    over,
  )
}

/** What a program printed for a host: kept whole, and told line by line. */
function keepOutput({ stream, output }: Rollout, printed: HostOutput): void {
  const verdict = output.take(printed.host, printed.line)
  if (verdict === 'drop') return
  const line = verdict === 'keep' ? printed.line : notKept
  stream.keep(printed.host, line)
  stream.emit({ type: 'host.output', ...printed, line })
}

type HostOutput = Omit<Extract<Fact, { readonly type: 'host.output' }>, 'type'>
