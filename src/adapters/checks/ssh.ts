import { tellFailure } from '../../model/failure.ts'
import type { SshCheck } from '../../model/plan-schema.ts'
import type { CheckType } from '../../ports/check.ts'
import type { Remote } from '../../ports/remote.ts'

/** Passes when a new connection answers. */
export function sshCheck(remote: Remote): CheckType<SshCheck> {
  return {
    async measure({ timeoutMs }, { name, settings }, signal) {
      const answer = await remote.run(
        { name, settings },
        { script: 'exit 0\n', args: [], asRoot: false, timeoutMs },
        signal,
      )
      if (answer.how === 'no-answer') return { result: 'fail', message: tellFailure(answer.failure) }
      return answer.code === 0
        ? { result: 'pass', message: 'a new connection answers' }
        : { result: 'fail', message: `a shell on the host exits ${answer.code}` }
    },
  }
}
