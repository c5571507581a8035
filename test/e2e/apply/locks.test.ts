import { describe, expect, it } from 'vitest'
import { eventually } from '../../lab/eventually.ts'
import { eventsOf, lastLine } from '../fleet.ts'
import { openStage } from '../stage.ts'

const calm = 'checks: [ssh], activation: { timeout: 4m, confirmTimeout: 2m }'
// Who is killed confirms nothing; this host would otherwise wait for that, and go back.
const alone = 'checks: [ssh], activation: { timeout: 4m, magicRollback: false }'
const hosts = ['alpha', 'beta'] as const

const stage = openStage({
  hosts: { alpha: { services: ['nginx'] }, beta: { services: [] } },
  settings: { alpha: calm, beta: calm },
})

async function generations(): Promise<readonly number[]> {
  const found = await Promise.all(hosts.map((host) => stage.operator.runs(host)))
  return found.map(({ generation }) => Number(/system-(\d+)-link/.exec(generation)?.[1]))
}

/** What the hosts say of themselves: nobody locks them, nothing of fleet is rooted on them. */
async function leftOver(): Promise<string> {
  const look = 'flock -n /run/fleet/host.lock true || echo locked; ls -d /nix/var/nix/gcroots/fleet 2>/dev/null'
  const answers = await Promise.all(hosts.map((host) => stage.lab.inside(host, look)))
  return answers.map(({ stdout }) => stdout).join('')
}

describe('two runs at once', () => {
  it('over the same hosts: the second waits for the first, and no host sees two activations', async () => {
    const { file } = await stage.operator.plan()
    const before = await generations()
    await stage.lab.break('alpha', 'hang-at-activate')
    const first = stage.operator.start('apply', file, '--json')
    await first.until('"type":"host.started"')
    const second = stage.operator.start('apply', file, '--json', '--on', 'alpha')
    await second.until('"type":"lock.waiting"')
    await stage.lab.mend('alpha')
    expect(await first.end(), first.stdout).toBe(0)
    expect(await second.end(), second.stdout).toBe(0)
    const waited = eventsOf(second.stdout).find(({ type }) => type === 'lock.waiting')
    const run = eventsOf(first.stdout)[0]?.run ?? ''
    expect(waited).toMatchObject({ host: 'alpha', holder: expect.stringContaining(run) as string })
    expect(lastLine(second.stdout)).toContain('"outcome":"no-changes"')
    expect(await generations()).toEqual(before.map((generation) => generation + 1))
    expect(await leftOver()).toBe('')
  })

  it('with --lock-timeout 0s the second ends at once with 6, the holder’s name and the lock to remove', async () => {
    const { file } = await stage.operator.plan()
    await stage.lab.break('alpha', 'hang-at-activate')
    const first = stage.operator.start('apply', file, '--on', 'alpha')
    await first.until('alpha activating')
    const second = await stage.operator.fleet('apply', file, '--lock-timeout', '0s', '--json')
    expect(second.code, second.stdout).toBe(6)
    const held = eventsOf(second.stdout).find(({ type }) => type === 'host.failed')
    expect(held).toMatchObject({ code: 'lock/held', touched: false })
    const id = /\(lock ([\w-]+)\)/.exec(held?.message ?? '')?.[1] ?? ''
    const wrong = await stage.operator.fleet('unlock', 'nonsense', '--on', 'alpha', '--auto-approve')
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining(id) as string })
    // It is at work: its lock is not taken from it.
    const refused = await stage.operator.fleet('unlock', id, '--auto-approve')
    expect(refused.code, refused.stderr).toBe(5)
    expect(refused.stderr).toContain('an activation is running')
    await stage.lab.mend('alpha')
    expect(await first.end(), first.stdout).toBe(0)
  })

  it('after kill -9 of the one that holds the locks, the other goes on as soon as the host is at rest', async () => {
    stage.operator.write('', { alpha: alone, beta: alone })
    const { file, plan } = await stage.operator.plan()
    const before = await generations()
    await stage.lab.break('alpha', 'hang-at-activate')
    const first = stage.operator.start('apply', file)
    await eventually(
      'the activation has begun',
      async () => (await stage.lab.inside('alpha', 'pgrep -f bin/[s]witch-to-configuration')).code === 0,
    )
    first.child.kill('SIGKILL')
    await first.end()
    await eventually('the locks are free', async () => {
      const answers = await Promise.all(
        hosts.map((host) => stage.lab.inside(host, 'flock -n /run/fleet/host.lock true')),
      )
      return answers.every(({ code }) => code === 0)
    })
    const second = stage.operator.start('apply', file)
    await second.until('an activation is already running on the host')
    await stage.lab.mend('alpha')
    expect(await second.end(), second.stdout).toBe(0)
    const alpha = plan.body.hosts['alpha']
    expect((await stage.operator.runs('alpha')).system).toBe(alpha?.action === 'change' ? alpha.to.system : '')
    expect(await generations()).toEqual(before.map((generation) => generation + 1))
    expect(await leftOver()).toBe('')
  })
})

describe('ssh cut in the middle of an activation', () => {
  it('that fails: fleet says what the host runs', async () => {
    const before = await stage.operator.runs('alpha')
    const { file } = await stage.operator.plan()
    await stage.lab.break('alpha', 'drop-connection-at-activate')
    await stage.lab.break('alpha', 'activation-fails')
    const answer = await stage.operator.fleet('apply', file, '--json', '--on', 'alpha')
    expect(answer.code, answer.stdout).toBe(3)
    const ending = eventsOf(answer.stdout).find(({ type }) => type === 'host.rolled-back')
    expect(ending, answer.stdout).toMatchObject({ system: before.system })
    expect((await stage.operator.runs('alpha')).system).toBe(before.system)
    expect(await leftOver()).toBe('')
  })
})
