import { configurationProblem, type ConfigurationCode } from '../../../model/fleet/configuration-problem.ts'
import type { Diagnostic, Place } from '../../../model/diagnostic.ts'
import type { FleetFile } from '../../../model/fleet/fleet-schema.ts'
import { placeOfKey, placeOfValue } from '../../../model/fleet/source.ts'
import type { FleetSource } from '../load.ts'
import type { Library } from '../load/library.ts'
import { isDamaged } from '../load/prune.ts'

/** What every part of resolving reads, and where it says what is wrong. */
export interface Context {
  readonly file: FleetFile
  /** The ready-made checks. */
  readonly library: Library
  readonly diagnostics: Diagnostic[]
  /** An error at the value that a JSON pointer names. */
  readonly atValue: (code: ConfigurationCode, at: string, detail: string) => void
  /** A warning at the value that a JSON pointer names. */
  readonly warnAtValue: (code: ConfigurationCode, at: string, detail: string) => void
  /** An error at the key that a JSON pointer names. */
  readonly atKey: (code: ConfigurationCode, at: string, detail: string) => void
  readonly placeOfKey: (at: string) => Place
  /** Whether the schema refused something there, so that what is read there is not all that was meant. */
  readonly damaged: (at: string) => boolean
}

/** A context that starts without diagnostics. */
export function contextOf({ file, source, damaged }: FleetSource, library: Library): Context {
  const diagnostics: Diagnostic[] = []
  return {
    file,
    library,
    diagnostics,
    atValue: (code, at, detail) => diagnostics.push(configurationProblem(code, detail, placeOfValue(source, at))),
    warnAtValue: (code, at, detail) =>
      diagnostics.push({ ...configurationProblem(code, detail, placeOfValue(source, at)), severity: 'warning' }),
    atKey: (code, at, detail) => diagnostics.push(configurationProblem(code, detail, placeOfKey(source, at))),
    placeOfKey: (at) => placeOfKey(source, at),
    damaged: (at) => isDamaged(damaged, at),
  }
}
