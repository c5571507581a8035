import type { Command } from './arguments/arguments.ts'
import type { Context } from './session/context.ts'

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
    case 'status': {
      const { status } = await import('./commands/status.ts')
      return status(command, context)
    }
    case 'check': {
      const { check } = await import('./commands/check.ts')
      return check(command, context)
    }
    case 'show': {
      const { show } = await import('./commands/show.ts')
      return show(command, context)
    }
    case 'history': {
      const { history } = await import('./commands/history.ts')
      return history(command, context)
    }
    case 'unlock': {
      const { unlock } = await import('./commands/unlock.ts')
      return unlock(command, context)
    }
    case 'rollback': {
      const { rollback } = await import('./commands/rollback.ts')
      return rollback(command, context)
    }
    case 'apply': {
      if (command.simulate !== null) {
        const { simulate } = await import('./commands/simulate.ts')
        return simulate({ ...command, simulate: command.simulate }, context)
      }
      const { apply } = await import('./commands/apply.ts')
      return apply(command, context)
    }
  }
}
