import { afterAll, beforeAll, expect, test } from 'vitest'
import { scannedKeys } from '../../../src/adapters/ssh/host-keys.ts'
import { SshServer } from '../../rig/servers/ssh-server.ts'

const never = new AbortController().signal
let server: SshServer
beforeAll(async () => {
  server = await SshServer.start()
})
afterAll(() => server?.stop())

test('the key that a host offers is read without a login, with the fingerprint that ssh shows', async () => {
  const { address, port, key, fingerprint } = server
  expect(await scannedKeys.offered({ address, port }, never)).toEqual({
    ok: true,
    value: { key, fingerprint, known: 'none' },
  })
})

test('where nothing answers there is no key, and it is said where it was looked for', async () => {
  expect(await scannedKeys.offered({ address: '127.0.0.2', port: 1 }, never)).toEqual({
    ok: false,
    failure: {
      code: 'init/no-host-key',
      summary: 'the host key could not be read',
      detail: 'Nothing at 127.0.0.2 port 1 offered a key within 5 s.',
    },
  })
})
