import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../../src/adapters/clock.ts'
import { sshRemote, type SshRemote } from '../../../../src/adapters/ssh/remote.ts'
import { observe } from '../../../../src/pipeline/observe/observe.ts'
import { reboot } from '../../../../src/pipeline/host/reboot/reboot.ts'
import type { Clock } from '../../../../src/ports/clock.ts'
import { buildSystem, copySystem } from '../../../lab/by-hand.ts'
import { eventually } from '../../../lab/eventually.ts'
import { type Lab, startLab } from '../../../lab/lab.ts'
import { sampleSettings } from '../../../rig/samples/plan.ts'

const host = 'alpha'
const never = new AbortController().signal
let lab: Lab
let remote: SshRemote

beforeAll(async () => {
  lab = await startLab({ hosts: { [host]: { services: ['nginx'] } } })
  remote = sshRemote(lab.directory)
})

afterAll(async () => {
  await remote?.close()
  await lab?.stop()
})

function settings() {
  const all = sampleSettings(host)
  const { clientKey, knownHosts } = lab.layout
  const options = { UserKnownHostsFile: knownHosts, GlobalKnownHostsFile: '/dev/null', IdentityAgent: 'none' }
  const address = [lab.hosts[0]?.address ?? ''] as const
  return { ...all, address, ssh: { ...all.ssh, user: 'sma', port: 7022, identityFile: clientKey, options } }
}

async function look() {
  const found = await observe({ name: host, settings: settings(), withRoot: false }, remote, never)
  if (!found.ok) throw new Error(found.failure.detail)
  return found.value
}

test('a host boots what was set for it, from nothing', async () => {
  const system = await buildSystem(lab, host)
  expect((await copySystem(lab, host, system)).code).toBe(0)
  await lab.ssh(host, `sudo -n nix-env -p /nix/var/nix/profiles/system --set ${system}`)
  expect((await lab.ssh(host, `sudo -n ${system}/bin/switch-to-configuration boot`)).code).toBe(0)
  await lab.ssh(host, 'sudo -n touch /run/of-the-first-boot; sudo -n setsid sleep 3600 >/dev/null 2>&1 </dev/null &')
  const before = await look()
  expect(before.booted).not.toBe(system)
  const request = { name: host, settings: settings(), to: { system }, bootId: before.bootId }
  const found = await reboot(request, { remote, clock: systemClock }, never)
  expect(found).toMatchObject({ ok: true, value: { booted: system, system, profile: system } })
  expect(found.ok ? found.value.bootId : before.bootId).not.toBe(before.bootId)
  expect((await lab.ssh(host, 'ls /run/of-the-first-boot; pgrep -x sleep -a')).stdout).not.toContain('3600')
  // Asked once more for the boot that is over, it does not reboot again.
  const again = await reboot(request, { remote, clock: systemClock }, never)
  expect(again.ok ? again.value.bootId : null).toBe(found.ok ? found.value.bootId : '')
})

test('a host that does not come back is told of when its time is over', async () => {
  const { bootId, system } = await look()
  await lab.break(host, 'does-not-come-back')
  // Ten minutes pass in four seconds, in which this host would be back.
  const clock: Clock = { now: () => Date.now() * 150, sleep: (time, signal) => systemClock.sleep(time, signal) }
  const request = { name: host, settings: settings(), to: { system }, bootId }
  const found = await reboot(request, { remote, clock }, never)
  expect(found).toMatchObject({ ok: false, failure: { code: 'reboot/no-return' } })
  await lab.mend(host)
  await eventually('it answers', async () => (await lab.ssh(host, 'true')).code === 0)
})
