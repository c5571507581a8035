import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lastLines } from '../../../src/adapters/state/last-lines.ts'
import { fileRuns } from '../../../src/adapters/state/runs.ts'
import type { RunOutline } from '../../../src/ports/journal.ts'
import { newRun } from '../../../src/cli/session/new-run.ts'
import { changed, samplePlan } from '../../rig/samples/plan.ts'

let state: string
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'fleet-runs-'))
})
afterEach(() => rmSync(state, { recursive: true, force: true }))

const plan = samplePlan({ web: changed('web') })
const line = { v: 1, seq: 0, at: '2026-01-02T00:00:00.000Z', message: 'it began' } as const

function begin(run: string) {
  const journal = fileRuns(state).begin(run, plan)
  journal.append({
    ...line,
    run,
    type: 'run.started',
    fleet: '0.1.0',
    name: 'home-lab',
    planId: plan.planId,
    startedBy: 'sma@workstation',
    waves: [{ name: 'all', hosts: ['web'] }],
    resumes: null,
  })
  return journal
}

async function outlines(): Promise<readonly RunOutline[]> {
  const all: RunOutline[] = []
  for await (const one of fileRuns(state).outlines()) all.push(one)
  return all
}

/** A run whose journal holds these bytes, written by nobody that is alive. */
function leave(run: string, journal: string): void {
  mkdirSync(join(state, 'runs', run), { recursive: true })
  writeFileSync(join(state, 'runs', run, 'journal.jsonl'), journal)
}

test('a run that has no end is unfinished only once its process is gone', async () => {
  const journal = begin('20260101T000000Z-aaaa')
  expect(await fileRuns(state).unfinished(plan.planId, 'other')).toBeNull()
  expect(await outlines()).toMatchObject([{ run: '20260101T000000Z-aaaa', isRunning: true }])
  journal.close()
  expect(await fileRuns(state).unfinished(plan.planId, 'other')).toBe('20260101T000000Z-aaaa')
  expect(await fileRuns(state).unfinished(plan.planId, '20260101T000000Z-aaaa')).toBeNull()
})

test('the id of a process that has been given to another one does not keep a run alive', async () => {
  begin('20260101T000000Z-aaaa')
  writeFileSync(join(state, 'runs/20260101T000000Z-aaaa/process'), `${process.pid} 1 another-boot\n`)
  expect(await fileRuns(state).unfinished(plan.planId, 'other')).toBe('20260101T000000Z-aaaa')
})

test.each([
  ['nothing', '', 0, 0],
  ['half a line', '{"v":1,"seq":0,"at":"2026-01-02T00:0', 0, 1],
  ['a line and half of the next', `${JSON.stringify({ ...line, type: 'run.started' })}\n{"v":1`, 1, 1],
  ['JSON that is no line', 'null\n[]\n"text"\n7\n{}\n{"type":"x","at":7,"message":null}\n', 0, 6],
  ['bytes that are no text', '\u0000\u0001\n\uFFFD\n', 0, 2],
  ['a line of a type that is not known yet', `${JSON.stringify({ ...line, type: 'moon.risen' })}\n`, 1, 0],
])('a journal with %s is read as far as it can be', async (_, journal, lines, unreadable) => {
  leave('20260103T000000Z-cccc', journal)
  const found = await fileRuns(state).read('20260103T000000Z-cccc')
  expect([found?.lines.length, found?.unreadable]).toEqual([lines, unreadable])
  expect(await outlines()).toHaveLength(1)
  expect(await fileRuns(state).recorded()).toEqual(new Map())
  expect(await fileRuns(state).unfinished(plan.planId, 'other')).toBeNull()
})

test('what is no run is passed over, and a pipe in the place of a journal is not waited for', async () => {
  mkdirSync(join(state, 'runs/20260101T000000Z-aaaa'), { recursive: true })
  writeFileSync(join(state, 'runs/a-file'), '')
  symlinkSync('/', join(state, 'runs/a-link'))
  execFileSync('mkfifo', [join(state, 'runs/20260101T000000Z-aaaa/journal.jsonl')])
  const runs = fileRuns(state)
  expect(await outlines()).toEqual([{ run: '20260101T000000Z-aaaa', first: null, last: null, isRunning: false }])
  expect(await runs.read('../..')).toBeNull()
  expect(await runs.read('20260101T000000Z-aaaa')).toMatchObject({ lines: [], planFile: null })
})

