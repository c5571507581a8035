import { describe, expect, it, test } from 'vitest'
import type { Exec, HostExec } from '../../../src/model/host/exec-schema.ts'
import { execText } from '../../../src/views/exec/text.ts'
import { waitingText } from '../../../src/views/exec/waiting.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { checked } from '../../rig/files/schema.ts'

const wave = 'all'
const style = { color: false, width: 100, verbose: false, quiet: false }

function ended(stdout: string, more: Partial<HostExec & { readonly result: 'ended' }> = {}): HostExec {
  return { result: 'ended', wave, exitCode: 0, stdout, stderr: '', isCut: false, isErrorCut: false, ...more }
}

function execOf(hosts: Readonly<Record<string, HostExec>>, exitCode = 3): Exec {
  return checked('exec', {
    format: '1.0',
    fleet: '0.1.0',
    startedAt: '2026-11-22T02:00:00Z',
    by: 'ada@desk',
    name: 'lab',
    command: ['nixos-version'],
    script: null,
    sudo: false,
    timeoutMs: 10_000,
    exitCode,
    hosts,
  })
}

/** Fifty hosts, three of them different, one that hangs, one that refuses. */
function fifty(): Exec {
  const hosts = Object.fromEntries(
    Array.from({ length: 50 }, (_, index): [string, HostExec] => [
      `host-${String(index + 1).padStart(2, '0')}`,
      ended(index % 17 === 3 ? '25.05.20250901 (Warbler)\n' : '25.11.20251120 (Xantusia)\n'),
    ]),
  )
  return execOf({
    ...hosts,
    'host-21': { ...ended('still\n'), result: 'timed-out', isEnded: true } as HostExec,
    'host-22': {
      result: 'unreachable',
      wave,
      failure: {
        code: 'ssh/connection-refused',
        summary: 'connection refused',
        detail: 'ssh to 127.77.0.22: connect to host 127.77.0.22 port 22: Connection refused',
      },
    },
  })
}

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('')
const hostile = `\u001B[2J\u001B]0;owned\u0007red\u202E\rhidden\n${'x'.repeat(5000)}\n`

test.each([
  ['fifty', fifty(), style],
  ['quiet', fifty(), { ...style, quiet: true }],
  ['verbose', fifty(), { ...style, verbose: true }],
  ['all-well', execOf({ a: ended('up\n'), b: ended('up\n') }, 0), style],
  ['no-output', execOf({ a: ended(''), b: ended('', { exitCode: 1 }) }), style],
  [
    'two-streams',
    execOf({ a: ended('out\n', { stderr: 'err\n' }), b: ended('', { stderr: 'err\n', exitCode: 9 }) }),
    style,
  ],
  ['hostile', execOf({ a: ended(hostile, { isCut: true }) }, 0), style],
  ['long', execOf({ a: ended(lines(60)), b: ended(lines(31)), c: ended(lines(32)) }, 0), style],
  [
    'interrupted',
    execOf(
      {
        a: ended('up\n'),
        b: { result: 'interrupted', wave },
        c: { result: 'interrupted', wave },
        d: { result: 'not-started', wave },
        e: {
          result: 'lost',
          wave,
          failure: {
            code: 'exec/no-root',
            summary: 'the login may not act as root',
            detail: 'sudo: a password is required',
          },
        },
      },
      130,
    ),
    style,
  ],
] as const)('%s', (name, exec, shown) => {
  expectGolden(`views/exec/${name}.txt`, execText(exec, shown))
})

describe('one host alone', () => {
  it('is shown whole, however much it printed', () => {
    expect(execText(execOf({ a: ended(lines(200)) }, 0), style)).toContain('  line 100\n')
  })
})

test('of what is waited for, the names are told', () => {
  expect(waitingText({ done: 48, total: 50, underWay: ['web-1', 'db'] })).toBe('48 of 50 done; waiting for web-1, db')
  expect(waitingText({ done: 50, total: 50, underWay: [] })).toBe('50 of 50 done')
})
