import { basename, join } from 'node:path'
import { type JournalLine, textIn } from '../../model/run/journal-line.ts'
import type { Recorded } from '../../model/host/recorded.ts'
import type { LastRun } from '../../model/host/status-schema.ts'
import { turnOfOthers } from '../turn.ts'
import { readOwnFile } from '../files/own-file.ts'
import { readJournal } from './journal-file.ts'
import { begunIn, lastRunsIn, type Wanted } from './last-runs.ts'
import { readTold, type Told, writeTold } from './told.ts'

/** Bytes of a plan that is read: one of thousands of hosts has some tens of megabytes. */
const largestPlan = 256 * 1024 * 1024

/** What run directories, oldest first, say of each host; what a crash left half written says nothing. */
export async function recordedIn(directories: readonly string[]): Promise<ReadonlyMap<string, Recorded>> {
  const systems = new Map<string, Set<string>>()
  const machines = new Map<string, string>()
  const hostKeys = new Map<string, string>()
  const last = new Map<string, LastRun>()
  const begun = new Set<string>()
  for (const directory of directories) {
    await turnOfOthers()
    const told = readTold(directory) ?? (await tell(directory))
    for (const [host, machine] of told.machines) machines.set(host, machine)
    for (const [host, hostKey] of told.hostKeys) hostKeys.set(host, hostKey)
    for (const [host, run] of told.last) {
      last.set(host, run)
      begun.delete(host)
    }
    for (const host of told.begun) begun.add(host)
    for (const [host, system] of told.systems) {
      const known = systems.get(host)
      if (known === undefined) systems.set(host, new Set([system]))
      else known.add(system)
    }
  }
  const hosts = new Set([...systems.keys(), ...machines.keys(), ...hostKeys.keys(), ...last.keys()])
  return new Map(
    [...hosts].map((host) => [
      host,
      {
        systems: systems.get(host) ?? new Set(),
        machine: machines.get(host) ?? null,
        hostKey: hostKeys.get(host) ?? null,
        last: last.get(host) ?? null,
        isBegun: begun.has(host),
      },
    ]),
  )
}

/** Reads a run's plan and journal, and keeps what they say beside them where the run has ended: neither changes any more. */
async function tell(directory: string): Promise<Told> {
  const planned = plannedIn(join(directory, 'plan.json'))
  const { lines } = await readJournal(join(directory, 'journal.jsonl'))
  const known = (key: 'machine' | 'hostKey') =>
    [...planned].flatMap(([host, { [key]: value }]): [string, string][] => (value === null ? [] : [[host, value]]))
  const told: Told = {
    machines: known('machine'),
    hostKeys: known('hostKey'),
    last: [...lastRunsIn(basename(directory), lines, planned)],
    begun: [...begunIn(lines)],
    systems: lines.flatMap(systemsOf),
  }
  if (lines.at(-1)?.type === 'run.finished') await writeTold(directory, told)
  return told
}

/** Systems that a line says the host runs, or ran when the run began. */
function systemsOf(line: JournalLine): readonly (readonly [string, string])[] {
  const host = textIn(line, 'host')
  if (host === null) return []
  const keys = {
    'host.started': ['from', 'to'],
    'host.succeeded': ['system'],
    'host.rolled-back': ['system'],
    'host.reverted': ['system'],
  }
  const told = keys[line.type as keyof typeof keys] ?? []
  return told.flatMap((key) => {
    const system = textIn(line, key)
    return system === null ? [] : [[host, system] as const]
  })
}

interface Planned extends Wanted {
  readonly machine: string | null
  readonly hostKey: string | null
}

/** What a run's plan found of each host, and wanted of it. */
function plannedIn(file: string): ReadonlyMap<string, Planned> {
  const hosts = fieldOf(fieldOf(parsed(file), 'body'), 'hosts')
  if (typeof hosts !== 'object' || hosts === null) return new Map()
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return new Map(
    Object.entries(hosts).map(([host, planned]: [string, unknown]) => {
      const from = fieldOf(planned, 'from')
      const settings = fieldOf(planned, 'settings')
      const mode = fieldOf(settings, 'mode')
      // A machine with another name than the host's was refused: it tells nothing about the host.
      const expected = text(fieldOf(settings, 'expectHostname'))
      const isItself = expected === null || fieldOf(from, 'hostname') === expected
      return [
        host,
        {
          machine: isItself ? text(fieldOf(from, 'machine')) : null,
          hostKey: isItself ? text(fieldOf(from, 'hostKey')) : null,
          to: text(fieldOf(fieldOf(planned, 'to'), 'system')),
          mode: mode === 'switch' || mode === 'boot' || mode === 'test' ? mode : null,
        },
      ]
    }),
  )
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readOwnFile(file, largestPlan)?.toString('utf8') ?? 'null') as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
