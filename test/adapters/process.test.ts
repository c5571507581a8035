import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/adapters/clock.ts'
import { type Ended, type Invocation, type LoggedProcess, run, startLogged } from '../../src/adapters/process.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { eventually } from '../lab/eventually.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-process-'))
const never = new AbortController().signal
const nothing = { stdout: '', stderr: '' }

beforeAll(() => {
  process.env['FLEET_TEST_KEPT'] = 'kept'
  process.env['FLEET_TEST_REMOVED'] = 'there'
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  vi.useRealTimers()
})

/** Runs a script of the shell; `$1` is a file of its own for it to write to. */
function shell(script: string, more: Partial<Invocation> = {}, signal = never): Promise<Ended> {
  const args = ['-c', script, 'sh', ...(more.args ?? [])]
  return run({ timeoutMs: null, ...more, program: 'sh', args }, signal)
}

/** True while a process of that id runs; one that nobody has waited for yet runs no more. */
function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function pidIn(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
}

function written(file: string): Promise<void> {
  return eventually('the script began', async () => pidIn(file) !== '')
}

function gone(file: string): Promise<void> {
  return eventually('the grandchild is gone', async () => !isAlive(pidIn(file)))
}

test('a program that succeeds hands over both streams whole', async () => {
  expect(await shell('echo out; echo err >&2')).toEqual({ how: 'exited', code: 0, stdout: 'out\n', stderr: 'err\n' })
})

test.each([1, 4, 77, 127, 255])('exit code %i is told', async (code) => {
  expect(await shell(`exit ${code}`)).toEqual({ how: 'exited', code, ...nothing })
})

test.each(['SIGTERM', 'SIGKILL', 'SIGSEGV'])(
  'a program that dies of %s says so, with what it printed',
  async (signal) => {
    const ended = await shell(`echo begun; kill -${signal.slice(3)} $$`)
    expect(ended).toEqual({ how: 'killed', signal, stdout: 'begun\n', stderr: '' })
  },
)

test('a program that does not exist is not started, and the reason names it', async () => {
  const ended = await run({ program: 'no-such-program-of-fleet', args: [], timeoutMs: null }, never)
  expect(ended).toEqual({
    how: 'not-started',
    reason: expect.stringContaining('no-such-program-of-fleet') as string,
    ...nothing,
  })
})

test('a directory that does not exist starts nothing', async () => {
  expect(await shell('echo hello', { cwd: join(folder, 'missing') })).toMatchObject({ how: 'not-started', stdout: '' })
})

test('arguments arrive as they are, without a shell between', async () => {
  const words = ['a b', '$HOME', "it's", '"', '*', '', '\n', '--', 'ü']
  const ended = await run({ program: 'printf', args: ['%s|', ...words], timeoutMs: null }, never)
  expect(ended.stdout).toBe(words.map((word) => `${word}|`).join(''))
})

test('an invocation that is interrupted before it starts runs nothing', async () => {
  const file = join(folder, 'not-started')
  expect(await shell('touch "$1"', { args: [file] }, AbortSignal.abort())).toEqual({ how: 'aborted', ...nothing })
  expect(existsSync(file)).toBe(false)
})

test('an interrupt ends the program and what it started', async () => {
  const file = join(folder, 'abort')
  const stop = new AbortController()
  const ending = shell('sleep 300 & echo $! > "$1"; echo begun; wait', { args: [file] }, stop.signal)
  await written(file)
  stop.abort()
  expect(await ending).toEqual({ how: 'aborted', stdout: 'begun\n', stderr: '' })
  await gone(file)
})

/** Starts a script of the shell and lets its minute pass as soon as it has said that it is ready. */
function outOfTime(script: string, more: Partial<Invocation> = {}): Promise<Ended> {
  let passes = () => {}
  const minute = new Promise<void>((resolve) => (passes = resolve))
  const clock: Clock = {
    now: () => 0,
    sleep: (milliseconds, signal) => (milliseconds === 60_000 ? minute : systemClock.sleep(milliseconds, signal)),
  }
  const invocation = { program: 'sh', args: ['-c', script, 'sh', ...(more.args ?? [])], timeoutMs: 60_000 }
  return run({ ...invocation, onLine: () => passes() }, never, clock)
}

