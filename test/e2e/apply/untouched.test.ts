import { expect, it } from 'vitest'
import { lastLine } from '../fleet.ts'
import { fourHosts, hosts } from './four-hosts.ts'

const stage = fourHosts()

it.each([
  ['no-sudo', /sudo needs a password/],
  ['refuses-login', /login refused/],
  ['wrong-hostname', /hostname is "alpha-wrong", expected "alpha"/],
  // Nix 2.8 does not always notice: then the host is what says that the system is not there.
  ['drop-connection-at-copy', /the connection was lost while copying|the copy ended early/],
  ['disk-full', /not enough space on \/nix/],
  ['unreachable', /connection refused/],
] as const)('changes nothing and exits 1 when the canary has %s', async (fault, said) => {
  // Much depends on openssl: enough to copy for a connection to be cut, or a disk to be full, in the middle.
  await stage.lab.set('alpha', 'packages.openssl', `4.${stage.revision}.0`)
  const before = await Promise.all(hosts.map((host) => stage.operator.runs(host)))
  const { file } = await stage.operator.plan()
  await stage.lab.break('alpha', fault)
  const answer = await stage.operator.fleet('apply', file)
  expect({ code: answer.code, said: said.test(answer.stdout) }, answer.stdout).toEqual({ code: 1, said: true })
  expect(lastLine(answer.stdout)).toBe('Apply failed: 0 changed, 1 failed, 3 not started.')
  await stage.lab.mend('alpha')
  expect(await Promise.all(hosts.map((host) => stage.operator.runs(host)))).toEqual(before)
})
