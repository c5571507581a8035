import { formatDuration } from '../../model/fleet/duration.ts'
import { tellFailure } from '../../model/failure.ts'
import { fillIn } from '../../model/fleet/placeholders.ts'
import type { CommandCheck, Failure } from '../../model/plan/plan-schema.ts'
import { shortLine } from '../../model/text/short-line.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Attempt, CheckType, Measurement } from '../../ports/check.ts'
import { findProgram } from '../find-program.ts'
import { type Ended, run } from '../process.ts'
import type { HostShell } from './host-shell.ts'
import { documentOf, environmentOf, readProtocol } from './protocol.ts'

/** Bytes that a program on the operator's machine may print; one that prints more is ended. */
const mostOutput = 16 * 1024 * 1024

/** Passes when a program says so, on the host or on the operator's machine, in `directory`, which holds fleet.yaml. */
export function commandCheck(shell: HostShell, directory: string): CheckType<CommandCheck> {
  return {
    async measure(check, attempt, signal) {
      const filled = commandOf(check, attempt)
      if (!filled.ok) return { result: 'error', message: filled.why }
      const environment = environmentOf(attempt, check.vars)
      if ([filled.run, Object.values(environment)].flat(2).some((word) => word.includes('\0')))
        return {
          result: 'error',
          message: 'its command or one of its variables holds a NUL character, which no program can be given',
        }
      const input = { ...check.vars, ...attempt.settings?.vars }
      const stdin = check.protocol === 'json' ? JSON.stringify(documentOf(attempt, input)) : null
      const command = { run: filled.run, environment, stdin }
      if (check.from === 'operator') return onOperator(check, command, directory, signal)
      const answer = await shell.ask(attempt, command, check.timeoutMs, signal)
      switch (answer.how) {
        case 'exited':
          return readProtocol(check.protocol, answer)
        case 'timed-out':
          return late(check)
        case 'no-answer':
          return { result: 'error', message: shortLine(tellFailure(answer.failure)) }
      }
    },
    async missing({ from, run: words }) {
      // A text is the shell's to read, and a placeholder is known when there is a host.
      if (from === 'host' || typeof words === 'string' || words[0]?.includes('{{') === true) return null
      return missingProgram(words[0] ?? '', directory)
    },
  }
}

async function missingProgram(program: string, directory: string): Promise<Failure | null> {
  if (await findProgram(program, directory)) return null
  const detail = `${cleanLine(program)} does not exist or is not executable. A name with a slash is relative to fleet.yaml; one without is looked up on PATH.`
  return { code: 'check/missing-program', summary: 'the program of a check is missing', detail }
}

interface Filled {
  readonly run: readonly string[] | string
  readonly environment: Readonly<Record<string, string>>
  readonly stdin: string | null
}

type Words = { readonly ok: true; readonly run: Filled['run'] } | { readonly ok: false; readonly why: string }

/** The command with its placeholders filled in. */
function commandOf({ run: written, vars }: CommandCheck, { name, settings }: Attempt): Words {
  const values = {
    name: settings === null ? null : name,
    address: settings?.address[0] ?? null,
    vars: { ...vars, ...settings?.vars },
  }
  const words: string[] = []
  for (const word of typeof written === 'string' ? [written] : written) {
    const filled = fillIn(word, values)
    if (!filled.ok) return { ok: false, why: `{{${filled.word}}} has no value here` }
    words.push(filled.text)
  }
  if (typeof written !== 'string') return { ok: true, run: words }
  // In a text for the shell, a value is part of the program: only one that means nothing to a shell may be.
  const risky = Array.from(written.matchAll(/\{\{([^{}]*)\}\}/g), ([placeholder]) => placeholder).find(
    (placeholder) => {
      const filled = fillIn(placeholder, values)
      return !filled.ok || !/^[\w@%+=:,./-]*$/.test(filled.text)
    },
  )
  const why = `what ${risky} stands for means something to a shell; use the variable of that name, or a list`
  return risky === undefined ? { ok: true, run: words.join('') } : { ok: false, why }
}

async function onOperator(
  check: CommandCheck,
  { run: words, environment, stdin }: Filled,
  directory: string,
  signal: AbortSignal,
): Promise<Measurement> {
  const [program = '', ...args] = typeof words === 'string' ? ['sh', '-c', words] : words
  const ended = await run(
    {
      program,
      args,
      ...(stdin === null ? {} : { stdin: `${stdin}\n` }),
      env: environment,
      cwd: directory,
      timeoutMs: check.timeoutMs,
      maxBytes: mostOutput,
      endGroup: true,
    },
    signal,
  )
  return readEnded(check, ended)
}

/** What a program on the operator's machine says by how it ended. */
function readEnded(check: CommandCheck, ended: Ended): Measurement {
  const error = (message: string): Measurement => ({ result: 'error', message })
  switch (ended.how) {
    case 'exited':
      return readProtocol(check.protocol, { ...ended, isCut: false })
    case 'timed-out':
      return late(check)
    case 'killed':
      return error(`its program was killed by ${ended.signal}`)
    case 'aborted':
      return error('it was interrupted')
    case 'too-much-output':
      return error('it printed more than 16 MiB')
    case 'not-started':
      return error(`its program could not be run: ${cleanLine(ended.reason)}`)
  }
}

function late({ timeoutMs }: CommandCheck): Measurement {
  return { result: 'error', message: `it did not end within ${formatDuration(timeoutMs)}` }
}