test('the end of its time ends the program and what it started', async () => {
  const file = join(folder, 'time-out')
  const ended = await outOfTime('sleep 300 & echo $! > "$1"; echo ready; wait', { args: [file] })
  expect(ended).toMatchObject({ how: 'timed-out' })
  expect(pidIn(file)).not.toBe('')
  await gone(file)
})

test('a program that ends well when it is told to has still run out of time', async () => {
  const ended = await outOfTime('trap "echo bye; exit 0" TERM; echo ready; sleep 300 & wait')
  expect(ended).toEqual({ how: 'timed-out', stdout: 'ready\nbye\n', stderr: '' })
})

test('a program and a grandchild that ignore SIGTERM are killed', async () => {
  const file = join(folder, 'stubborn')
  const stop = new AbortController()
  const script =
    'trap "" TERM; sh -c "trap \\"\\" TERM; while :; do sleep 1; done" & echo $! > "$1"; while :; do sleep 1; done'
  const ending = shell(script, { args: [file] }, stop.signal)
  await written(file)
  stop.abort()
  expect(await ending).toMatchObject({ how: 'aborted' })
  await gone(file)
})

test('a grandchild that ignores SIGTERM dies though its parent obeys', async () => {
  const file = join(folder, 'orphan')
  const stop = new AbortController()
  const ending = shell(
    'sh -c "trap \\"\\" TERM; while :; do sleep 1; done" & echo $! > "$1"; wait',
    { args: [file] },
    stop.signal,
  )
  await written(file)
  stop.abort()
  expect(await ending).toMatchObject({ how: 'aborted' })
  await gone(file)
})

test('a program runs in a process group of its own, where the Ctrl-C of the terminal does not arrive', async () => {
  // The fifth field of /proc/PID/stat is the process group.
  const { stdout } = await shell('echo $$; cut -d" " -f5 /proc/$$/stat')
  const [pid, group] = stdout.split('\n')
  expect(group).toBe(pid)
})

test('a grandchild that keeps the pipes open does not hold the result, and lives on', async () => {
  const file = join(folder, 'daemon')
  const ended = await shell('sleep 300 & echo $! > "$1"; echo done; exit 3', { args: [file] })
  const pid = pidIn(file)
  const lives = isAlive(pid)
  process.kill(Number(pid))
  expect(ended).toEqual({ how: 'exited', code: 3, stdout: 'done\n', stderr: '' })
  expect(lives).toBe(true)
})

test('an interrupt after the end of a program does not change how it ended', async () => {
  const file = join(folder, 'ended')
  const stop = new AbortController()
  const ending = shell('sleep 300 & echo $! > "$1.daemon"; echo done; echo $$ > "$1"', { args: [file] }, stop.signal)
  await written(file)
  await eventually('the program ended', async () => !existsSync(`/proc/${pidIn(file)}`))
  stop.abort()
  expect(await ending).toEqual({ how: 'exited', code: 0, stdout: 'done\n', stderr: '' })
  process.kill(Number(pidIn(`${file}.daemon`)))
})

test('a program that prints more than allowed is ended', async () => {
  const ended = await shell('yes', { maxBytes: 10_000 })
  expect(ended.how).toBe('too-much-output')
  expect(Buffer.byteLength(ended.stdout)).toBeLessThanOrEqual(10_000)
})

test('what a program that prints too much has started ends with it', async () => {
  const file = join(folder, 'flood')
  const ended = await shell('sleep 300 & echo $! > "$1"; yes', { args: [file], maxBytes: 10_000 })
  expect(ended.how).toBe('too-much-output')
  await gone(file)
})

test('lines arrive one by one, an unfinished last one too', async () => {
  const lines: string[] = []
  const onLine = (stream: string, line: string) => lines.push(`${stream}: ${line}`)
  await shell('echo one; echo; printf two; echo " three" >&2; printf end >&2', { onLine })
  expect(lines.toSorted()).toEqual(['stderr:  three', 'stderr: end', 'stdout: ', 'stdout: one', 'stdout: two'])
})

