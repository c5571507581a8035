import { plannedWave } from '../../model/plan/plan.ts'
import { waveOf } from '../../model/run/run.ts'
import { limitsOf } from '../schedule/limits.ts'
import { haltReason } from '../schedule/stop.ts'
import type { Rollout } from './rollout.ts'

/**
 * The host of a wave that failed its reboot, where the wave halts for its failures: a system that one host does not boot is
 * tried on no other. Null: there is none, or the wave allows as many failures.
 */
export function failedReboot({ request, ports, stream }: Rollout, name: string): string | null {
  const current = waveOf(stream.state, name)
  const failed = current.hosts.find(({ ending }) => ending?.type === 'host.failed' && ending.step === 'reboot')
  if (failed === undefined) return null
  const wave = plannedWave(request.plan.body, name)
  // What the loop will say of the wave as soon as it has its turn.
  const reason = current.halted ?? haltReason(wave, limitsOf(wave, stream.state), current, ports.clock.now())
  return reason === null ? null : failed.host
}
