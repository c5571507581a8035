import { access, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { EvaluationCost } from '../../model/nix/evaluation-cost.ts'
import type { Evaluation } from '../../model/host/system.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Evaluations } from '../../ports/evaluations.ts'
import { readOwnFile } from '../files/own-file.ts'
import { costsFile, sweep } from './sweep.ts'

/** Entries older than this are thrown away: their commit is hardly planned again, and evaluating makes them anew. */
const keptMs = 30 * 24 * 60 * 60_000
/** And of the younger ones as many, the latest: 50 commits of a fleet of 200 hosts. */
const mostEntries = 10_000

/** Bytes of one entry that is read. */
const largestEntry = 64 * 1024 * 1024

interface Entry {
  readonly evaluation: Evaluation
  /** Whether the derivation could be seen as a file: where a store keeps its files elsewhere, it never can. */
  readonly hadDerivation: boolean
}

/**
 * Evaluations under `.fleet/cache/evaluations/`, one file each. An entry counts only while its derivation exists: building,
 * and telling what changes, read it, and evaluating again is what makes it again.
 */
export function fileEvaluations(stateDirectory: string, clock: Clock): Evaluations {
  const directory = resolve(stateDirectory, 'cache', 'evaluations')
  const fileOf = (key: string) => join(directory, `${key}.json`)
  const write = async (file: string, value: unknown) => {
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await writeFileAtomic(file, `${JSON.stringify(value)}\n`, { mode: 0o600 })
    } catch (error) {
      // A full or read-only disk costs the next plan time, and this one nothing.
      if (!isOfTheSystem(error)) throw error
    }
  }
  const readCosts = () => costsIn(readJson(join(directory, costsFile)))
  return {
    async get(key) {
      const entry = entryIn(readJson(fileOf(key)))
      if (entry === null) return null
      return !entry.hadDerivation || (await exists(entry.evaluation.profileDrv ?? entry.evaluation.drv))
        ? entry.evaluation
        : null
    },
    async put(key, evaluation) {
      const entry: Entry = { evaluation, hadDerivation: await exists(evaluation.profileDrv ?? evaluation.drv) }
      await write(fileOf(key), entry)
    },
    costs: () => Promise.resolve(readCosts()),
    async learn(costs) {
      await write(join(directory, costsFile), Object.fromEntries([...readCosts(), ...costs]))
      await sweep(directory, clock.now() - keptMs, mostEntries)
    },
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** A file that cannot be read, or is damaged, is as good as none: it is written again. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readOwnFile(file, largestEntry)?.toString('utf8') ?? 'null') as unknown
  } catch (error) {
    if (error instanceof SyntaxError || isOfTheSystem(error)) return null
    throw error
  }
}

function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

function entryIn(value: unknown): Entry | null {
  if (!isRecord(value) || !isRecord(value['evaluation'])) return null
  const { drv, system, profile, platform, bootLinks, warnings } = value['evaluation']
  const isText = [drv, system, profile, platform].every((text) => typeof text === 'string')
  return isText && isRecord(bootLinks) && Array.isArray(warnings) ? (value as unknown as Entry) : null
}

function costsIn(value: unknown): ReadonlyMap<string, EvaluationCost> {
  if (!isRecord(value)) return new Map()
  const isCost = (cost: unknown) =>
    isRecord(cost) && Number.isFinite(cost['peakBytes']) && Number.isFinite(cost['cpuMs'])
  return new Map(Object.entries(value).filter((entry): entry is [string, EvaluationCost] => isCost(entry[1])))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
