import type { Command } from './arguments.ts'
import type { Context } from './context.ts'

/** Runs one command and returns its exit code; each command loads what it needs and no more. */
export async function runCommand(command: Command, context: Context): Promise<number> {
  switch (command.command) {
    case 'validate': {
      const { validate } = await import('./commands/validate.ts')
      return validate(command, context)
    }
    case 'plan': {
      const { plan } = await import('./commands/plan.ts')
      return plan(command, context)
    }
    case 'show': {
      const { show } = await import('./commands/show.ts')
      return show(command, context)
    }
    case 'apply': {
      const { apply } = await import('./commands/apply.ts')
      return apply(command, context)
    }
  }
}
