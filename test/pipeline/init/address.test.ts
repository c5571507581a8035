import { expect, test } from 'vitest'
import { readAddress } from '../../../src/pipeline/init/address.ts'

test.each([
  ['web.example.org', 'web.example.org', null, null],
  ['192.0.2.7', '192.0.2.7', null, null],
  ['2001:db8::5', '2001:db8::5', null, null],
  ['[2001:db8::5]', '2001:db8::5', null, null],
  ['root@[2001:db8::5]:2222', '2001:db8::5', 'root', 2222],
  ['root@web.example.org:22', 'web.example.org', 'root', 22],
  ['ssh://root@web.example.org', 'web.example.org', 'root', null],
  ['ssh-ng://web.example.org?compress=true', 'web.example.org', null, null],
  ['fe80::1%eth0', 'fe80::1%eth0', null, null],
  ['WEB', 'WEB', null, null],
])('%s is an address', (text, address, user, port) => {
  expect(readAddress(text)).toEqual({ kind: 'address', address, user, port })
})

test.each(['MUST_OVERRIDE_HOSTNAME', 'TARGET_HOST', '<address>', 'changeme', 'CHANGE-ME', 'todo'])(
  '%s stands where an address is to be written',
  (text) => expect(readAddress(text)).toEqual({ kind: 'placeholder', text }),
)

test.each(['localhost', 'root@localhost', '127.0.0.1', '::1', '[::1]:22'])(
  '%s is another machine elsewhere',
  (text) => {
    expect(readAddress(text)).toEqual({ kind: 'this-machine', text })
  },
)

test.each(['', '-oProxyCommand=x', 'two words', 'root@'])('%j is nothing that ssh could be given', (text) => {
  expect(readAddress(text)).toEqual({ kind: 'unusable', text })
})
