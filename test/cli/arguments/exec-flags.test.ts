import { describe, expect, test } from 'vitest'
import { parseArguments } from '../../../src/cli/arguments/arguments.ts'

const parse = (...argv: readonly string[]) => parseArguments(argv, '1.2.3')

test('exec takes the words after `--` as they are, also those that look like options of its own', () => {
  expect(parse('exec', '--wave', 'canary', '--', 'ls', '--json', '-la', '--', '')).toEqual({
    ok: true,
    command: {
      file: 'fleet.yaml',
      stateDirectory: null,
      quiet: false,
      verbose: false,
      color: true,
      command: 'exec',
      words: ['ls', '--json', '-la', '--', ''],
      script: null,
      sudo: false,
      timeoutMs: 300_000,
      json: false,
      parallelism: 16,
      waves: ['canary'],
      on: [],
    },
  })
})

test('a script needs no words', () => {
  expect(parse('exec', '--script', 'fix.sh')).toMatchObject({ ok: true, command: { words: [], script: 'fix.sh' } })
})

describe('a command line that was not meant so is refused with what to type', () => {
  test.each([
    ['without a command', ['exec'], 'error: nothing to run: give a command after `--`, or a file with --script\n'],
    ['without the dashes', ['exec', 'uptime'], 'error: put `--` before the command: fleet exec -- uptime\n'],
    [
      'with an option of the command before them',
      ['exec', 'ls', '-la'],
      "error: unknown option '-la'\nPut `--` before the command that the host is to run.\n",
    ],
    [
      'with a time that is none',
      ['exec', '--timeout', '0s', '--', 'true'],
      'error: --timeout takes a duration such as 30s or 10m, not 0s\n',
    ],
  ])('%s', (_, argv, stderr) => expect(parse(...argv)).toEqual({ ok: false, exitCode: 64, stdout: '', stderr }))
})

describe('ssh', () => {
  test('takes a host, and the words after `--` as they are', () => {
    expect(parse('ssh', 'web-1')).toMatchObject({ ok: true, command: { command: 'ssh', host: 'web-1', words: [] } })
    expect(parse('ssh', 'web-1', '--', 'ls', '-la')).toMatchObject({
      ok: true,
      command: { host: 'web-1', words: ['ls', '-la'] },
    })
  })
  test('says where the dashes are missing', () =>
    expect(parse('ssh', 'web-1', 'uptime')).toMatchObject({
      exitCode: 64,
      stderr: 'error: put `--` before the command: fleet ssh HOST -- uptime\n',
    }))
})
