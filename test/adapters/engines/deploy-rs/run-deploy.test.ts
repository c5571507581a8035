import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../../src/adapters/clock.ts'
import { answerOf } from '../../../../src/adapters/engines/deploy-rs/answer.ts'
import { type DeployEnd, type DeployRun, runDeploy } from '../../../../src/adapters/engines/deploy-rs/run-deploy.ts'
import { eventually } from '../../../lab/eventually.ts'
import { storePath } from '../../../rig/samples/plan.ts'

/*
 * What is ended when, and what never: `deploy` is a piece of shell here that says what deploy says and starts children that
 * stand for its ssh.
 */

const path = storePath('b', 'activatable-nixos-system-web-25.05')
const { PATH } = process.env
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-run-deploy-'))
  process.env['PATH'] = `${folder}:${PATH}`
})
afterAll(() => {
  process.env['PATH'] = PATH
  rmSync(folder, { recursive: true })
})
beforeEach(() => rmSync(join(folder, 'log'), { force: true }))
afterEach(() => {
  for (const child of ['activate', 'wait', 'copy']) {
    const pid = pidOf(child)
    if (pid !== null && isAlive(pid)) process.kill(pid, 'SIGKILL')
    rmSync(join(folder, child), { force: true })
  }
})

const words = `say() { printf '%s\\n' "x y [deploy] [INFO] $1"; }
fail() { printf '%s\\n' "x y [deploy] [ERROR] $1"; }
host() { printf '%s\\n' "x y [activate] [$1] $2"; }
ssh() { ( exec sleep 300 ) & echo $! >"$FOLDER/$1"; }
`
const announce = `say 'Evaluating flake in path:x'; say 'The following profiles are going to be deployed:'
echo '[web.system]'; echo 'path = "${path}"'; echo; say 'Building profile x'; say 'Copying profile x'
`
const activate = `${announce}say 'Activating profile x'; ssh activate; ssh wait; say 'Creating activation waiter'
`

function run(script: string, more: Partial<DeployRun> = {}, signal = new AbortController().signal): Promise<DeployEnd> {
  const program = join(folder, 'deploy')
  writeFileSync(program, `#!/bin/sh\nFOLDER='${folder}'\n${words}${script}`)
  chmodSync(program, 0o755)
  const limits = { evaluation: 60_000, silence: 60_000, activation: 60_000 }
  return runDeploy(
    { args: [], env: {}, log: join(folder, 'log'), path, limits, clock: systemClock, onLine: () => {}, ...more },
    signal,
  )
}

function pidOf(child: string): number | null {
  const file = join(folder, child)
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  return text === '' ? null : Number(text)
}

