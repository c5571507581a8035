import type { AnyCode } from './codes/codes.ts'

/** A spot in a text file: 1-based line and column, and how many characters are meant. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly length: number
  /** The whole line, so that a view can underline the spot without reading the file again. */
  readonly text: string
}

export type Severity = 'info' | 'warning' | 'error'

/** Something the operator should know or mend: data, never thrown. */
export interface Diagnostic {
  /** Stable and greppable, e.g. `config/unknown-key`. */
  readonly code: AnyCode
  readonly severity: Severity
  /** One line that never varies for a code. */
  readonly summary: string
  /** Full sentences: what, why, what to do. */
  readonly detail: string
  readonly place: Place | null
  readonly host: string | null
}

/** A value, or everything that is wrong with what it should have been made from; warnings come with either. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** A diagnostic without place and host, of severity `error` unless said otherwise. */
export function diagnostic(
  code: AnyCode,
  summary: string,
  detail: string,
  more: Partial<Pick<Diagnostic, 'severity' | 'place' | 'host'>> = {},
): Diagnostic {
  return { code, summary, detail, severity: 'error', place: null, host: null, ...more }
}

/** The outcome of something that one diagnostic forbids. */
export function rejected(
  code: AnyCode,
  summary: string,
  detail: string,
  more: Parameters<typeof diagnostic>[3] = {},
): Outcome<never> {
  return { ok: false, diagnostics: [diagnostic(code, summary, detail, more)] }
}
