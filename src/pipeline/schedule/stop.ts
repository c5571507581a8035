import { isInconclusive } from '../../model/run/event.ts'
import { formatDuration } from '../../model/fleet/duration.ts'
import type { PlanBody, Wave } from '../../model/plan/plan-schema.ts'
import { plannedWave } from '../../model/plan/plan.ts'
import type { HostRun, RunState, WaveRun } from '../../model/run/run.ts'
import type { Limits } from './limits.ts'
import { idle, type Move, only, type Schedule } from './move.ts'
import { rollBack } from './roll-back.ts'

/** Why nothing new may start in this run, or null. */
export function stopReason(run: RunState): string | null {
  if (run.interruptions > 0) return 'the run was interrupted'
  if (run.stopped !== null) return `the run starts nothing more: ${run.stopped.reason}`
  const halted = run.waves.find((wave) => wave.phase === 'finished' && wave.halted !== null)
  if (halted !== undefined) return `wave ${halted.name} halted: ${halted.halted}`
  const paused = run.waves.find((wave) => wave.phase === 'paused')
  if (paused === undefined) return null
  return paused.startedAt === null
    ? `the run is paused before wave ${paused.name}`
    : `wave ${paused.name} paused: ${paused.paused?.reason}`
}

/** Starts nothing new, waits for what is in flight, then ends. */
export function stop(run: RunState, current: WaveRun | undefined, reason: string): Schedule {
  const open = [...run.hosts.values()].filter((host) => host.phase !== 'ended')
  const cancelled = cancel(open, reason)
  if (cancelled.length > 0) return { ...idle, moves: cancelled }
  if (open.length > 0 || run.flying.size > 0) return idle
  const mustClose = current !== undefined && (current.phase === 'open' || current.phase === 'baking')
  return only(mustClose ? { move: 'close', wave: current.name } : { move: 'finish' })
}

/** Ends a wave that has halted: the rest is not started, what is in flight ends, and hosts are rolled back as the wave says. */
export function finishHalted(body: PlanBody, run: RunState, current: WaveRun): Schedule {
  const reason = `wave ${current.name} halted: ${current.halted}`
  const cancelled = cancel(current.hosts, reason)
  if (cancelled.length > 0) return { ...idle, moves: cancelled }
  if (current.count.ended < current.hosts.length) return idle
  return rollBack(body, run, plannedWave(body, current.name), current) ?? only({ move: 'close', wave: current.name })
}

function cancel(hosts: readonly HostRun[], reason: string): readonly Move[] {
  return hosts
    .filter(({ phase }) => phase === 'pending' || phase === 'prepared')
    .map(({ host }) => ({ move: 'cancel', host, reason }))
}

/** Why an open or baking wave must start nothing more, or null. */
export function haltReason(wave: Wave, limits: Limits, current: WaveRun, now: number): string | null {
  const sick = current.phase === 'baking' ? current.hosts.find(({ unhealthy }) => unhealthy !== null) : undefined
  if (sick !== undefined) return `${sick.host} turned unhealthy while it baked: ${sick.unhealthy}`
  if (current.lost !== null) return `${current.lost} could not be rolled back to a healthy system`
  if (current.failures > limits.maxFailures)
    return `${current.failures} ${current.failures === 1 ? 'failure' : 'failures'}, ${limits.maxFailures} allowed`
  const waited = now - (current.progressAt ?? now)
  const isOpen = current.count.ended < current.hosts.length
  return isOpen && waited >= wave.progressDeadlineMs
    ? `no host became healthy within ${formatDuration(wave.progressDeadlineMs)} (progressDeadline)`
    : null
}

/** Pauses a wave in which somebody's health could not be measured, once nothing of it is in flight; null: all was measured. */
export function pause(current: WaveRun): Schedule | null {
  if (current.inconclusive === 0) return null
  if (current.count['in-flight'] + current.count.preparing > 0) return idle
  const hosts = current.hosts.filter(({ ending }) => ending !== null && isInconclusive(ending))
  const [first] = hosts
  const checks = first?.unmeasured ?? []
  const check = checks.find((name) => hosts.every(({ unmeasured }) => unmeasured.includes(name))) ?? null
  const names = hosts.map(({ host }) => host)
  const of = names.length > 3 ? `${names.length} hosts` : names.join(', ')
  const reason = `health of ${of} is unknown${check === null ? '' : ` (check ${check})`}`
  return only({ move: 'pause', wave: current.name, reason, hosts: names, check })
}