test('a long journal is read without what was printed, and others have their turn meanwhile', async () => {
  const step = JSON.stringify({ ...line, type: 'host.step', host: 'web', step: 'copy', note: 'x'.repeat(1000) })
  const printed = JSON.stringify({ ...line, type: 'host.output', host: 'web', message: 'the last word' })
  leave('20260101T000000Z-aaaa', [...Array.from({ length: 4000 }, () => step), printed, printed, ''].join('\n'))
  let turns = 0
  let isOver = false
  const turn = () => {
    turns += 1
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  const found = await fileRuns(state).read('20260101T000000Z-aaaa')
  isOver = true
  expect([found?.lines.length, found?.lines.at(-1)?.message, found?.unreadable]).toEqual([4001, 'the last word', 0])
  expect(turns).toBeGreaterThanOrEqual(3)
})

test('the ends of a long journal are found, whatever is between them', async () => {
  const first = JSON.stringify({ ...line, type: 'run.started' })
  const rest = JSON.stringify({ ...line, type: 'host.output', line: 'x'.repeat(1000) })
  const last = JSON.stringify({ ...line, type: 'run.finished', message: 'it ended' })
  leave('20260101T000000Z-aaaa', [first, ...Array.from({ length: 3000 }, () => rest), last, ''].join('\n'))
  const [found] = await outlines()
  expect([found?.first?.type, found?.last?.message]).toEqual(['run.started', 'it ended'])
})

test('a last line that is longer than what is read first is found whole', async () => {
  const line = { v: 1, seq: 0, at: '2026-01-02T00:00:00.000Z' }
  const long = 'x'.repeat(300_000)
  const text = [
    { ...line, type: 'run.started', message: '' },
    { ...line, type: 'run.finished', message: long },
  ]
  leave('20260101T000000Z-aaaa', text.map((one) => `${JSON.stringify(one)}\n`).join(''))
  expect((await outlines())[0]?.last?.message).toBe(long)
})

test('a run of many hosts keeps few files open', () => {
  const journal = begin('20260101T000000Z-aaaa')
  const before = readdirSync('/proc/self/fd').length
  for (let host = 0; host < 200; host += 1) {
    journal.output(`host-${host}`, 'one')
    journal.output(`host-${host % 7}`, 'two')
  }
  expect(readdirSync('/proc/self/fd').length - before).toBeLessThanOrEqual(32)
  expect(readFileSync(journal.logOf('host-199'), 'utf8')).toBe('one\n')
  expect(readFileSync(journal.logOf('host-3'), 'utf8').split('\n')).toHaveLength(31)
  journal.close()
  expect(readdirSync('/proc/self/fd')).toHaveLength(before - 1)
})

test('old runs are let go, the latest fifty stay however old they are, and what fleet did not name stays', async () => {
  const day = 24 * 60 * 60_000
  const now = Date.UTC(2026, 11, 31)
  const names = Array.from({ length: 60 }, (_, index) => newRun(now - (400 - index) * day))
  for (const name of [...names, 'my-notes']) leave(name, '')
  const atWork = begin(newRun(now - 500 * day))
  expect(await fileRuns(state).prune(now)).toBeNull()
  const left = fileRuns(state).names()
  expect(left.toSorted()).toEqual([...names.slice(-50), atWork.run, 'my-notes'].toSorted())
  atWork.close()
})

test('of young runs the latest five hundred stay', async () => {
  const now = Date.UTC(2026, 11, 31)
  for (let index = 0; index < 510; index += 1) leave(newRun(now - index * 60_000), '')
  await fileRuns(state).prune(now)
  expect(await outlines()).toHaveLength(500)
})

test('files that are links, or belong to others, are no part of a run', async () => {
  const [run, elsewhere] = ['20260102T000000Z-abcd', join(state, 'elsewhere')]
  leave(run, '')
  writeFileSync(elsewhere, '{"type":"run.started"}\n')
  const directory = join(state, 'runs', run)
  rmSync(join(directory, 'journal.jsonl'))
  for (const name of ['journal.jsonl', 'plan.json', 'web.log', 'process']) symlinkSync(elsewhere, join(directory, name))
  expect(await fileRuns(state).read(run)).toEqual({
    run,
    lines: [],
    unreadable: 0,
    isRunning: false,
    planFile: null,
    logs: new Map(),
  })
  expect(lastLines(join(directory, 'web.log'), 20)).toEqual([])
})
