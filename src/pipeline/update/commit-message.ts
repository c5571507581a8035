import { inputText } from '../../model/nix/input-text.ts'
import type { LockChange } from '../../model/nix/lock-changes.ts'
import { cleanLine } from '../../model/text/text.ts'

/** Columns of a subject that lists and mail show whole. */
const subjectAtMost = 72

/** The message of a commit that updates flake.lock: the inputs by name, then each old → new with its date, and its page. */
export function commitMessage(changes: readonly LockChange[]): string {
  // Inputs of inputs come with the one that was asked for.
  const direct = changes.filter(({ name }) => !name.includes('/'))
  const names = (direct.length === 0 ? changes : direct).map(({ name }) => cleanLine(name))
  const whole = `flake.lock: update ${names.join(', ')}`
  const count = `flake.lock: update ${names.length} inputs`
  const lines = changes.flatMap(({ name, from, to, compare }) => [
    `${cleanLine(name)}: ${inputText(from)} → ${inputText(to)}`,
    ...(compare === null ? [] : [`  ${cleanLine(compare)}`]),
  ])
  return `${whole.length <= subjectAtMost ? whole : count}\n\n${lines.join('\n')}\n`
}
