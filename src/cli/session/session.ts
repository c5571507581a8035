import type { Ask } from '../../ports/ask.ts'
import type { ApplyFlags } from '../arguments/apply-flags.ts'
import type { Common } from '../arguments/command.ts'
import type { Context } from './context.ts'

/** What a command that may roll something out was asked for, and where it speaks. */
export interface Session {
  readonly flags: Common & ApplyFlags
  readonly context: Context
}

/** A session whose questions somebody may answer, with the world that it is about. */
export interface OpenSession<W> extends Session {
  readonly world: W
  readonly ask: Ask
}
