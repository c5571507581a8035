import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { isGroupAlive, signalGroup } from '../../src/adapters/process-group.ts'
import { run, startLogged } from '../../src/adapters/process.ts'
import { eventually } from '../lab/eventually.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-group-'))
const never = new AbortController().signal
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(folder, { recursive: true }))

/** From now on the kernel permits no signal, as none to what sudo runs. */
function forbidSignals(): void {
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM', syscall: 'kill' })
  })
}

/** A script that writes its process id to a file of that name and does not end, and how to know and to end it. */
function stubborn(name: string) {
  const file = join(folder, name)
  const written = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0)
  const group = () => {
    // Of 0, kill(2) would take it that this test's own group is meant.
    if (written() <= 1) throw new Error('the script has not begun')
    return written()
  }
  return {
    args: ['-c', 'echo $$ > "$1"; sleep 300 & wait', 'sh', file],
    group,
    begun: () => eventually('the script began', async () => written() > 1),
    end: async () => {
      vi.restoreAllMocks()
      expect(isGroupAlive(group())).toBe(true)
      expect(signalGroup(group(), 'SIGKILL')).toBe('sent')
      await eventually('the group is gone', async () => !isGroupAlive(group()))
    },
  }
}

test('a program that another user owns is left alone and named when its time is over', async () => {
  forbidSignals()
  const { args, group, begun, end } = stubborn('late')
  const ended = await run({ program: 'sh', args, timeoutMs: 1000 }, never)
  await begun()
  expect(ended).toEqual({ how: 'timed-out', goesOn: group(), stdout: '', stderr: '' })
  await end()
})

test('a program that another user owns is left alone and named when it is interrupted', async () => {
  forbidSignals()
  const { args, group, begun, end } = stubborn('interrupted')
  const stop = new AbortController()
  const ending = run({ program: 'sh', args, timeoutMs: null }, stop.signal)
  await begun()
  stop.abort()
  expect(await ending).toEqual({ how: 'aborted', goesOn: group(), stdout: '', stderr: '' })
  await end()
})

test('a program that another user owns may end when its input does', async () => {
  forbidSignals()
  const stop = new AbortController()
  const invocation = { program: 'sh', args: ['-c', 'cat; exit 3'], timeoutMs: null, onInput: () => stop.abort() }
  expect(await run(invocation, stop.signal)).toEqual({ how: 'aborted', stdout: '', stderr: '' })
})

test('a group that may not be signalled says so, and is alive', async () => {
  const { args, group, begun, end } = stubborn('logged')
  const child = startLogged({ program: 'sh', args }, join(folder, 'log'))
  await begun()
  forbidSignals()
  child.signal('group', 'SIGTERM')
  expect(signalGroup(group(), 'SIGTERM')).toBe('not-allowed')
  expect(child.isGroupAlive()).toBe(true)
  await end()
})
