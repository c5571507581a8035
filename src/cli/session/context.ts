import type { Interrupts } from '../../pipeline/run/apply.ts'
import type { Terminal } from './terminal.ts'

/** What `main` hands to a command. A command returns its exit code. */
export interface Context {
  readonly terminal: Terminal
  readonly interrupts: Interrupts
}

/** Exit codes that commands return; `apply` takes the others from the run's conclusion. */
export const exitCode = {
  done: 0,
  failed: 1,
  changes: 2,
  rolloutFailed: 3,
  paused: 4,
  refused: 5,
  incomplete: 7,
  usage: 64,
  interrupted: 130,
  terminated: 143,
} as const
