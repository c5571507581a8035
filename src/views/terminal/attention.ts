import { labelColumn, labelled } from './labelled.ts'
import type { Paint, Role } from './paint.ts'

/** Something that may hurt, as it is drawn. */
export interface AttentionEntry {
  readonly role: Role
  /** A host, how many of them, or what kind of thing it is. */
  readonly label: string
  readonly text: string
  /** What it says at length, each from a line of its own. */
  readonly more: readonly string[]
}

/** A label that is wider has a line of its own. */
const labelAtMost = 20

/** The block of what may hurt: its title, then each entry with its label in front; nothing where nothing may. */
export function attentionBlock(
  entries: readonly AttentionEntry[],
  { paint, width }: { readonly paint: Paint; readonly width: number },
): readonly string[] {
  if (entries.length === 0) return []
  const labels = entries.map(({ label }) => label)
  const columns = { indent: 4, column: labelColumn(labels, labelAtMost), width }
  return [
    paint('strong', 'Attention'),
    ...entries.flatMap(({ role, label, text, more }) => {
      const [first = '', ...rest] = labelled(label, text, columns)
      const further = more.flatMap((one) => labelled('', one, columns))
      return [`  ${paint(role, '!')} ${first.slice(4)}`, ...rest, ...further.map((line) => paint('faint', line))]
    }),
  ]
}