test('a letter of several bytes stays whole where a pipe delivers its bytes apart', async () => {
  const lines: string[] = []
  // After one byte, letters of two bytes lie across every even boundary; no line is longer than what is kept of one.
  const text = Array.from({ length: 50 }, () => `a${'ü'.repeat(2000)}`).join('\n')
  const ended = await shell('cat', { stdin: `${text}\n`, onLine: (_, line) => lines.push(line) })
  expect(lines.join('\n') === text).toBe(true)
  expect(ended.stdout === `${text}\n`).toBe(true)
})

test('a program reads what it is given, and finds its input at the end where there is none', async () => {
  expect(await shell('cat', { stdin: 'line\n' })).toEqual({ how: 'exited', code: 0, stdout: 'line\n', stderr: '' })
  expect(await shell('cat')).toEqual({ how: 'exited', code: 0, ...nothing })
})

test('a program may end without reading its input', async () => {
  expect(await shell('exit 5', { stdin: 'x'.repeat(1_000_000) })).toEqual({ how: 'exited', code: 5, ...nothing })
})

test('variables are added and removed, the others are kept', async () => {
  const script = 'echo "${FLEET_TEST_ADDED-gone} ${FLEET_TEST_REMOVED-gone} ${FLEET_TEST_KEPT-gone}"'
  const env = { FLEET_TEST_ADDED: 'added', FLEET_TEST_REMOVED: undefined }
  expect(await shell(script, { env })).toMatchObject({ stdout: 'added gone kept\n' })
})

test('a program that falls silent is ended, one that keeps talking is not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let input: Writable | undefined
  let heard = () => {}
  const ending = shell('cat', {
    silenceMs: 1000,
    onInput: (writable) => {
      input = writable
    },
    onLine: () => heard(),
  })
  // It answers at 0, 900 and 1800 ms: as soon as it was ended, it would answer no more.
  for (const line of ['one', 'two', 'three']) {
    const isHeard = new Promise<void>((resolve) => {
      heard = resolve
    })
    input?.write(`${line}\n`)
    await isHeard
    vi.advanceTimersByTime(900)
  }
  vi.advanceTimersByTime(100)
  vi.useRealTimers()
  expect(await ending).toEqual({ how: 'timed-out', stdout: 'one\ntwo\nthree\n', stderr: '' })
})

/** Starts a script of the shell whose output goes to a file; `$1` is another file for it. */
function logged(name: string, script: string): { log: string; file: string; child: LoggedProcess } {
  const [log, file] = [join(folder, `${name}.log`), join(folder, name)]
  return { log, file, child: startLogged({ program: 'sh', args: ['-c', script, 'sh', file] }, log) }
}

test('a logged program writes both its streams to the end of a file, in order', async () => {
  const { child, log } = logged('logged', 'echo out; echo err >&2; read line || echo nothing to read; exit 3')
  expect(await child.exited).toEqual({ how: 'exited', code: 3 })
  expect(readFileSync(log, 'utf8')).toBe('out\nerr\nnothing to read\n')
  await startLogged({ program: 'echo', args: ['more'] }, log).exited
  expect(readFileSync(log, 'utf8')).toMatch(/more\n$/)
})

test('the result of a logged program is its own, and what it leaves behind is seen and can be ended', async () => {
  const { child, file } = logged('logged-orphan', 'sleep 300 & echo $! > "$1"; exit 1')
  expect(await child.exited).toEqual({ how: 'exited', code: 1 })
  expect(child.isGroupAlive()).toBe(true)
  child.signal('group', 'SIGTERM')
  await gone(file)
  await eventually('the group is gone', async () => !child.isGroupAlive())
})

test('a logged program can be ended alone: its children go on', async () => {
  const { child, file } = logged('logged-alone', 'sleep 300 & echo $! > "$1"; wait')
  await written(file)
  child.signal('program', 'SIGTERM')
  expect(await child.exited).toEqual({ how: 'killed', signal: 'SIGTERM' })
  expect(isAlive(pidIn(file))).toBe(true)
  child.signal('group', 'SIGKILL')
  await gone(file)
})

test('a logged program that does not exist is not started, and has no group', async () => {
  const child = startLogged({ program: 'no-such-program-of-fleet', args: [] }, join(folder, 'logged-missing'))
  expect(await child.exited).toMatchObject({ how: 'not-started' })
  expect(child.isGroupAlive()).toBe(false)
})
