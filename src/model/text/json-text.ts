/** What a text of JSON holds; undefined where it is none. A megabyte of brackets nests too deep for the parser, and is none either. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/** An object of JSON. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** A value of JSON, where it is an object; null where it is none. */
export function jsonRecord(value: unknown): JsonRecord | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : null
}
