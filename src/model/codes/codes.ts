import { activationCodes } from './activation.ts'
import { checkCodes, statusCodes } from './check.ts'
import { connectionCodes } from './connection.ts'
import { type Consequences, consequences, type Entry } from './consequences.ts'
import { deployRsCodes } from './deploy-rs.ts'
import { execCodes } from './exec.ts'
import { fleetFileCodes } from './fleet-file.ts'
import { hostCodes } from './host.ts'
import { nixCodes } from './nix.ts'
import { planCodes } from './plan.ts'
import { runCodes } from './run.ts'
import { sourceCodes } from './source.ts'
import { upkeepCodes } from './upkeep.ts'
import { usageCodes } from './usage.ts'

/** Every failure and diagnostic that fleet can tell, by the code it carries in every output. */
export const codes = {
  ...fleetFileCodes,
  ...usageCodes,
  ...sourceCodes,
  ...nixCodes,
  ...connectionCodes,
  ...planCodes,
  ...statusCodes,
  ...hostCodes,
  ...checkCodes,
  ...execCodes,
  ...activationCodes,
  ...deployRsCodes,
  ...runCodes,
  ...upkeepCodes,
}

/** A code of this version. */
export type Code = keyof typeof codes

declare const foreign: unique symbol

/** A code that another version of fleet wrote into a plan, a journal or a status file: text to show, which decides nothing. */
export type ForeignCode = string & { readonly [foreign]: true }

/** A code as documents hold it. No text that is written in the source is a foreign code, so that a misspelt one does not compile. */
export type AnyCode = Code | ForeignCode

/** What follows from a code; from another version's: nothing. */
export function followsFrom(code: AnyCode): Consequences {
  return isKnown(code) ? consequences[entryOf(code).kind] : consequences.shown
}

/** Text that was read where a code should stand. */
export function codeFrom(text: string): AnyCode {
  return text as AnyCode
}

/** True for a code of this version. */
export function isKnown(code: string): code is Code {
  return Object.hasOwn(codes, code)
}

function entryOf(code: Code): Entry {
  return codes[code]
}
