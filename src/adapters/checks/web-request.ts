import type { Measurement } from '../../ports/check.ts'

/** What a web server answered. */
export interface WebAnswer {
  readonly status: number
  /** The `Location` header. */
  readonly location: string | null
  readonly body: string
  /** There was more than is read. */
  readonly isCut: boolean
}

/** An answer, or why there is none. `error`: it could not be asked. */
export type Asked =
  | { readonly ok: true; readonly answer: WebAnswer }
  | { readonly ok: false; readonly why: Measurement }

/** One request with everything filled in. */
export interface WebRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}
