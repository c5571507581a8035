import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../src/cli/arguments/arguments.ts'
import { explain } from '../../../src/cli/commands/plans/explain.ts'
import type { Terminal } from '../../../src/cli/session/terminal.ts'

/** What `fleet explain CODE` writes, and how it ends. */
async function explained(code: string) {
  const parsed = parseArguments(['explain', code], '0.1.0')
  if (!parsed.ok || parsed.command.command !== 'explain') throw new Error(`not understood: ${code}`)
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const terminal = { stdin: process.stdin, stdout, stderr, environment: {}, log: null } as unknown as Terminal
  const never = new AbortController().signal
  const exitCode = await explain({ ...parsed.command, code }, { terminal, interrupts: { first: never, second: never } })
  const textOf = (stream: PassThrough) => String((stream.read() as Buffer | null) ?? '')
  return { exitCode, stdout: textOf(stdout), stderr: textOf(stderr) }
}

describe('fleet explain', () => {
  it('says what a code means and what to do', async () => {
    expect(await explained('ssh/missing')).toEqual({
      exitCode: 0,
      stdout: [
        'ssh/missing  ssh could not be started',
        '',
        '  There is no `ssh` on PATH of this machine, or it cannot be started.',
        '',
        '  Next: Install OpenSSH, or put it on PATH.',
        '',
      ].join('\n'),
      stderr: '',
    })
  })

  it('takes a code with the brackets of its message', async () => {
    expect(await explained('[ssh/missing]')).toEqual(await explained('ssh/missing'))
  })

  it.each([
    ['a slip of the fingers', 'ssh/no-anwser', 'Did you mean `ssh/no-answer`?'],
    ['another word of the area', 'wave/gone', '`wave/halted`'],
    ['a host', 'toString', 'A code holds a slash, for example `ssh/no-answer`'],
  ])('of %s it says what was meant, and ends as a usage error', async (_, code, hint) => {
    const { exitCode, stdout, stderr } = await explained(code)
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(hint)
  })
})
