import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { program } from '../../../src/adapters/nix/command.ts'

const never = new AbortController().signal

test('a program that is watched tells its process and is otherwise as it would be', async () => {
  const [processes, lines]: [number[], string[]] = [[], []]
  const script = 'echo "$$ $(cat /proc/self/oom_score_adj)"; echo one >&2; echo two >&2; exit 3'
  const ended = await program('sh', ['-c', script], never, {
    onStart: (process) => processes.push(process),
    onLine: (line) => lines.push(line),
  })
  expect(ended).toEqual({ how: 'exited', code: 3, stdout: `${processes[0]} 500\n`, stderr: 'one\ntwo\n' })
  expect(lines).toEqual(['one', 'two'])
  expect(readFileSync('/proc/self/oom_score_adj', 'utf8').trim()).not.toBe('500')
})

test('arguments reach a watched program as they are', async () => {
  const { stdout } = await program('printf', ['%s|', '$HOME', '"; exit', '-n', ''], never, { onStart: () => {} })
  expect(stdout).toBe('$HOME|"; exit|-n||')
})

test('a watched program that is not there was not started', async () => {
  const ended = await program('fleet-no-such-program', [], never, { onStart: () => {} })
  expect(ended).toMatchObject({
    how: 'not-started',
    reason: expect.stringContaining('fleet-no-such-program') as string,
  })
})
