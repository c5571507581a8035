import { formatDuration } from '../../model/fleet/duration.ts'
import { tellFailure } from '../../model/failure.ts'
import type { SshCheck } from '../../model/plan/plan-schema.ts'
import { shortLine } from '../../model/text/short-line.ts'
import type { CheckType } from '../../ports/check.ts'
import type { HostShell } from './host-shell.ts'

/** Passes when a new connection answers; every round of a host's checks is one. */
export function sshCheck(shell: HostShell): CheckType<SshCheck> {
  return {
    async measure({ timeoutMs }, attempt, signal) {
      const answer = await shell.ask(attempt, null, timeoutMs, signal)
      switch (answer.how) {
        case 'exited':
          return { result: 'pass', message: 'a new connection answers' }
        case 'timed-out':
          return { result: 'fail', message: `no answer within ${formatDuration(timeoutMs)}` }
        case 'no-answer':
          return { result: 'fail', message: shortLine(tellFailure(answer.failure)) }
      }
    },
  }
}
