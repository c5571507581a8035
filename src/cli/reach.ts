import { hostname } from 'node:os'
import { systemClock } from '../adapters/clock.ts'
import { withThisMachine } from '../adapters/local/remote.ts'
import { sshRemote } from '../adapters/ssh/remote.ts'
import { fileRuns } from '../adapters/state/runs.ts'
import { makeStateDirectory } from '../adapters/state/state-directory.ts'
import type { Clock } from '../ports/clock.ts'
import type { Runs } from '../ports/journal.ts'
import type { Remote } from '../ports/remote.ts'
import type { Common } from './arguments/command.ts'
import { stateDirectoryOf } from './open/place.ts'

/** The part of the world that asks hosts and knows of past runs; a command that does no more loads nothing else. */
export interface Reach {
  readonly clock: Clock
  readonly remote: Remote
  readonly runs: Runs
  close(): Promise<void>
}

/** Reaches the hosts of a fleet whose fleet.yaml is (or would be) in `directory`. */
export function openReach(directory: string, flags: Common, environment: NodeJS.ProcessEnv): Reach {
  const remote = sshRemote(directory)
  const state = stateDirectoryOf(flags, environment)
  makeStateDirectory(state)
  return {
    clock: systemClock,
    remote: withThisMachine(remote, hostname()),
    runs: fileRuns(state),
    close: () => remote.close(),
  }
}
