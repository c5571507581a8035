import type * as fc from 'fast-check'

/** Something that reads what others wrote: its recorded shapes, damaged, and all that becomes of them. */
export interface Subject {
  readonly name: string
  readonly inputs: fc.Arbitrary<string>
  /** Throws, or rejects, where it should not have been so. */
  readonly read: (input: string) => unknown
}
