import { formatDuration } from '../../model/fleet/duration.ts'
import { tellFailure } from '../../model/failure.ts'
import { framed } from '../../model/text/frame.ts'
import type { SystemdCheck } from '../../model/plan/plan-schema.ts'
import type { CheckSubject, CheckType, Measurement } from '../../ports/check.ts'
import { shortLine } from '../../model/text/short-line.ts'
import { cleanLine } from '../../model/text/text.ts'
import { lastLine } from '../last-line.ts'
import type { HostShell } from './host-shell.ts'

const script = `
LC_ALL=C; SYSTEMD_COLORS=0; SYSTEMD_PAGER=; export LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER
nonce=$1; shift
units() {
  printf '\\nfleet-units %s\\n' "$nonce"
  failed=$(systemctl list-units --failed --plain --no-legend --full --all) || { echo error; return; }
  printf '%s\\n' "$failed" | while read -r unit rest; do [ -z "$unit" ] || printf 'failed %s\\n' "$unit"; done
  for unit; do printf 'state %s %s\\n' "$(systemctl is-active -- "$unit")" "$unit"; done
  echo "fleet-units end $nonce"
}
units "$@" < /dev/null
`

/** Passes when no unit failed that had not failed before, and the named units are active. */
export function systemdCheck(shell: HostShell): CheckType<SystemdCheck> {
  return {
    async measure(check, attempt, signal) {
      const nonce = crypto.randomUUID()
      const run = ['sh', '-c', script, 'sh', nonce, ...check.active]
      const answer = await shell.ask(attempt, { run, environment: {}, stdin: null }, check.timeoutMs, signal)
      if (answer.how === 'no-answer') return { result: 'error', message: shortLine(tellFailure(answer.failure)) }
      if (answer.how === 'timed-out')
        return { result: 'error', message: `systemctl did not answer within ${formatDuration(check.timeoutMs)}` }
      const lines = framed(answer.stdout, 'fleet-units', 'fleet-units end', nonce)
      if (lines === null)
        return { result: 'error', message: `systemctl gave no answer: ${lastLine(answer.stderr) || 'no answer'}` }
      const { result, message } = judge(check, attempt, lines.map(cleanLine))
      return { result, message: shortLine(message) }
    },
  }
}

function judge(check: SystemdCheck, { failedBefore, phase }: CheckSubject, lines: readonly string[]): Measurement {
  const failed = lines.flatMap((line) => (line.startsWith('failed ') ? [line.slice(7)] : []))
  const relevant = check.failedUnits === 'new' ? failed.filter((unit) => !failedBefore.includes(unit)) : failed
  if (check.failedUnits !== 'ignore' && relevant.length > 0)
    return {
      result: 'fail',
      message: `${check.failedUnits === 'new' && phase !== 'now' ? 'newly failed' : 'failed'}: ${relevant.join(', ')}`,
    }
  const stopped = lines.flatMap((line) =>
    /^state (\S*) (.*)$/.exec(line)?.slice(1, 3) === undefined ? [] : [line.split(' ').slice(1)],
  )
  const inactive = stopped
    .filter(([state]) => state !== 'active')
    .map(([state, unit]) => `${unit} (${state || 'unknown'})`)
  if (inactive.length > 0) return { result: 'fail', message: `not active: ${inactive.join(', ')}` }
  if (check.failedUnits === 'ignore') return { result: 'pass', message: `active: ${check.active.join(', ')}` }
  if (failed.length === 0) return { result: 'pass', message: 'no unit has failed' }
  return { result: 'pass', message: `no newly failed unit, ${failed.length} had failed before` }
}
