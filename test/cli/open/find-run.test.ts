import { expect, it } from 'vitest'
import { findRun } from '../../../src/cli/open/find-run.ts'
import type { RunRecord } from '../../../src/ports/journal.ts'

/** The latest first, as the state directory lists them. */
const names = ['20260102T000000Z-bbbb', '20260101T000000Z-aaaa']

function found(wanted: string, runs = names): string | null {
  const outlines = () => runs.map((run) => ({ run, first: null, last: null, isRunning: false }))
  const read = (run: string): RunRecord => ({
    run,
    lines: [],
    unreadable: 0,
    isRunning: false,
    planFile: null,
    logs: new Map(),
  })
  const answer = findRun({ outlines, read }, wanted)
  return answer.ok ? answer.value.run : null
}

it.each(['latest', 'last', names[0] ?? '', 'bbbb'])('%s is the newest run', (wanted) => {
  expect(found(wanted)).toBe(names[0])
})

it.each([
  ['latest', []],
  ['cccc', names],
  ['', names],
])('"%s" of %j is none', (wanted, runs) => {
  expect(found(wanted, [...runs])).toBeNull()
})
