import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { withThisMachine } from '../../../src/adapters/local/remote.ts'
import type { SshRemote } from '../../../src/adapters/ssh/remote.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'

/** Stands for ssh: says that it was asked. */
const ssh: SshRemote = {
  run: async ({ name }) => ({ how: 'answered', code: 0, stdout: `${name} over ssh`, stderr: '' }),
  transport: async () => ({ ok: true, value: { address: 'one', config: '/dev/null' } }),
  close: async () => {},
}
const remote = withThisMachine(ssh, hostname())
const here = { name: 'here', settings: sampleSettings(hostname()) }
const never = new AbortController().signal
const request = {
  script: 'echo "$1 by $0"; echo wrong >&2; exit 3\n',
  args: ['it’s me'],
  asRoot: false,
  timeoutMs: 5_000,
}

describe('a host that is this machine', () => {
  it('is reached by a shell of its own, with each word as it is', async () => {
    expect(await remote.run(here, request, never)).toEqual({
      how: 'answered',
      code: 3,
      stdout: 'it’s me by sh\n',
      stderr: 'wrong\n',
    })
    expect(await remote.transport(here)).toMatchObject({ ok: true, value: { local: true } })
  })

  it.each([
    ['has another name', { expectHostname: 'elsewhere' }],
    ['is never local', { local: 'never' }],
    ['is not asked for its name', { expectHostname: null }],
  ] as const)('is reached by ssh where it %s', async (_, settings) => {
    const host = { name: 'there', settings: { ...here.settings, ...settings } }
    expect(await remote.run(host, request, never)).toMatchObject({ stdout: 'there over ssh' })
    expect(await remote.transport(host)).not.toHaveProperty('value.local')
  })

  it('is asked as root by the prefix that fleet.yaml names', async () => {
    const settings = { ...here.settings, sudo: 'env FLEET=root' }
    const script = 'echo "$FLEET"\n'
    expect(await remote.run({ ...here, settings }, { ...request, script, asRoot: true }, never)).toMatchObject({
      code: 0,
      stdout: 'root\n',
    })
  })

  it('says why it gave no answer', async () => {
    expect(await remote.run(here, request, AbortSignal.abort())).toMatchObject({ failure: { code: 'local/aborted' } })
    const slow = { ...request, script: 'sleep 60\n', timeoutMs: 50 }
    expect(await remote.run(here, slow, never)).toMatchObject({ failure: { code: 'local/timed-out' } })
    const settings = { ...here.settings, sudo: 'no-such-program' }
    expect(await remote.run({ ...here, settings }, { ...request, asRoot: true }, never)).toMatchObject({
      begun: false,
      failure: { code: 'local/missing' },
    })
  })
})
