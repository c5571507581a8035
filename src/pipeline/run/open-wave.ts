import type { Wave } from '../../model/plan/plan-schema.ts'
import { plannedWave } from '../../model/plan/plan.ts'
import type { WavePaused } from '../../model/run/event-schema.ts'
import { waveOf } from '../../model/run/run.ts'
import { checkWave } from '../health/check-wave.ts'
import { askGate } from '../hooks/gate.ts'
import { factOfMove } from './fact-of-move.ts'
import type { Rollout } from './rollout.ts'

/** What the gates of a wave say together; null: the run was over before they had. */
type Verdict = { readonly verdict: 'open'; readonly reason: string } | Closed | null

type Closed =
  | { readonly verdict: 'halt'; readonly reason: string }
  | { readonly verdict: 'pause'; readonly cause: WavePaused['cause']; readonly reason: string }

/**
 * Asks all that stands before a wave, the cheapest to undo last: the operator (`promotion: manual`), its own checks, its
 * hooks. A no, a hook that refuses and a check that cannot measure pause the run; a check that fails halts it.
 */
export async function openWave(rollout: Rollout, name: string): Promise<void> {
  const { request, stream, over } = rollout
  const wave = plannedWave(request.plan.body, name)
  if (request.overrides.until === 'copy')
    return stream.emit({ type: 'wave.promoted', wave: name, reason: 'nothing is activated (--until copy)' })
  const said: string[] = []
  for (const gate of [askOperator, askChecks, askHooks]) {
    const answer = await gate(rollout, wave)
    if (answer === null || over.aborted) return
    if (answer.verdict !== 'open') return close(rollout, wave, answer)
    if (answer.reason !== '') said.push(answer.reason)
  }
  const reason = said.join(', ')
  stream.emit({ type: 'wave.promoted', wave: name, reason })
}

function close({ request, stream }: Rollout, { name }: Wave, verdict: Closed): void {
  const { reason } = verdict
  if (verdict.verdict === 'halt')
    stream.emit(factOfMove({ move: 'halt', wave: name, reason }, request.plan.body, stream.state))
  else stream.emit({ type: 'wave.paused', wave: name, cause: verdict.cause, reason })
}

const unasked: Verdict = { verdict: 'open', reason: '' }

async function askOperator({ ports, stream, over }: Rollout, { name, promotion }: Wave): Promise<Verdict> {
  if (promotion === 'auto') return unasked
  if (waveOf(stream.state, name).gate === 'named') return { verdict: 'open', reason: 'named on the command line' }
  const { ask } = ports
  const question = `Wave ${name} asks before it starts (promotion: manual). Start it?`
  const yes = ask.possible && (await ask.confirm(question, over))
  return yes
    ? { verdict: 'open', reason: 'approved' }
    : { verdict: 'pause', cause: 'approval', reason: 'promotion: manual' }
}

async function askChecks({ request, ports, stream, over }: Rollout, wave: Wave): Promise<Verdict> {
  if (wave.checks.length === 0) return unasked
  const { checks } = request.plan.body
  const task = { wave, run: ports.journal.run, checks, emit: stream.emit }
  const health = await checkWave(task, 'before', ports, over)
  if (over.aborted) return null
  switch (health.health) {
    case 'healthy':
      return { verdict: 'open', reason: `checks passed: ${wave.checks.join(', ')}` }
    case 'unhealthy':
      return { verdict: 'halt', reason: `its check ${health.check} failed: ${health.message}` }
    case 'inconclusive':
      return {
        verdict: 'pause',
        cause: 'gate-check',
        reason: `its check ${health.check} gave no result: ${health.message}`,
      }
  }
}

async function askHooks({ request, ports, stream, over }: Rollout, { name }: Wave): Promise<Verdict> {
  const { hooks, hosts } = request.plan.body
  if (!hooks.some(({ on }) => on.includes('before.wave'))) return unasked
  const waiting = waveOf(stream.state, name).hosts
  const answer = await askGate(
    {
      gate: 'before.wave',
      run: ports.journal.run,
      wave: name,
      host: null,
      hooks,
      hosts,
      fields: { hosts: waiting.map(({ host }) => host) },
      emit: stream.emit,
      onWait: (reason) => {
        for (const { host, wave } of waiting) stream.emit({ type: 'host.waiting', host, wave, reason })
      },
    },
    ports,
    over,
  )
  switch (answer.decision) {
    case 'continue':
      return { verdict: 'open', reason: 'its hooks allow it' }
    case 'refuse':
      return { verdict: 'pause', cause: 'gate-hook', reason: `refused by a hook: ${answer.reason}` }
    case 'stopped':
      return null
  }
}
