import { formatDuration } from '../../model/fleet/duration.ts'
import { failure } from '../../model/failure.ts'
import type { Code } from '../../model/codes/codes.ts'
import { isConverged } from '../../model/host/converged.ts'
import { causeIn } from '../../model/text/cause-line.ts'
import type { EngineAnswer, EngineTask } from '../../ports/engine.ts'

/** What an exit code of activate.sh means, with the lines that came before it; all of them are clean. */
export function activationAnswer(code: number, lines: readonly string[], task: EngineTask): EngineAnswer {
  const back = lines.findIndex((line) => line.startsWith('fleet: rolling back to '))
  // What went wrong first is the reason; what the rollback says comes after it.
  const first = back === -1 ? lines : lines.slice(0, back)
  const said = causeIn(first)
  const { timeoutMs } = task.settings.activation
  const backExit = backExitIn(lines)
  const after = { exit: backExit ?? 1, lines: lines.slice(back + 1) }
  if (code === 1 && isBootLoader(lines))
    return failedAnswer(
      'activate/bootloader',
      'the boot loader could not be installed',
      `${said}; nothing was activated`,
    )
  if (code !== 81 && backExit !== null) return notBack({ exit: code, lines: first }, after, timeoutMs)
  if (code !== 0 && back !== -1 && isInhibited(first)) return inhibited
  switch (code) {
    case 0:
      return { how: 'done' }
    case 4:
      if (failedUnits(first) === undefined && first.some((line) => ofUser.test(line)))
        return failedAnswer(
          'activate/user-units-failed',
          'the units of a user failed during activation',
          first.find((line) => ofUser.test(line)) ?? '',
        )
      return failedAnswer(
        'activate/units-failed',
        'units failed during activation',
        failedUnits(lines) ?? unnamed(said),
      )
    case 75:
      return refusedAnswer('activate/locked', 'another activation is running on the host', said)
    case 76:
      return refusedAnswer('activate/stale', 'the host changed since the plan', said)
    case 77:
      return failedAnswer('activate/profile', 'the profile could not be set', said)
    case 78:
      // Its own log has said that no new connection came in time (activation.confirmTimeout).
      return failedAnswer('activate/unconfirmed', 'activation not confirmed, rolled back', '')
    case 80:
      return {
        how: 'lost',
        failure: failure(
          'activate/forgotten',
          'the host has no record of the activation',
          'The connection broke after the activation was started; the host may have rebooted since.',
        ),
      }
    case 81:
      return failedAnswer(
        'activate/rollback-failed',
        'activation not confirmed, and the automatic rollback failed',
        reasonOf(after, timeoutMs),
      )
    case 100:
      return failedAnswer(
        'activate/needs-reboot',
        'the system cannot be activated while the host runs',
        `${said} Set \`mode: boot\` for this host, apply, and reboot it.`,
      )
    case 124:
    case 137:
      return failedAnswer(
        'activate/timed-out',
        'the activation took too long',
        `It was ended on the host after ${formatDuration(timeoutMs)} (activation.timeout).`,
      )
    default:
      return failedAnswer('activate/failed', `activation failed (exit ${code})`, said)
  }
}

/**
 * True where the boot loader, which comes first, is all that failed: whether its return was refused as well, the host never
 * left its old system (nixpkgs#23926).
 */
function isBootLoader(lines: readonly string[]): boolean {
  const isFailed = lines.some((line) => /^Failed to install boot ?loader/i.test(line))
  return isFailed && !lines.some((line) => line.startsWith('activating the configuration'))
}

/** True where NixOS has refused before it changed anything that runs (its pre-switch checks). */
export function isInhibited(lines: readonly string[]): boolean {
  const isRefused = lines.some((line) => /^Pre-switch checks? failed/.test(line))
  return isRefused && !lines.some((line) => line.startsWith('activating the configuration'))
}

/** The answer where that is all that has happened. */
export const inhibited = refusedAnswer(
  'activate/inhibited',
  'NixOS refused to switch while the host is running',
  'Its pre-switch checks failed, as they do where a switch inhibitor changes; nothing was activated. Set `onInhibitors: boot` for this host, and plan again.',
)

/** True where there is nothing to do. What the host will boot is told by its profile alone. */
export function isThere({ settings, from, to, again }: EngineTask): boolean {
  return again !== true && isConverged(settings.mode, { ...from, nextBoot: null }, to)
}

/** The answer where nothing was to be done. */
export const converged = refusedAnswer('activate/converged', 'the host is up to date', 'Nothing was done.')

/** An answer that says that something was done, and not what was wanted. */
function failedAnswer(code: Code, summary: string, detail: string): EngineAnswer {
  return { how: 'failed', failure: failure(code, summary, detail) }
}

/** An answer that says that nothing was changed. */
export function refusedAnswer(code: Code, summary: string, detail: string): EngineAnswer {
  return { how: 'refused', failure: failure(code, summary, detail) }
}

/** How a switch tells that the manager of a user failed, while the system itself did not. */
const ofUser = /^\S*fail.*\buser|^warning: the following user units failed/i

function failedUnits(lines: readonly string[]): string | undefined {
  return lines.find((line) => line.startsWith('warning: the following units failed: '))
}

/** switch-to-configuration ends with 4 also where a job failed whose unit does not count as failed, and names none then. */
function unnamed(said: string): string {
  return said === '' ? 'switch-to-configuration exited with 4 and named no unit: see the log of the host.' : said
}

/** The exit code with which the rollback failed; null: it did not fail. */
function backExitIn(lines: readonly string[]): number | null {
  const found = lines.flatMap((line) => backFailed.exec(line)?.[1] ?? [])
  return found[0] === undefined ? null : Number(found[0])
}

const backFailed = /^fleet: rollback failed: exit (\d+)$/

/** A switch that failed, with what it printed. */
interface Failed {
  readonly exit: number
  readonly lines: readonly string[]
}

function notBack(there: Failed, back: Failed, timeoutMs: number): EngineAnswer {
  return failedAnswer(
    'activate/rollback-failed',
    `activation failed (exit ${there.exit}), and the automatic rollback failed (exit ${back.exit})`,
    `${reasonOf(there, timeoutMs)}; then: ${reasonOf(back, timeoutMs)}`,
  )
}

/** Why a switch failed: its time was over, or what it printed. */
function reasonOf({ exit, lines }: Failed, timeoutMs: number): string {
  if (exit === 124 || exit === 137) return `it took longer than ${formatDuration(timeoutMs)} (activation.timeout)`
  const cause = causeIn(lines.filter((line) => !backFailed.test(line)))
  return cause === '' ? 'it printed no reason' : cause
}
