import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import type { Event } from '../../model/event-schema.ts'
import type { Plan } from '../../model/plan-schema.ts'
import type { Journal, Runs } from '../../ports/journal.ts'
import { recordedIn } from './recorded.ts'

/** Runs that are looked at for what they say of hosts. */
const remembered = 50

/** Runs under `.fleet/runs/RUN/`: journal.jsonl, plan.json, one log a host, and roots/ for the garbage collector. */
export function fileRuns(stateDirectory: string): Runs {
  const runs = resolve(stateDirectory, 'runs')
  return {
    begin(run, plan) {
      const directory = join(runs, run)
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      writeFileSync(join(directory, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 })
      return openJournal(run, directory)
    },
    unfinished(planId, current) {
      if (!existsSync(runs)) return null
      const latest = readdirSync(runs)
        .toSorted()
        .toReversed()
        .find((run) => run !== current && planIdOf(join(runs, run)) === planId)
      return latest === undefined || hasEnd(join(runs, latest)) ? null : latest
    },
    recorded() {
      if (!existsSync(runs)) return new Map()
      return recordedIn(
        readdirSync(runs)
          .toSorted()
          .slice(-remembered)
          .map((run) => join(runs, run)),
      )
    },
  }
}

function openJournal(run: string, directory: string): Journal {
  const file = openSync(join(directory, 'journal.jsonl'), 'a', 0o600)
  const logOf = (host: string) => join(directory, `${host}.log`)
  const logs = new Map<string, number>()
  return {
    run,
    roots: join(directory, 'roots'),
    append(event) {
      writeSync(file, `${JSON.stringify(event)}\n`)
      // What a program printed decides nothing: only facts are worth a flush each.
      if (event.type !== 'host.output') fsyncSync(file)
    },
    output(host, line) {
      const log = logs.get(host) ?? openSync(logOf(host), 'a', 0o600)
      logs.set(host, log)
      writeSync(log, `${line}\n`)
    },
    logOf,
    close() {
      for (const log of [file, ...logs.values()]) closeSync(log)
    },
  }
}

/** A directory that a crash left without a readable plan belongs to no plan. */
function planIdOf(directory: string): string | null {
  try {
    return (JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8')) as Plan).planId
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The last line of a journal may be half written: then the run has no end. */
function hasEnd(directory: string): boolean {
  const journal = join(directory, 'journal.jsonl')
  if (!existsSync(journal)) return false
  const last = readFileSync(journal, 'utf8').trimEnd().split('\n').at(-1) ?? ''
  try {
    return (JSON.parse(last) as Event).type === 'run.finished'
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
