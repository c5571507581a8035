import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { programHooks } from '../../../src/adapters/hooks/program.ts'
import type { Hook } from '../../../src/model/plan/plan-schema.ts'
import type { HookAnswer } from '../../../src/ports/hook.ts'
import { processesWith } from '../../contracts/check.ts'
import { eventually } from '../../lab/eventually.ts'
import { sampleHook } from '../../rig/doubles/hooks.ts'

const directory = mkdtempSync(join(tmpdir(), 'fleet-hooks-'))
afterAll(() => rmSync(directory, { recursive: true }))

function call(run: Hook['run'], more: Partial<Hook> = {}, signal = new AbortController().signal): Promise<HookAnswer> {
  const hook = sampleHook(['run.started'], { run, ...more })
  return programHooks(directory).call(hook, { type: 'run.started', run: 'r' }, { FLEET_RUN: 'r', note: 'x y' }, signal)
}

test('a program beside fleet.yaml reads one JSON document, has the variables, and its last line is the message', async () => {
  const file = join(directory, 'notify.sh')
  writeFileSync(file, '#!/bin/sh\ncat > document; pwd\necho "$FLEET_RUN, $note, $1"\necho\n')
  chmodSync(file, 0o755)
  expect(await call(['./notify.sh', 'a  b'])).toMatchObject({ how: 'exited', code: 0, message: 'r, x y, a  b' })
  expect(JSON.parse(readFileSync(join(directory, 'document'), 'utf8'))).toEqual({ type: 'run.started', run: 'r' })
})

test.each([0, 1, 75])('exit status %i is told', async (code) => {
  expect(await call(['sh', '-c', `exit ${code}`])).toMatchObject({ how: 'exited', code, message: '' })
})

test('what it prints is cleaned, and the reason may stand on standard error', async () => {
  expect(await call(['sh', '-c', 'printf "\\033[2Jno network\\n" >&2; exit 1'])).toMatchObject({
    code: 1,
    message: 'no network',
  })
})

test('a program that reads nothing of a long document is not troubled by it', async () => {
  const hook = sampleHook(['host.output'], { run: ['sh', '-c', 'exec 0<&-; echo fine'] })
  const document = { line: 'x'.repeat(500_000) }
  const answer = await programHooks(directory).call(hook, document, {}, new AbortController().signal)
  expect(answer).toMatchObject({ how: 'exited', code: 0, message: 'fine' })
})

test('one that takes too long is ended with all it started', async () => {
  const mark = `300.06${process.pid}`
  const answer = await call(['sh', '-c', `trap '' TERM; sleep ${mark} & sleep ${mark}; wait`], { timeoutMs: 300 })
  expect(answer).toMatchObject({ how: 'error', message: 'it did not answer within 300ms' })
  await eventually('nothing is left', async () => processesWith(mark).length === 0)
})

test.each([
  [['./no-such-hook.sh'], /could not be started/],
  [['sh', '-c', 'kill -KILL $$'], /killed by SIGKILL/],
  [['sh', '-c', 'head -c 3000000 /dev/zero'], /more than 1 MiB/],
])('%j is an error', async (run, message) => {
  const answer = await call(run)
  expect(answer.how).toBe('error')
  expect(answer.message).toMatch(message)
})

test('an interrupt ends it', async () => {
  const stop = new AbortController()
  const calling = call(['sleep', '200'], {}, stop.signal)
  setImmediate(() => stop.abort())
  expect(await calling).toMatchObject({ how: 'error', message: 'it was interrupted' })
})
