import { cleanLine } from '../../model/text/text.ts'
import { labelColumn, labelled } from './labelled.ts'
import type { Paint } from './paint.ts'
import { displayWidth, hang } from './width.ts'

/** A command to type, for a shell, and what it does. */
export interface NextCommand {
  readonly command: string
  readonly why: string
}

/** A command that is wider has a line of its own. */
const commandAtMost = 34
const mark = 'Next: '

/** What to type next: each command, and behind it what it does; nothing where nothing is left to do. */
export function nextBlock(
  next: readonly NextCommand[],
  { paint, width }: { readonly paint: Paint; readonly width: number },
): readonly string[] {
  const indent = mark.length
  const short = next
    .map(({ command }) => cleanLine(command))
    .filter((command) => displayWidth(command) <= commandAtMost)
  const columns = { indent, column: labelColumn(short, commandAtMost), width }
  const lines = next.flatMap(({ command, why }) => {
    const label = cleanLine(command)
    const isLong = displayWidth(label) > commandAtMost
    const [first = '', ...rest] = isLong
      ? [' '.repeat(indent) + label, ...hang(' '.repeat(indent + 2), cleanLine(why), width)]
      : labelled(label, cleanLine(why), columns)
    return [first.slice(0, indent) + paint('strong', label) + first.slice(indent + label.length), ...rest]
  })
  return lines.map((line, index) => (index === 0 ? mark + line.slice(indent) : line))
}
