import type { Writable } from 'node:stream'
import { isThisMachine } from '../../model/fleet/this-machine.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import { cleanText } from '../../model/text/text.ts'
import type { Address, RemoteAnswer, RemoteRequest } from '../../ports/remote.ts'
import { type Ended, run } from '../process.ts'
import { sessionInput, shellWords } from '../script-shell.ts'
import type { SshRemote } from '../ssh/remote.ts'

/** The same, but the machine that fleet runs on, whose name is `hostname`, is reached by running `sh` on it. */
export function withThisMachine(remote: SshRemote, hostname: string): SshRemote {
  return {
    run: (host, request, signal) =>
      isThisMachine(host.settings, hostname) ? runHere(host, request, signal) : remote.run(host, request, signal),
    async transport(host) {
      const way = await remote.transport(host)
      return way.ok && isThisMachine(host.settings, hostname) ? { ok: true, value: { ...way.value, local: true } } : way
    },
    close: () => remote.close(),
  }
}

async function runHere(host: Address, request: RemoteRequest, signal: AbortSignal): Promise<RemoteAnswer> {
  const { onInput, onLine, silenceMs } = request
  const [program = '', ...args] = [...elevation(host, request), ...shellWords(request)]
  const ended = await run(
    {
      program,
      args,
      stdin: request.script,
      ...(onInput === undefined ? {} : { onInput: (input: Writable) => onInput(sessionInput(input)) }),
      env: { LC_ALL: 'C' },
      timeoutMs: request.timeoutMs,
      ...(silenceMs === undefined ? {} : { silenceMs }),
      maxBytes: 16 * 1024 * 1024,
      ...(onLine === undefined ? {} : { onLine }),
    },
    signal,
  )
  if (ended.how === 'exited') return { how: 'answered', code: ended.code, stdout: ended.stdout, stderr: ended.stderr }
  return { how: 'no-answer', begun: ended.how !== 'not-started', failure: failureOf(ended) }
}

function elevation({ settings: { sudo } }: Address, { asRoot }: RemoteRequest): readonly string[] {
  if (!asRoot || sudo === 'none') return []
  if (sudo !== 'auto') return sudo.split(/\s+/)
  return process.getuid?.() === 0 ? [] : ['sudo', '-n', '--']
}

function failureOf(ended: Exclude<Ended, { readonly how: 'exited' }>): Failure {
  switch (ended.how) {
    case 'timed-out':
      return {
        code: 'local/timed-out',
        summary: 'no answer in time',
        detail: `The program on this machine took too long.${stillRuns(ended)}`,
      }
    case 'aborted':
      return {
        code: 'local/aborted',
        summary: 'interrupted',
        detail: stillRuns(ended).trim() || 'A command that it had started on this machine may still be running.',
      }
    case 'killed':
      return { code: 'local/ended', summary: 'the program was killed', detail: `It was killed by ${ended.signal}.` }
    case 'too-much-output':
      return {
        code: 'local/too-much-output',
        summary: 'the program printed too much',
        detail: 'It printed more than fleet reads.',
      }
    case 'not-started':
      return { code: 'local/missing', summary: 'sh could not be started', detail: cleanText(ended.reason) }
  }
}

/** A sentence about what could not be ended, with a blank before it; empty where all was. */
function stillRuns({ goesOn }: { readonly goesOn?: number }): string {
  return goesOn === undefined
    ? ''
    : ` It still runs as process ${goesOn}, which belongs to root: fleet may not end it. \`sudo kill ${goesOn}\` does.`
}
