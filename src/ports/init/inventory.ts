import type { Outline, Question } from '../../model/inventory/facts.ts'
import type { Found } from '../../model/host/system.ts'
import type { Source } from '../../model/plan/plan-schema.ts'

/** What `fleet init` asks of a flake. Nothing is built, and no file of the flake is parsed. */
export interface Inventory {
  /** Locks the flake; a relative reference starts at `directory`. */
  lock(flake: string, directory: string, signal: AbortSignal): Promise<Found<Source>>
  /** The names in the outputs that know hosts. */
  outline(source: Source, signal: AbortSignal): Promise<Outline>
  /** Asks for several names in one evaluation; fails as a whole where one of them ends it. The answers are in the same order. */
  read(source: Source, questions: readonly Question[], signal: AbortSignal): Promise<Found<readonly unknown[]>>
}
