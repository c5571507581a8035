import { parseJson } from '../../../model/text/json-text.ts'
import { timeOfUnix } from '../../../model/text/unix-time.ts'

/** The parts of `nix flake metadata --json` that exist from Nix 2.8 to 2.36, as far as they are of their kind. */
export interface FlakeMetadata {
  readonly url: string | null
  readonly resolvedUrl: string | null
  readonly path: string | null
  readonly revision: string | null
  readonly narHash: string | null
  /** RFC 3339. */
  readonly lastModified: string | null
  readonly revCount: number | null
}

/** Reads it; what is no JSON has nothing in it. */
export function readMetadata(stdout: string): FlakeMetadata {
  const value = recordOf(parseJson(stdout))
  const locked = recordOf(value['locked'])
  const resolvedUrl = textIn(value, 'resolvedUrl')
  return {
    url: textIn(value, 'url') ?? textIn(value, 'lockedUrl') ?? resolvedUrl,
    resolvedUrl,
    path: textIn(value, 'path'),
    revision: textIn(value, 'revision') ?? textIn(locked, 'rev'),
    narHash: textIn(locked, 'narHash'),
    lastModified: timeIn(value['lastModified'] ?? locked['lastModified']),
    revCount: countIn(value, 'revCount') ?? countIn(locked, 'revCount'),
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function textIn(value: Readonly<Record<string, unknown>>, key: string): string | null {
  const found = value[key]
  return typeof found === 'string' ? found : null
}

function countIn(value: Readonly<Record<string, unknown>>, key: string): number | null {
  const found = value[key]
  return Number.isSafeInteger(found) ? (found as number) : null
}

function timeIn(seconds: unknown): string | null {
  return typeof seconds === 'number' ? timeOfUnix(seconds) : null
}
