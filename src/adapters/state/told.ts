import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { parseStorePath } from '../../model/nix/store-path.ts'
import type { LastRun } from '../../model/host/status-schema.ts'
import { parseJson } from '../../model/text/json-text.ts'
import { readOwnFile } from '../files/own-file.ts'

/** What one run's plan and journal say of hosts, by name. */
export interface Told {
  readonly machines: readonly (readonly [string, string])[]
  readonly hostKeys: readonly (readonly [string, string])[]
  readonly last: readonly (readonly [string, LastRun])[]
  readonly begun: readonly string[]
  /** Systems that hosts run, or ran when the run began. */
  readonly systems: readonly (readonly [string, string])[]
}

/** Of what is kept: another shape is another number, and is told anew. */
const version = 1
/** Bytes that are read. */
const largest = 64 * 1024 * 1024

/** What is kept of a run that has ended; null: nothing, or nothing that can be understood. */
export function readTold(directory: string): Told | null {
  const bytes = readOwnFile(fileIn(directory), largest)
  return bytes === null ? null : parseTold(bytes.toString('utf8'))
}

/** Keeps it; where that cannot be, the journal is read again the next time. */
export async function writeTold(directory: string, told: Told): Promise<void> {
  try {
    await writeFileAtomic(fileIn(directory), `${JSON.stringify({ version, ...told })}\n`, { mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
  }
}

function fileIn(directory: string): string {
  return join(directory, 'told.json')
}

/** Reads what was kept, with nothing believed; null: it is damaged, or of another version. */
export function parseTold(text: string): Told | null {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return null
  const { version: written, machines, hostKeys, last, begun, systems } = value as Readonly<Record<string, unknown>>
  const isWhole =
    written === version &&
    arePairs(machines, isText) &&
    arePairs(hostKeys, isText) &&
    arePairs(last, isLastRun) &&
    Array.isArray(begun) &&
    begun.every(isText) &&
    arePairs(systems, isText)
  return isWhole ? (value as Told) : null
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function arePairs(value: unknown, isRight: (one: unknown) => boolean): boolean {
  return (
    Array.isArray(value) &&
    value.every((pair: unknown) => Array.isArray(pair) && pair.length === 2 && isText(pair[0]) && isRight(pair[1]))
  )
}

const endings: ReadonlySet<unknown> = new Set<LastRun['ending']>([
  'succeeded',
  'skipped',
  'stale',
  'failed',
  'rolled-back',
  'reverted',
  'unknown',
  'cancelled',
  'unfinished',
])

function isLastRun(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { run, at, ending, to, mode } = value as Readonly<Record<string, unknown>>
  const isMode = mode === null || mode === 'switch' || mode === 'boot' || mode === 'test'
  const isTime = isText(at) && Number.isFinite(Date.parse(at))
  return (
    isText(run) &&
    isTime &&
    endings.has(ending) &&
    isMode &&
    (to === null || (isText(to) && parseStorePath(to) !== null))
  )
}
