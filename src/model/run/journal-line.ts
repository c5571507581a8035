/** One line of a journal as it was found on disk: only what every event has is sure to be there and of its type. */
export interface JournalLine {
  readonly type: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly message: string
  /** All of the line; whoever takes something from it asks what it is. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Reads a line that a crash may have left half written, or that somebody else wrote; null: it tells nothing. */
export function journalLine(text: string): JournalLine | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const fields = value as Readonly<Record<string, unknown>>
  const { type, message } = fields
  const at = Date.parse(String(fields['at']))
  return typeof type === 'string' && typeof message === 'string' && Number.isFinite(at)
    ? { type, at, message, fields }
    : null
}

/** A field that is text; null: there is none. */
export function textIn({ fields }: Pick<JournalLine, 'fields'>, key: string): string | null {
  const value = fields[key]
  return typeof value === 'string' ? value : null
}

/** A field that is a whole number from 0; null: there is none. */
export function countIn({ fields }: Pick<JournalLine, 'fields'>, key: string): number | null {
  const value = fields[key]
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null
}

/** The texts in a field that is a list; what is no text is left out. */
export function textsIn({ fields }: Pick<JournalLine, 'fields'>, key: string): readonly string[] {
  const value = fields[key]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/** The objects in a field that is a list; what is no object is left out. */
export function recordsIn(
  { fields }: Pick<JournalLine, 'fields'>,
  key: string,
): readonly { readonly fields: Readonly<Record<string, unknown>> }[] {
  const value = fields[key]
  if (!Array.isArray(value)) return []
  return value.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null ? [{ fields: one as Readonly<Record<string, unknown>> }] : [],
  )
}
