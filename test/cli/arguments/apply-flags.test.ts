import { describe, expect, test } from 'vitest'
import { parseArguments } from '../../../src/cli/arguments/arguments.ts'
import { noOverrides } from '../../../src/model/run/overrides.ts'

function understood(line: string): unknown {
  const parsed = parseArguments(words(line), '0.1.0')
  if (!parsed.ok) throw new Error(parsed.stderr)
  return parsed.command
}

function refused(line: string): readonly [number, string] {
  const parsed = parseArguments(words(line), '0.1.0')
  if (parsed.ok) throw new Error(`\`fleet ${line}\` was understood`)
  return [parsed.exitCode, parsed.stderr]
}

/** Splits at spaces; what stands in quotes stays together. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

test('apply without flags sets nothing aside, waits five minutes for locks and logs nowhere', () => {
  expect(understood('apply plan.json')).toMatchObject({
    plan: 'plan.json',
    overrides: noOverrides,
    lockTimeoutMs: 300_000,
    log: null,
    dryActivate: false,
  })
})

test('what is set aside goes into the stream as it was given', () => {
  const line =
    'apply --max-parallel 2 --max-failures 10% --skip-bake --out-of-order --force-stale web --force-stale db --force-stale web --reason "the site is down"'
  expect(understood(line)).toMatchObject({
    overrides: {
      maxParallel: 2,
      maxFailures: '10%',
      skipBake: true,
      outOfOrder: true,
      forceStale: ['web', 'db'],
      reason: 'the site is down',
    },
  })
})

test('what is decided for one run goes into the stream as well', () => {
  expect(understood('apply plan.json --mode boot --until copy --reactivate web --reactivate web')).toMatchObject({
    overrides: { mode: 'boot', until: 'copy', reactivate: ['web'], reason: null },
  })
})

test('a rollback takes the limits of apply, and a bake is set aside with a reason', () => {
  const line = 'rollback --skip-bake --max-parallel 100% --max-failures 2 --reason "the site is down"'
  expect(understood(line)).toMatchObject({
    command: 'rollback',
    overrides: { skipBake: true, maxParallel: '100%', maxFailures: 2, reason: 'the site is down' },
  })
})

test('--on takes several between commas, and the dash that stands for standard input', () => {
  expect(understood('status --on web-1,@eu&@web --on !db-1,-')).toMatchObject({
    on: ['web-1', '@eu&@web', '!db-1', '-'],
  })
})

test('--lock-timeout takes a duration, --log a file', () => {
  expect(understood('apply --lock-timeout 1m30s --log run.jsonl')).toMatchObject({
    lockTimeoutMs: 90_000,
    log: 'run.jsonl',
  })
})

describe('what is not understood is usage: exit 64', () => {
  test.each([
    ['apply --skip-bake', '--skip-bake needs --reason TEXT'],
    ['apply --out-of-order --reason ""', '--out-of-order needs --reason TEXT'],
    ['apply --force-stale web --skip-bake', '--skip-bake, --force-stale needs --reason TEXT'],
    ['apply --max-parallel 0', '--max-parallel takes a whole number from 1 or a percentage'],
    ['apply --max-failures -1', '--max-failures'],
    ['apply --max-failures 110%', '--max-failures takes'],
    ['apply --lock-timeout soon', '--lock-timeout takes a duration'],
    ['apply --mode reboot', 'It takes switch or boot or test.'],
    ['apply --until activate', 'It takes copy.'],
    ['apply --dry-activate --until copy', '--dry-activate and --until exclude each other'],
    ['rollback --skip-bake', '--skip-bake needs --reason TEXT'],
    ['plan --on web-1,', 'It has an empty name.'],
    ['plan --on ""', 'It has an empty name.'],
    ['apply --dry-activate --json', '--dry-activate and --json exclude each other'],
  ])('fleet %s', (line, said) => {
    const [code, stderr] = refused(line)
    expect([code, stderr]).toEqual([64, expect.stringContaining(said)])
  })
})
