import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { hostLocks } from '../../../src/adapters/locks/host.ts'
import { type SshRemote, sshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { Address } from '../../../src/ports/remote.ts'
import { lockContract } from '../../contracts/lock.ts'
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
