import type { Code } from '../../../model/codes/codes.ts'
import type { Failure } from '../../../model/plan/plan-schema.ts'
import type { EngineAnswer } from '../../../ports/engine.ts'
import { inhibited, isInhibited, refusedAnswer } from '../activation-answer.ts'
import { oldFailures } from '../failed-units.ts'
import type { Happened } from './messages.ts'
import type { DeployEnd } from './run-deploy.ts'

/** `refused`: nothing on the host runs differently. `lost`: only the host can tell. */
type How = 'refused' | 'failed' | 'lost'

/** What each thing that can happen is called, for the engine's answer. */
const answers: Readonly<Record<Happened, readonly [How, Code, string]>> = {
  usage: ['refused', 'deploy-rs/usage', 'deploy rejected its command line'],
  'bad-target': ['refused', 'deploy-rs/usage', 'deploy rejected its command line'],
  'nix-missing': ['refused', 'nix/missing', 'nix could not be started'],
  'flakes-off': ['refused', 'deploy-rs/no-flakes', 'Nix has flakes disabled'],
  check: ['refused', 'deploy-rs/check', 'the checks of the flake failed'],
  evaluation: ['refused', 'deploy-rs/evaluation', 'deploy-rs could not read the flake that fleet generated for it'],
  schema: ['refused', 'deploy-rs/evaluation', 'deploy-rs could not read the flake that fleet generated for it'],
  'no-deriver': ['refused', 'deploy-rs/no-deriver', 'the derivation of the profile is not on this machine'],
  build: ['refused', 'build/failed', 'the build failed'],
  'no-script': ['refused', 'deploy-rs/no-script', 'the profile has no activation script of deploy-rs'],
  sign: ['refused', 'deploy-rs/sign', 'the profile could not be signed'],
  copy: ['refused', 'copy/failed', 'the copy failed'],
  'other-nix': ['refused', 'deploy-rs/other-nix', 'deploy-rs does not understand this Nix'],
  cancelled: ['refused', 'deploy-rs/cancelled', 'deploy asked a question that fleet cannot answer'],
  unreachable: ['lost', 'ssh/connection-lost', 'the connection was lost'],
  'connection-lost': ['lost', 'ssh/connection-lost', 'the connection was lost'],
  'rolled-back': ['failed', 'activate/failed', 'activation failed'],
  'no-rollback': ['failed', 'activate/failed', 'activation failed'],
  'rollback-failed': ['failed', 'activate/rollback-failed', 'activation failed, and the automatic rollback failed'],
  'set-failed': ['failed', 'activate/profile', 'the profile could not be set'],
  'remote-missing': ['failed', 'deploy-rs/not-run', 'the host could not run the program of the profile'],
  'remote-panic': ['lost', 'deploy-rs/panic', 'the program of deploy-rs on the host crashed'],
  'timed-out': ['failed', 'activate/timed-out', 'the activation took too long'],
  'temp-path': ['failed', 'deploy-rs/temp-path', 'the host has no directory for the confirmation'],
  watch: ['failed', 'deploy-rs/watch', 'the host could not watch for the confirmation'],
  'not-confirmed': ['failed', 'activate/unconfirmed', 'activation not confirmed, rolled back'],
  'confirm-failed': ['lost', 'activate/unconfirmed', 'activation not confirmed'],
  sudo: ['refused', 'preflight/sudo', 'sudo needs a password for this login'],
  'switch-lock': ['failed', 'activate/locked', 'another activation is running on the host'],
  crashed: ['failed', 'deploy-rs/crashed', 'deploy crashed'],
  unknown: ['failed', 'deploy-rs/failed', 'deploy failed'],
}

/** What the engine says of a run that ended. */
export function answerOf(
  end: DeployEnd,
  confirmSeconds: number,
  hasMagicRollback: boolean,
  failedBefore: readonly string[],
): EngineAnswer {
  const { verdict, stopped, mayHaveChanged, isLeft } = end
  if (stopped !== null && verdict.happened !== 'succeeded') return stoppedAnswer(end, confirmSeconds, hasMagicRollback)
  const { happened, cause, detail, scriptExit } = verdict
  if (happened === 'succeeded') return { how: 'done' }
  const [how, code, summary] = answers[happened]
  const isUnclear = happened === 'crashed' || happened === 'unknown'
  const failure: Failure = {
    code: cause !== null && (how === 'refused' || how === 'lost') ? cause.code : code,
    summary: cause !== null && (how === 'refused' || how === 'lost') ? cause.summary : summaryOf(summary, scriptExit),
    detail,
  }
  if (verdict.wentBack && isInhibited(verdict.printed)) return inhibited
  const old = oldFailuresAlone(verdict, failedBefore)
  // It stays where nobody takes it back: autoRollback is off.
  if (old !== null && !verdict.wentBack && happened === 'no-rollback') return { how: 'done' }
  if (old !== null && verdict.wentBack)
    return {
      how: 'failed',
      failure: {
        code: 'deploy-rs/old-failures',
        summary: 'deploy-rs rolled back because of units that had failed before',
        detail: `${old.join(', ')} had failed before the activation, and no other unit failed. deploy-rs takes them for a failed activation. Repair them, or set \`activation.autoRollback: false\` or \`engine: nix\` for this host.`,
      },
    }
  if (scriptExit === 4)
    return {
      how: 'failed',
      failure: { ...failure, code: 'activate/units-failed', summary: 'units failed during activation' },
    }
  if (isUnclear) return { how: mayHaveChanged ? 'lost' : 'refused', failure }
  return { how: isLeft ? 'lost' : how, failure }
}

/** Units that had failed before, where nothing else made the activation, or the one of the last generation, end with 4. */
function oldFailuresAlone(
  { scriptExit, backExit, printed }: DeployEnd['verdict'],
  failedBefore: readonly string[],
): readonly string[] | null {
  // What the first activation ended with is not told where the second one failed, too.
  if ((scriptExit ?? backExit) !== 4 || (backExit ?? 4) !== 4) return null
  return oldFailures(printed, failedBefore)
}

function summaryOf(summary: string, scriptExit: number | null): string {
  return scriptExit === null ? summary : `${summary} (exit ${scriptExit})`
}

function stoppedAnswer(
  { stopped, mayHaveChanged, verdict }: DeployEnd,
  confirmSeconds: number,
  hasMagicRollback: boolean,
): EngineAnswer {
  if (stopped === 'other-path' && !mayHaveChanged)
    return refusedAnswer(
      'deploy-rs/other-path',
      'deploy-rs would have deployed something else',
      'It announced another store path than the plan has, and was ended before anything was copied.',
    )
  const why =
    stopped === 'aborted'
      ? 'interrupted'
      : stopped === 'timed-out'
        ? 'deploy took too long'
        : 'deploy-rs deployed something else'
  const code =
    stopped === 'aborted' ? 'activate/aborted' : stopped === 'timed-out' ? 'activate/timed-out' : 'deploy-rs/other-path'
  if (!mayHaveChanged)
    return refusedAnswer(code, why, `deploy was ended while ${verdict.phase}; nothing was activated.`)
  const then = hasMagicRollback
    ? `The host rolls back by itself within about ${confirmSeconds}s after its activation, unless a confirmation was on its way.`
    : 'Without magic rollback the host stays on the new system.'
  return { how: 'lost', failure: { code, summary: `${why}; not confirmed`, detail: then } }
}
