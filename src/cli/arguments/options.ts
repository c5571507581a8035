import { type Command as Program, InvalidArgumentError } from 'commander'
import { defaultMaxBytes, leastMaxBytes, planFormats } from '../../views/plan/format.ts'

/** A command as the parser knows it. */
export type { Program }

/** Ends with a usage error, as the parser's own do. */
export function usageError(command: Program): (message: string) => never {
  return (message) => command.error(`error: ${message}`)
}

/** `--wave` and `--on`. */
export function withSelection(command: Program): Program {
  return command
    .option('--wave <name>', 'only this wave (repeatable)', append, [])
    .option(
      '--on <selector>',
      'only these hosts: a name, web-*, @group, !host; a,b; @a&@b (in both); - (from standard input) (repeatable)',
      appendWords,
      [],
    )
}

/** `--format`, `--json` and `--max-bytes`: how a plan is written. */
export function withFormat(command: Program): Program {
  return command
    .option('--format <format>', planFormats.join(', '), oneOf(...planFormats), 'text')
    .option('--json', 'the same as --format json', false)
    .option('--max-bytes <n>', `bytes that markdown may take (default: ${defaultMaxBytes})`, bytes)
}

/** The values of an option that may be given several times. */
export function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

/** What stands between commas is a selector each. An empty one is refused: it would come of a variable that is not set. */
function appendWords(value: string, before: readonly string[]): readonly string[] {
  const words = value.split(',').map((word) => word.trim())
  if (words.includes('')) throw new InvalidArgumentError('It has an empty name.')
  return [...before, ...words]
}

/** A whole number from 1. */
export function count(value: string): number {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('It takes a whole number from 1.')
  return Number(value)
}

function bytes(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value) || Number(value) < leastMaxBytes)
    throw new InvalidArgumentError(`It takes a whole number from ${leastMaxBytes}.`)
  return Number(value)
}

/** One of some words. */
export function oneOf<T extends string>(...values: readonly T[]) {
  return (value: string): T => {
    const found = values.find((candidate) => candidate === value)
    if (found === undefined) throw new InvalidArgumentError(`It takes ${values.join(' or ')}.`)
    return found
  }
}

/** What `--max-parallel` says of itself. */
export const maxParallel = 'hosts in flight at a time, instead of the waves’ own'
/** What `--max-failures` says of itself. */
export const maxFailures = 'failures that a wave may have, instead of the waves’ own'
/** What `--skip-bake` says of itself. */
export const skipBake = 'do not wait for any bakeTime (needs --reason)'

/** Options of a rollout that its command line may set. */
export function withRun(command: Program): Program {
  return command
    .option('--parallelism <n>', 'hosts contacted in parallel while planning', count, 16)
    .option('--max-parallel <n or %>', maxParallel)
    .option('--max-failures <n or %>', maxFailures)
    .option('--skip-bake', skipBake, false)
    .option('--reason <text>', 'why; it is recorded')
    .option('--lock-timeout <duration>', 'wait this long for a lock that another run holds', '5m')
    .option('--log <file>', 'write the event stream there as well')
}
