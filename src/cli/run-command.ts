import type { Command } from './arguments/command.ts'
import { stateDirectoryOf } from './open/place.ts'
import { type Context, exitCode } from './session/context.ts'

/** Runs one command and returns its exit code. */
export async function runCommand(command: Command, context: Context): Promise<number> {
  const named = await withPipedNames(command, context)
  if (typeof named === 'number') return named
  return (await refuseForeignState(named, context)) ?? carryOut(named, context)
}

/** The command with the hosts that standard input names, where `--on -` asks for them; or the exit code. */
async function withPipedNames(command: Command, context: Context): Promise<Command | number> {
  if (!('on' in command) || !command.on.includes('-')) return command
  const { pipedNames } = await import('./open/piped-names.ts')
  const piped = await pipedNames(command.on, context.terminal.stdin, context.interrupts.first)
  if (piped.ok) return { ...command, on: piped.on }
  const { tell } = await import('./session/tell.ts')
  tell([piped.diagnostic], context.terminal, command)
  return context.interrupts.first.aborted ? exitCode.interrupted : exitCode.usage
}

/** The exit code where the state directory holds what others may have written; null: the command may go on. */
async function refuseForeignState(command: Command, context: Context): Promise<number | null> {
  // These read none, or believe nothing of it.
  if (['validate', 'show', 'doctor', 'completion', 'complete'].includes(command.command)) return null
  const { stateProblem } = await import('../adapters/state/state-directory.ts')
  const state = stateDirectoryOf(command, context.terminal.environment)
  const problem = await stateProblem(state, context.interrupts.first)
  if (problem === null) return null
  if (command.command === 'apply' || command.command === 'rollback' || command.command === 'reboot') {
    const { refuse } = await import('./session/refuse.ts')
    return refuse([problem], { flags: command, context })
  }
  const { tell } = await import('./session/tell.ts')
  tell([problem], context.terminal, command)
  return exitCode.failed
}

/** Each command loads what it needs and no more. */
async function carryOut(command: Command, context: Context): Promise<number> {
  switch (command.command) {
    case 'init': {
      const { init } = await import('./commands/set-up/init.ts')
      return init(command, context)
    }
    case 'validate': {
      const { validate } = await import('./commands/plans/validate.ts')
      return validate(command, context)
    }
    case 'plan': {
      const { plan } = await import('./commands/plans/plan.ts')
      return plan(command, context)
    }
    case 'status': {
      const { status } = await import('./commands/hosts/status.ts')
      return status(command, context)
    }
    case 'check': {
      const { check } = await import('./commands/hosts/check.ts')
      return check(command, context)
    }
    case 'ssh': {
      const { ssh } = await import('./commands/hosts/ssh.ts')
      return ssh(command, context)
    }
    case 'exec': {
      const { exec } = await import('./commands/hosts/exec.ts')
      return exec(command, context)
    }
    case 'show': {
      const { show } = await import('./commands/plans/show.ts')
      return show(command, context)
    }
    case 'diff': {
      const { diff } = await import('./commands/plans/diff.ts')
      return diff(command, context)
    }
    case 'update': {
      const { update } = await import('./commands/plans/update.ts')
      return update(command, context)
    }
    case 'completion': {
      const { completion } = await import('./commands/set-up/completion.ts')
      return completion(command, context)
    }
    case 'complete': {
      const { completeWords } = await import('./commands/set-up/completion.ts')
      return completeWords(command, context)
    }
    case 'doctor': {
      const { doctor } = await import('./commands/set-up/doctor.ts')
      return doctor(command, context)
    }
    case 'history': {
      const { history } = await import('./commands/hosts/history.ts')
      return history(command, context)
    }
    case 'explain': {
      if (/[/[\]]/.test(command.target)) {
        const { explain } = await import('./commands/plans/explain.ts')
        return explain({ ...command, code: command.target }, context)
      }
      const { explainHost } = await import('./commands/hosts/explain-host.ts')
      return explainHost(command, context)
    }
    case 'unlock': {
      const { unlock } = await import('./commands/hosts/unlock.ts')
      return unlock(command, context)
    }
    case 'reboot': {
      const { reboot } = await import('./commands/rollouts/reboot.ts')
      return reboot(command, context)
    }
    case 'rollback': {
      const { rollback } = await import('./commands/rollouts/rollback.ts')
      return rollback(command, context)
    }
    case 'apply': {
      if (command.simulate !== null) {
        const { simulate } = await import('./commands/rollouts/simulate.ts')
        return simulate({ ...command, simulate: command.simulate }, context)
      }
      const { apply } = await import('./commands/rollouts/apply.ts')
      return apply(command, context)
    }
  }
}
