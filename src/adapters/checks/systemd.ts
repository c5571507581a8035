import { tellFailure } from '../../model/failure.ts'
import { framed } from '../../model/frame.ts'
import type { SystemdCheck } from '../../model/plan-schema.ts'
import type { CheckSubject, CheckType, Measurement } from '../../ports/check.ts'
import type { Remote } from '../../ports/remote.ts'
import { cleanLine } from '../../model/text.ts'

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
export function systemdCheck(remote: Remote): CheckType<SystemdCheck> {
  return {
    async measure(check, subject, signal) {
      const { name, settings } = subject
      const nonce = crypto.randomUUID()
      const answer = await remote.run(
        { name, settings },
        { script, args: [nonce, ...check.active], asRoot: false, timeoutMs: check.timeoutMs },
        signal,
      )
      if (answer.how === 'no-answer') return { result: 'error', message: tellFailure(answer.failure) }
      const lines = framed(answer.stdout, 'fleet-units', 'fleet-units end', nonce)
      if (lines === null)
        return { result: 'error', message: `systemctl could not be asked: ${cleanLine(answer.stderr) || 'no answer'}` }
      return judge(check, subject, lines.map(cleanLine))
    },
  }
}

function judge(check: SystemdCheck, { failedBefore }: CheckSubject, lines: readonly string[]): Measurement {
  const failed = lines.flatMap((line) => (line.startsWith('failed ') ? [line.slice(7)] : []))
  const relevant = check.failedUnits === 'new' ? failed.filter((unit) => !failedBefore.includes(unit)) : failed
  if (check.failedUnits !== 'ignore' && relevant.length > 0)
    return {
      result: 'fail',
      message: `${check.failedUnits === 'new' ? 'newly failed' : 'failed'}: ${relevant.join(', ')}`,
    }
  const stopped = lines.flatMap((line) =>
    /^state (\S*) (.*)$/.exec(line)?.slice(1, 3) === undefined ? [] : [line.split(' ').slice(1)],
  )
  const inactive = stopped
    .filter(([state]) => state !== 'active')
    .map(([state, unit]) => `${unit} (${state || 'unknown'})`)
  if (inactive.length > 0) return { result: 'fail', message: `not active: ${inactive.join(', ')}` }
  const old = failed.length > 0 ? `, ${failed.length} had failed before` : ''
  return { result: 'pass', message: `no newly failed unit${old}` }
}
