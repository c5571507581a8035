#!/usr/bin/env node
import { setMaxListeners } from 'node:events'
import { parseArguments } from './cli/arguments/arguments.ts'
import { keepCompiled } from './cli/session/compile-cache.ts'
import type { Context } from './cli/session/context.ts'
import { guardLog, logReaderOf } from './cli/guard-log.ts'
import type { LogCommands } from './cli/session/terminal.ts'
import { withSourceLines } from './cli/session/source-lines.ts'
import { runCommand } from './cli/run-command.ts'
import { version } from './cli/open/version.ts'

/** The first signal that arrived. */
let received: NodeJS.Signals | null = null

process.on('uncaughtExceptionMonitor', (error: unknown) => {
  if (error instanceof Error && error.stack !== undefined) error.stack = withSourceLines(error.stack)
})
const log = guardOutput()
const parsed = parseArguments(process.argv.slice(2), version())
if (parsed.ok) {
  ignoreClosedPipes()
  keepCompiled(process.env)
  const code = await runCommand(parsed.command, context()).catch(crash)
  process.exitCode = code === 130 && received === 'SIGTERM' ? 143 : code
} else {
  process.stdout.write(parsed.stdout)
  process.stderr.write(parsed.stderr)
  process.exitCode = parsed.exitCode
}

/** Where a CI system reads commands in the output, it finds fleet's own alone: also in what is said of wrong arguments and of a crash. */
function guardOutput(): LogCommands | null {
  const reader = logReaderOf(process.env)
  if (reader === null) return null
  guardLog(process.stderr, reader)
  return { reader, write: guardLog(process.stdout, reader) }
}

/** The first signal asks to finish what is in flight, the second to stop. */
function context(): Context {
  const [first, second] = [new AbortController(), new AbortController()]
  // Every host that is waited for listens.
  setMaxListeners(0, first.signal, second.signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      received ??= signal
      if (!first.signal.aborted) first.abort(signal)
      // A terminal that closes hangs up twice, by its shell and by the kernel: nobody insisted.
      else if (signal !== 'SIGHUP') second.abort(signal)
    })
  return {
    terminal: {
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      environment: process.env,
      log,
    },
    interrupts: { first: first.signal, second: second.signal },
  }
}

/** A reader that left (`fleet apply | head`) must not end a rollout: what cannot be shown is still in the journal. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    })
}

function crash(error: unknown): number {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`fleet: this is a bug in fleet, please report it.\n${withSourceLines(text)}\n`)
  return 1
}
