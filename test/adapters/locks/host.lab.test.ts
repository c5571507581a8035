import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { hostLocks } from '../../../src/adapters/locks/host.ts'
import { type SshRemote, sshRemote } from '../../../src/adapters/ssh/remote.ts'
import { observe } from '../../../src/pipeline/observe/observe.ts'
import type { Address } from '../../../src/ports/remote.ts'
import { lockContract } from '../../contracts/lock.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'
import { eventually } from '../../lab/eventually.ts'
import { type Lab, startLab } from '../../lab/lab.ts'

let lab: Lab
let remotes: readonly [SshRemote, SshRemote]

beforeAll(async () => {
  lab = await startLab({ hosts: { alpha: { services: [] }, beta: { services: [] } }, start: 'converged' })
  remotes = [sshRemote('/'), sshRemote('/')]
})

afterAll(async () => {
  for (const remote of remotes ?? []) await remote.close()
  await lab?.stop()
})

function addressOf(name: string): Address {
  const { layout, hosts } = lab
  const address = hosts.find((host) => host.name === name)?.address ?? name
  const options = { UserKnownHostsFile: layout.knownHosts, IdentityAgent: 'none' }
  return {
    name,
    settings: {
      address: [address],
      sudo: 'auto',
      ssh: {
        user: 'sma',
        port: 7022,
        identityFile: layout.clientKey,
        connectTimeoutMs: 60_000,
        hostKey: null,
        options,
      },
    },
  }
}

lockContract('the lab’s ssh', () => ({
  ours: hostLocks(remotes[0], systemClock),
  theirs: hostLocks(remotes[1], systemClock),
  hosts: [addressOf('alpha'), addressOf('beta')],
  cut: async ({ name }) => {
    await lab.inside(name, '/lab/bin/drop-connections')
  },
}))

/** What somebody does on a host who may log in there and nothing more. */
describe('an unprivileged user of a host', () => {
  const never = new AbortController().signal
  const asNobody = (command: string) => lab.inside('alpha', `setpriv --reuid 65534 --clear-groups sh -c '${command}'`)
  const request = () => ({
    holder: { id: crypto.randomUUID(), who: 'ann@office', run: '20260101T000000Z-ann', since: '2026-01-01T00:00:00Z' },
    timeoutMs: 0,
    onWaiting: () => {},
  })
  const isActivating = async () => {
    const found = await observe(
      {
        ...addressOf('alpha'),
        settings: { ...sampleSettings('alpha'), ...addressOf('alpha').settings },
        withRoot: false,
      },
      remotes[0],
      never,
    )
    return found.ok ? found.value.activating : found
  }

  it('cannot hold the lock, and sees who does', async () => {
    const locks = hostLocks(remotes[0], systemClock)
    const first = await locks.acquire(addressOf('alpha'), request(), never)
    if (!first.ok) throw new Error(first.failure.detail)
    expect((await asNobody('cat /run/fleet/holder')).stdout).toContain('who=ann@office')
    await first.value.release()
    for (const mode of ['-x', '-s']) {
      const tried = await asNobody(`flock -n ${mode} /run/fleet/host.lock true`)
      expect(tried.code).not.toBe(0)
      expect(tried.stderr).toMatch(/Permission denied/)
    }
    expect((await asNobody('echo id=x >/run/fleet/holder')).code).not.toBe(0)
    const second = await locks.acquire(addressOf('alpha'), request(), never)
    expect(second).toMatchObject({ ok: true })
    if (second.ok) await second.value.release()
  })

  it.each([
    ['a process of such a name', 'exec -a "/nix/store/x/bin/switch-to-configuration " /usr/bin/sleep 300'],
    ['a process that names deploy-rs', 'exec -a "/nix/store/x/activate-rs activate /nix/store/x " /usr/bin/sleep 300'],
    ['a lock on a file with the same number', 'exec flock /tmp/none /usr/bin/sleep 300'],
  ])('makes no activation by %s', async (_, command) => {
    const attack = `echo $$ >/tmp/attack.pid; exec setpriv --reuid 65534 --clear-groups /usr/bin/bash -c '${command}'`
    const start = `cat >/tmp/attack <<'end'\n${attack}\nend\nsetsid -f /usr/bin/bash /tmp/attack </dev/null >/tmp/attack.log 2>&1`
    await lab.inside('alpha', start)
    try {
      const isAlive = async () => (await lab.inside('alpha', 'kill -0 "$(cat /tmp/attack.pid)"')).code === 0
      await eventually('it runs', isAlive)
      expect(await isActivating()).toBe(false)
      expect(await isAlive()).toBe(true)
    } finally {
      await lab.inside('alpha', 'pkill -U 65534')
    }
  })
})
