import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually } from '../../lab/eventually.ts'
import { eventsOf, lastLine } from '../fleet.ts'
import { openStage } from '../stage.ts'

const hosts = ['limiting-factor', 'sleeper-service', 'grey-area'] as const
const rollout = (wave = '') => `
checks:
  quick-units: { type: systemd, timeout: 20s, interval: 1s, deadline: 20s }
waves:
  - { name: canary, hosts: [limiting-factor] }
  - { name: servers, hosts: [sleeper-service, grey-area], maxParallel: 1${wave} }
`
const quick = 'checks: [ssh, quick-units], activation: { timeout: 4m, confirmTimeout: 2m }'
const settings = { 'limiting-factor': quick, 'sleeper-service': quick, 'grey-area': quick }

const services = { services: ['nginx'] }
const stage = openStage({
  hosts: Object.fromEntries(hosts.map((host) => [host, services])),
  rollout: rollout(),
  settings,
})

it('finishes what is in flight at the first Ctrl-C, starts nothing more, and exits 130', async () => {
  const { file, plan } = await stage.operator.plan()
  await stage.lab.break('limiting-factor', 'hang-at-activate')
  const running = stage.operator.start('apply', file)
  await running.until('limiting-factor activating')
  running.child.kill('SIGINT')
  await running.until('in flight: limiting-factor')
  await stage.lab.mend('limiting-factor')
  expect(await running.end()).toBe(130)
  expect(lastLine(running.stdout)).toBe('Apply interrupted: 1 changed, 0 failed, 2 not started.')
  const planned = plan.body.hosts['limiting-factor']
  expect((await stage.operator.runs('limiting-factor')).system).toBe(
    planned?.action === 'change' ? planned.to.system : '',
  )
})

it('stops at the second Ctrl-C, and what nobody confirmed rolls back by itself', async () => {
  stage.operator.write(rollout(), {
    ...settings,
    'limiting-factor': quick.replace('confirmTimeout: 2m', 'confirmTimeout: 3s'),
  })
  const { file } = await stage.operator.plan()
  const before = await stage.operator.runs('limiting-factor')
  await stage.lab.break('limiting-factor', 'hang-at-activate')
  const running = stage.operator.start('apply', file)
  await running.until('limiting-factor activating')
  running.child.kill('SIGINT')
  await running.until('in flight: limiting-factor')
  running.child.kill('SIGINT')
  expect(await running.end()).toBe(130)
  expect(running.stdout).toContain('rolls back by itself: limiting-factor')
  expect(lastLine(running.stdout)).toMatch(
    /^Apply interrupted: 0 changed, 1 failed \(state unknown\), 2 not started\.$/,
  )
  await stage.lab.mend('limiting-factor')
  await eventually('limiting-factor is back at what it ran', async () => {
    const now = await stage.operator.runs('limiting-factor')
    return now.system === before.system && now.profile === before.profile
  })
})

it('finishes what is in flight at SIGTERM, and exits 143', async () => {
  const { file, plan } = await stage.operator.plan()
  await stage.lab.break('limiting-factor', 'hang-at-activate')
  const running = stage.operator.start('apply', file)
  await running.until('limiting-factor activating')
  running.child.kill('SIGTERM')
  await running.until('in flight: limiting-factor')
  await stage.lab.mend('limiting-factor')
  expect(await running.end()).toBe(143)
  const planned = plan.body.hosts['limiting-factor']
  expect((await stage.operator.runs('limiting-factor')).system).toBe(
    planned?.action === 'change' ? planned.to.system : '',
  )
})

it('finishes what is in flight when its terminal closes, which hangs up twice', async () => {
  const { file } = await stage.operator.plan()
  await stage.lab.break('limiting-factor', 'hang-at-activate')
  const running = stage.operator.start('apply', file)
  await running.until('limiting-factor activating')
  running.child.kill('SIGHUP')
  await running.until('in flight: limiting-factor')
  running.child.kill('SIGHUP')
  await stage.lab.mend('limiting-factor')
  expect(await running.end()).toBe(130)
  expect(lastLine(running.stdout)).toBe('Apply interrupted: 1 changed, 0 failed, 2 not started.')
})

it('goes on to the end when nobody reads its output any more', async () => {
  const { file, plan } = await stage.operator.plan()
  const running = stage.operator.start('apply', file)
  await running.until('wave canary started')
  running.child.stdout?.destroy()
  expect(await running.end()).toBe(0)
  for (const host of hosts) {
    const planned = plan.body.hosts[host]
    expect((await stage.operator.runs(host)).system).toBe(planned?.action === 'change' ? planned.to.system : '')
  }
})

it('--log writes the stream that the journal holds, beside what a person reads', async () => {
  const log = join(stage.operator.directory, 'run.jsonl')
  const answer = await stage.operator.fleet('apply', '--auto-approve', '--wave', 'canary', '--log', log)
  expect(answer.code, answer.stderr).toBe(0)
  expect(lastLine(answer.stdout)).toBe('Apply complete: 1 changed, 0 failed, 0 not started.')
  const runs = join(stage.operator.directory, '.fleet/runs')
  const [run = ''] = readdirSync(runs)
  expect(readFileSync(log, 'utf8')).toBe(readFileSync(join(runs, run, 'journal.jsonl'), 'utf8'))
})

it('--dry-activate shows what would happen to units and leaves every host as it is', async () => {
  await stage.lab.set('limiting-factor', 'packages.nginx', `1.${stage.revision}.0`)
  const before = await Promise.all(hosts.map((host) => stage.operator.runs(host)))
  const { file } = await stage.operator.plan()
  const answer = await stage.operator.fleet('apply', file, '--dry-activate')
  expect(answer.code, answer.stdout + answer.stderr).toBe(0)
  expect(answer.stdout).toMatch(/^limiting-factor: would do\n( {2}\| .*\n)*( {2}\| would .*\n)/m)
  expect(lastLine(answer.stdout)).toBe('Nothing was activated (--dry-activate).')
  expect(await Promise.all(hosts.map((host) => stage.operator.runs(host)))).toEqual(before)
  expect(existsSync(join(stage.operator.directory, '.fleet/runs'))).toBe(false)
})

it('with rollback: wave takes sleeper-service back when grey-area fails its checks', async () => {
  stage.operator.write(rollout(', rollback: wave'), settings)
  const { file } = await stage.operator.plan()
  const before = await Promise.all(hosts.map((host) => stage.operator.runs(host)))
  await stage.lab.break('grey-area', 'unit-fails-after')
  const answer = await stage.operator.fleet('apply', file)
  expect(answer.code, answer.stdout + answer.stderr).toBe(3)
  expect(lastLine(answer.stdout)).toBe(
    'Apply failed: 1 changed, 1 failed (rolled back), 1 rolled back with its wave, 0 not started.',
  )
  const after = await Promise.all(hosts.map((host) => stage.operator.runs(host)))
  expect(after.slice(1).map(({ system, profile }) => ({ system, profile }))).toEqual(
    before.slice(1).map(({ system, profile }) => ({ system, profile })),
  )
  expect(after[0]?.system).not.toBe(before[0]?.system)
})

it('--json tells a run that cannot be recorded from its first line to its last', async () => {
  const { file } = await stage.operator.plan()
  const state = join(stage.operator.directory, 'a-file')
  writeFileSync(state, '')
  const answer = await stage.operator.fleet('--state-dir', state, 'apply', file, '--json')
  expect(answer.code).toBe(1)
  const events = eventsOf(answer.stdout)
  expect(events[0]?.type).toBe('run.started')
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', outcome: 'failed', exitCode: 1, changedHosts: [] })
})
