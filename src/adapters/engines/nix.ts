import type { Clock } from '../../ports/clock.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Remote } from '../../ports/remote.ts'
import { converged, isThere } from './activation-answer.ts'
import { copyClosure } from './copy-closure.ts'
import { hostProgram } from './host-program.ts'

/** The built-in engine: copy, set the profile, switch-to-configuration. It needs nothing in the flake. */
export function nixEngine(remote: Remote, clock: Clock): Engine {
  const program = hostProgram(remote, clock)
  return {
    ...program,
    copy: (task, signal) => copyClosure(task, remote, signal),
    activate: async (task, signal) => (isThere(task) ? converged : program.activate(task, signal)),
  }
}
