import { expect, it } from 'vitest'
import { lastLine } from '../fleet.ts'
import { fourHosts, hosts, quick, rollout, settings } from './four-hosts.ts'

const stage = fourHosts()

it('rolls a canary whose activation fails back to its recorded path and leaves the rest untouched', async () => {
  const before = await Promise.all(hosts.map((host) => stage.operator.runs(host)))
  await stage.lab.break('alpha', 'activation-fails')
  const answer = await stage.operator.fleet('apply', '--auto-approve')
  expect(answer.code).toBe(3)
  expect(lastLine(answer.stdout)).toBe('Apply failed: 0 changed, 1 failed (rolled back), 3 not started.')
  const after = await Promise.all(hosts.map((host) => stage.operator.runs(host)))
  expect(after[0]?.system).toBe(before[0]?.system)
  expect(after[0]?.profile).toBe(before[0]?.profile)
  expect(after.slice(1)).toEqual(before.slice(1))
})

it('rolls back a host on which a unit fails after an activation that exited 0', async () => {
  const before = await stage.operator.runs('alpha')
  await stage.lab.break('alpha', 'unit-fails-after')
  const answer = await stage.operator.fleet('apply', '--auto-approve')
  expect(answer.code, answer.stdout).toBe(3)
  expect(answer.stdout).toContain('check quick-units failed')
  expect((await stage.operator.runs('alpha')).system).toBe(before.system)
})

it('believes the host when the connection is cut during an activation that goes on', async () => {
  const { file, plan } = await stage.operator.plan()
  await stage.lab.break('alpha', 'drop-connection-at-activate')
  const answer = await stage.operator.fleet('apply', file, '--wave', 'canary')
  expect(answer.code).toBe(0)
  const planned = plan.body.hosts['alpha']
  expect((await stage.operator.runs('alpha')).system).toBe(planned?.action === 'change' ? planned.to.system : '')
})

it('ends an activation that hangs and takes the host back', async () => {
  // Time enough to go back in, which has the same limit.
  stage.operator.write(rollout, { ...settings, alpha: quick.replace('timeout: 4m', 'timeout: 10s') })
  const before = await stage.operator.runs('alpha')
  await stage.lab.break('alpha', 'hang-at-activate')
  const answer = await stage.operator.fleet('apply', '--auto-approve', '--wave', 'canary')
  expect(answer.code).toBe(3)
  expect(answer.stdout).toContain('the activation took too long')
  expect((await stage.operator.runs('alpha')).system).toBe(before.system)
})

it('watches a host come back by itself from a change that breaks its network', async () => {
  const before = await stage.operator.runs('alpha')
  stage.operator.write(rollout, { ...settings, alpha: quick.replace('confirmTimeout: 2m', 'confirmTimeout: 3s') })
  await stage.lab.break('alpha', 'sshd-stops')
  const answer = await stage.operator.fleet('apply', '--auto-approve', '--wave', 'canary')
  expect(answer.code, answer.stdout).toBe(3)
  expect(answer.stdout).toMatch(/activation not confirmed, rolled back; now running .* \(verified\)/)
  expect(lastLine(answer.stdout)).toBe('Apply failed: 0 changed, 1 failed (rolled back), 0 not started.')
  expect(await stage.operator.runs('alpha')).toMatchObject({ system: before.system, profile: before.profile })
})

it('says UNKNOWN of a host that stays silent after its activation', async () => {
  const activation = '{ timeout: 10s, confirmTimeout: 1s, autoRollback: false, magicRollback: false }'
  const alpha = `note: "console: hosting panel", checks: [ssh], activation: ${activation}`
  stage.operator.write(rollout, { ...settings, alpha })
  await stage.lab.break('alpha', 'sshd-stops')
  const answer = await stage.operator.fleet('apply', '--auto-approve', '--wave', 'canary')
  expect(answer.code, answer.stdout).toBe(3)
  expect(answer.stdout).toMatch(/state unknown[^]*console: hosting panel/)
})
