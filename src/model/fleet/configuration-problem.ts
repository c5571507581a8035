import { fleetFileCodes } from '../codes/fleet-file.ts'
import { diagnostic, type Diagnostic, type Place } from '../diagnostic.ts'

/** Stable codes of what can be wrong with a fleet.yaml. */
export type ConfigurationCode = keyof typeof fleetFileCodes

/** An error in fleet.yaml, or in a selection on the command line, which has no place. */
export function configurationProblem(
  code: ConfigurationCode,
  detail: string,
  place: Place | null,
  host: string | null = null,
): Diagnostic {
  return diagnostic(code, fleetFileCodes[code].title, detail, { place, host })
}
