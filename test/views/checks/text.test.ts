import { test } from 'vitest'
import type { Checked, CheckedOne } from '../../../src/model/plan/checked.ts'
import { checksText, readyMadeText } from '../../../src/views/checks/text.ts'
import { expectGolden } from '../../rig/files/golden.ts'

const one = (
  check: string,
  result: CheckedOne['result'],
  message: string,
  more: Partial<CheckedOne> = {},
): CheckedOne => ({
  check,
  result,
  message,
  severity: 'fail',
  durationMs: 230,
  ...more,
})

const checked: readonly Checked[] = [
  {
    host: 'sleeper-service',
    wave: 'servers',
    note: null,
    checks: [one('ssh', 'pass', 'a new connection answers'), one('units', 'pass', 'no unit has failed')],
  },
  {
    host: 'grey-area',
    wave: 'servers',
    note: 'Console: ask Ada for the key of the rack.',
    checks: [
      one('ssh', 'pass', 'a new connection answers'),
      one('load', 'fail', '7.31 of 5', { severity: 'warn' }),
      one(
        'forgejo',
        'fail',
        'HTTP 502, expected 200: the proxy answers, and what stands behind it does not answer at all',
      ),
      one('disk', 'error', 'it did not end within 10 s', { durationMs: 10_004 }),
    ],
  },
  { host: 'little-rascal', wave: 'desktops', note: null, checks: [one('warm', 'pending', 'still starting')] },
  { host: 'congenital-optimist', wave: 'desktops', note: null, checks: [] },
  { host: null, wave: 'servers', note: null, checks: [one('site', 'pass', 'HTTP 200')] },
]

test('what checks said is a table that a person can read', () => {
  expectGolden('views/checks/checks.txt', checksText(checked, { color: false, width: 90 }))
})

test('quiet leaves out what is healthy, and counts it', () => {
  expectGolden('views/checks/quiet.txt', checksText(checked, { color: false, width: 90, quiet: true }))
})

test('in colour, only the state is coloured', () => {
  expectGolden('views/checks/color.txt', checksText(checked.slice(0, 2), { color: true, width: 90 }))
})

test('ready-made checks are listed with their variables', () => {
  const list = [
    {
      name: 'builtin/disk-space',
      type: 'command',
      description: 'No file system is nearly full.',
      vars: { maxUse: '90' },
    },
    { name: 'builtin/reachable', type: 'ssh', description: 'The host answers.', vars: {} },
  ] as const
  expectGolden('views/checks/list.txt', readyMadeText(list, { color: false, width: 90 }))
})
