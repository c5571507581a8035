import { inputText } from '../../model/nix/input-text.ts'
import type { LockChange } from '../../model/nix/lock-changes.ts'
import { cleanLine } from '../../model/text/text.ts'
import { labelColumn, labelled, startOf } from '../terminal/labelled.ts'
import { paintFor } from '../terminal/paint.ts'

/** How it is written. */
export interface InputsTextOptions {
  readonly color: boolean
  readonly width: number
  /** With the page that shows the difference of each. */
  readonly verbose: boolean
}

/** A name that is longer has a line of its own. */
const nameAtMost = 28

/** What an update did to the inputs of a flake: each by its name, old → new with their dates. */
export function inputsText(changes: readonly LockChange[], { color, width, verbose }: InputsTextOptions): string {
  const paint = paintFor(color)
  const named = changes.map((change) => ({ ...change, name: cleanLine(change.name) }))
  const columns = {
    indent: 2,
    column: labelColumn(
      named.map(({ name }) => name),
      nameAtMost,
    ),
    width,
  }
  const lines = named.flatMap(({ name, from, to, compare }) => [
    ...labelled(name, `${inputText(from)} → ${inputText(to)}`, columns),
    ...(verbose && compare !== null ? [`${startOf(columns)}${paint('faint', cleanLine(compare))}`] : []),
  ])
  return `${[paint('strong', 'Inputs'), ...lines].join('\n')}\n\n`
}
