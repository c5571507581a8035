import { formatDuration } from '../../model/fleet/duration.ts'
import { resolve } from 'node:path'
import type { ModuleCheck } from '../../model/plan/plan-schema.ts'
import { shortLine } from '../../model/text/short-line.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { CheckType, Measurement } from '../../ports/check.ts'
import { lastLine } from '../last-line.ts'
import { type Ended, run } from '../process.ts'
import { isReadable } from '../is-readable.ts'
import { documentOf, environmentOf, readAnswer } from './protocol.ts'

/**
 * What the process of a module runs. It is a program of its own, so that a module that throws, hangs, ends the process or
 * takes all memory ends nothing but itself. The answer's line begins with a nonce, whatever else the module prints.
 */
const runner = `
import { pathToFileURL } from 'node:url'
let text = ''
for await (const part of process.stdin.setEncoding('utf8')) text += part
const { path, nonce, document } = JSON.parse(text)
let answer
try {
  const { default: check } = await import(pathToFileURL(path).href)
  if (typeof check !== 'function') throw new Error('its default export is not a function')
  answer = { answer: (await check(document)) ?? null }
} catch (error) {
  answer = { thrown: error instanceof Error ? error.name + ': ' + error.message : String(error) }
}
process.stdout.write('\\n' + nonce + JSON.stringify(answer) + '\\n', () => process.exit(0))
`

/** Passes when the default export of a JavaScript module says so; its path starts at `directory`, which holds fleet.yaml. */
export function moduleCheck(directory: string): CheckType<ModuleCheck> {
  return {
    async measure(check, attempt, signal) {
      const nonce = crypto.randomUUID()
      const path = resolve(directory, check.path)
      const ended = await run(
        {
          program: process.execPath,
          args: ['--input-type=module', '--eval', runner],
          stdin: JSON.stringify({ path, nonce, document: documentOf(attempt, check.with) }),
          // Options of fleet's own Node are not the module's.
          env: { ...environmentOf(attempt, {}), NODE_OPTIONS: undefined },
          cwd: directory,
          timeoutMs: check.timeoutMs,
          maxBytes: 16 * 1024 * 1024,
          endGroup: true,
        },
        signal,
      )
      return readEnded(check, ended, nonce)
    },
    async missing({ path }) {
      if (await isReadable(resolve(directory, path))) return null
      const detail = `${cleanLine(path)} cannot be read. The path of a module is relative to fleet.yaml.`
      return { code: 'check/missing-module', summary: 'the module of a check is missing', detail }
    },
  }
}

function readEnded({ timeoutMs }: ModuleCheck, ended: Ended, nonce: string): Measurement {
  const error = (message: string): Measurement => ({ result: 'error', message })
  switch (ended.how) {
    case 'exited':
      return readLine(ended.stdout, ended.stderr, ended.code, nonce)
    case 'timed-out':
      return error(`the module did not answer within ${formatDuration(timeoutMs)}`)
    case 'killed':
      return error(`the module's process was killed by ${ended.signal}`)
    case 'aborted':
      return error('it was interrupted')
    case 'too-much-output':
      return error('the module printed more than 16 MiB')
    case 'not-started':
      return error(`node could not be started: ${cleanLine(ended.reason)}`)
  }
}

function readLine(stdout: string, stderr: string, code: number, nonce: string): Measurement {
  const line = stdout.split('\n').find((one) => one.startsWith(nonce))
  if (line === undefined)
    return { result: 'error', message: `the module's process ended (${code}) without an answer: ${lastLine(stderr)}` }
  const said = JSON.parse(line.slice(nonce.length)) as { readonly answer?: unknown; readonly thrown?: string }
  if (said.thrown !== undefined)
    return { result: 'error', message: shortLine(cleanLine(`the module failed: ${said.thrown}`)) }
  return readAnswer(said.answer)
}