function isAlive(pid: number | null): boolean {
  try {
    return pid !== null && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const lives = (child: string) => isAlive(pidOf(child))
const said = (text: string) =>
  eventually(`deploy said ${text}`, async () => {
    const log = join(folder, 'log')
    return existsSync(log) && readFileSync(log, 'utf8').includes(text)
  })

const refusedWith = (code: string) => ({ how: 'refused', failure: { code } })

test('an interrupt before the activation ends deploy and all that it has started', async () => {
  const stop = new AbortController()
  const ending = run(`${announce}ssh copy; echo copying; wait`, {}, stop.signal)
  await said('copying')
  stop.abort()
  const end = await ending
  expect(end).toMatchObject({ stopped: 'aborted', mayHaveChanged: false, isLeft: false })
  expect(lives('copy')).toBe(false)
  expect(answerOf(end, 30, true, [])).toMatchObject(refusedWith('activate/aborted'))
})

test('an interrupt of an activation ends deploy alone, and says that the host reverts by itself', async () => {
  const stop = new AbortController()
  const ending = run(`${activate}wait`, {}, stop.signal)
  await said('Creating activation waiter')
  stop.abort()
  const end = await ending
  expect(end).toMatchObject({ stopped: 'aborted', mayHaveChanged: true, isLeft: true })
  expect([lives('activate'), lives('wait')]).toEqual([true, true])
  const answer = answerOf(end, 30, true, [])
  expect(answer.how).toBe('lost')
  expect(answer.how === 'lost' ? answer.failure.detail : '').toContain('rolls back by itself within about 30s')
  const never = answerOf(end, 30, false, [])
  expect(never.how === 'lost' ? never.failure.detail : '').toContain('stays on the new system')
})

test('one who waits for an activation that has failed is ended', async () => {
  const end = await run(`${activate}host ERROR 'The activation script resulted in a bad exit code: Some(2)'
kill $(cat $FOLDER/activate); fail 'Failed to deploy profile to node web: Activating over SSH resulted in a bad exit code: Some(1)'; exit 1`)
  expect(end).toMatchObject({ stopped: null, isLeft: false, verdict: { happened: 'no-rollback', scriptExit: 2 } })
  expect(lives('wait')).toBe(false)
})

test('an activation that goes on after deploy has ended is waited for, and its last words are heard', async () => {
  const end = await run(`${activate}kill $(cat $FOLDER/wait)
fail 'Waiting over SSH resulted in a bad exit code: Some(1)'
( while kill -0 $$ 2>/dev/null; do sleep 0.02; done; host ERROR 'Failed to get activation confirmation: Error waiting for confirmation event: x' ) &
exit 1`)
  expect(end).toMatchObject({ isLeft: false, verdict: { happened: 'not-confirmed', isWaitLost: true } })
  expect(lives('activate')).toBe(false)
})

test('an activation that outlasts all bounds is left alone', async () => {
  const limits = { evaluation: 60_000, silence: 60_000, activation: 500 }
  const end = await run(`${activate}fail 'Waiting over SSH resulted in a bad exit code: Some(1)'; exit 1`, { limits })
  expect(end.isLeft).toBe(true)
  expect([lives('activate'), lives('wait')]).toEqual([true, true])
  expect(answerOf(end, 30, true, []).how).toBe('lost')
})

test('deploy is ended when it takes too long: with all that it started before the activation, alone in it', async () => {
  const before = await run(`${announce}ssh copy; wait`, {
    limits: { evaluation: 60_000, silence: 300, activation: 60_000 },
  })
  expect(before).toMatchObject({ stopped: 'timed-out', mayHaveChanged: false })
  expect(lives('copy')).toBe(false)
  const during = await run(`${activate}wait`, {
    limits: { evaluation: 60_000, silence: 60_000, activation: 300 },
  })
  expect(during).toMatchObject({ stopped: 'timed-out', mayHaveChanged: true, isLeft: true })
  expect(lives('activate')).toBe(true)
  expect(answerOf(during, 30, true, [])).toMatchObject({ how: 'lost', failure: { code: 'activate/timed-out' } })
})

test('deploy is ended before it copies anything else than the plan has', async () => {
  const end = await run(`${announce.replace(path, storePath('c', 'other'))}ssh copy; wait`)
  expect(end).toMatchObject({ stopped: 'other-path', mayHaveChanged: false })
  expect(lives('copy')).toBe(false)
  expect(answerOf(end, 30, true, [])).toMatchObject(refusedWith('deploy-rs/other-path'))
})

test('a success stays one, whoever holds the log, and an interrupt that comes too late changes nothing', async () => {
  const stop = new AbortController()
  const end = await run(
    `${activate}say 'Deployment confirmed.'; kill $(cat $FOLDER/activate) $(cat $FOLDER/wait)`,
    {},
    stop.signal,
  )
  stop.abort()
  expect(answerOf(end, 30, true, [])).toEqual({ how: 'done' })
})

test('only what this run has said is judged: the log of an earlier try stays in its file', async () => {
  await run(`${announce}fail 'Failed to push profile to node web: web'; exit 1`)
  const end = await run(`${announce}exit 1`)
  expect(end.verdict.happened).toBe('unknown')
  expect(readFileSync(join(folder, 'log'), 'utf8').match(/Evaluating/g)).toHaveLength(2)
})
