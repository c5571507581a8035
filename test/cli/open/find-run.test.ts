import { expect, it } from 'vitest'
import { findRun } from '../../../src/cli/open/find-run.ts'
import type { RunRecord } from '../../../src/ports/journal.ts'

/** The latest first, as the state directory lists them. */
const names = ['20260102T000000Z-bbbb', '20260101T000000Z-aaaa']

async function found(wanted: string, runs = names): Promise<string | null> {
  const whole = { lines: [], unreadable: 0, isRunning: false, planFile: null, logs: new Map<string, string>() }
  const read = (run: string): Promise<RunRecord> => Promise.resolve({ run, ...whole })
  const answer = await findRun({ names: () => runs, read }, wanted)
  return answer.ok ? answer.value.run : null
}

it.each(['latest', 'last', names[0] ?? '', 'bbbb'])('%s is the newest run', async (wanted) => {
  expect(await found(wanted)).toBe(names[0])
})

it.each([
  ['latest', []],
  ['cccc', names],
  ['', names],
])('"%s" of %j is none', async (wanted, runs) => {
  expect(await found(wanted, [...runs])).toBeNull()
})
