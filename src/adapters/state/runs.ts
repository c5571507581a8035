import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { textIn } from '../../model/run/journal-line.ts'
import type { Journal, RunOutline, RunRecord, Runs } from '../../ports/journal.ts'
import { turnOfOthers } from '../turn.ts'
import { openOwnFile } from '../files/own-file.ts'
import { readEdges, readJournal } from './journal-file.ts'
import { HostLogs } from './host-logs.ts'
import { pruneRuns, remembered } from './prune-runs.ts'
import { recordedIn } from './recorded.ts'
import { isAtWork, processMark } from './run-process.ts'

/**
 * Runs under `.fleet/runs/RUN/`: journal.jsonl, plan.json, one log a host, `process` (who is at work on it), and roots/ for
 * the garbage collector.
 */
export function fileRuns(stateDirectory: string): Runs {
  const runs = resolve(stateDirectory, 'runs')
  async function* outlines(): AsyncGenerator<RunOutline> {
    for (const run of namesIn(runs)) {
      await turnOfOthers()
      yield outlineOf(run, join(runs, run))
    }
  }
  return {
    begin(run, plan) {
      const directory = join(runs, run)
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      writeWhole(join(directory, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`)
      writeFileSync(join(directory, 'process'), `${processMark() ?? ''}\n`, { mode: 0o600 })
      return openJournal(run, directory)
    },
    async unfinished(planId, current) {
      for await (const { run, first, last, isRunning } of outlines())
        if (run !== current && first !== null && textIn(first, 'planId') === planId)
          return isRunning || last?.type === 'run.finished' ? null : run
      return null
    },
    names: () => namesIn(runs),
    outlines,
    read: async (run) => (namesIn(runs).includes(run) ? recordOf(run, join(runs, run)) : null),
    planFile: (run) => (namesIn(runs).includes(run) ? planFileIn(join(runs, run)) : null),
    recorded() {
      const latest = namesIn(runs).slice(0, remembered).toReversed()
      return recordedIn(latest.map((run) => join(runs, run)))
    },
    prune: (now) => pruneRuns(runs, namesIn(runs), now),
  }
}

/** Names of runs, the latest first: they sort by time. */
function namesIn(runs: string): readonly string[] {
  if (!existsSync(runs)) return []
  return readdirSync(runs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .toReversed()
}

function outlineOf(run: string, directory: string): RunOutline {
  return { run, ...readEdges(join(directory, 'journal.jsonl')), isRunning: isAtWork(directory) }
}

function planFileIn(directory: string): string | null {
  const file = join(directory, 'plan.json')
  return isOwn(file) ? file : null
}

async function recordOf(run: string, directory: string): Promise<RunRecord> {
  const logs = readdirSync(directory)
    .filter((name) => name.endsWith('.log') && isOwn(join(directory, name)))
    .map((name) => [name.slice(0, -'.log'.length), join(directory, name)] as const)
  return {
    run,
    ...(await readJournal(join(directory, 'journal.jsonl'))),
    isRunning: isAtWork(directory),
    planFile: planFileIn(directory),
    logs: new Map(logs),
  }
}

function isOwn(file: string): boolean {
  const descriptor = openOwnFile(file)
  if (descriptor !== null) closeSync(descriptor)
  return descriptor !== null
}

function openJournal(run: string, directory: string): Journal {
  const file = openSync(join(directory, 'journal.jsonl'), 'a', 0o600)
  // The names of the files must be on disk as well as what is in them.
  for (const made of [directory, resolve(directory, '..')]) flush(made)
  const logOf = (host: string) => join(directory, `${host}.log`)
  const logs = new HostLogs(logOf)
  return {
    run,
    roots: join(directory, 'roots'),
    append: (event) => void writeSync(file, `${JSON.stringify(event)}\n`),
    flush: () => fsyncSync(file),
    output: (host, line) => logs.write(host, line),
    logOf,
    directoryOf: (host) => join(directory, 'hosts', host),
    close() {
      closeSync(file)
      logs.close()
      rmSync(join(directory, 'process'), { force: true })
    },
  }
}

/** Writes a file, on disk when it returns. */
function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function flush(directory: string): void {
  const file = openSync(directory, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
