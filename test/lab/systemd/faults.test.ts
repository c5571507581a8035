import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { copySystem, buildSystem, runningSystem, switchSystem } from '../by-hand.ts'
import { eventually } from '../eventually.ts'
import { startLab, type Lab } from '../lab.ts'
import type { Answer } from '../run.ts'
import { because, noSystemd } from './on-systemd.ts'

let lab: Lab
let revision = 0

/** Gives alpha a system that it does not run, and switches to it over ssh. */
async function switchToNew(): Promise<Answer & { readonly system: string }> {
  revision += 1
  await lab.set('alpha', 'motd', `revision ${revision}`)
  const system = await buildSystem(lab, 'alpha')
  await copySystem(lab, 'alpha', system)
  return { ...(await switchSystem(lab, 'alpha', system)), system }
}

const login = async () => (await lab.ssh('alpha', 'true')).code

describe.skipIf(noSystemd)(`a fault on a host with a real systemd${because}`, () => {
  beforeAll(async () => {
    const automount = ['lab-auto', '/mnt/auto', 'tmpfs', 'size=1m,x-systemd.automount', '0', '0']
    lab = await startLab({ hosts: { alpha: { init: 'systemd', services: ['nginx'], fstab: [automount] } } })
  })

  afterEach(async () => {
    await lab.mend('alpha')
    expect(await login()).toBe(0)
  })

  afterAll(async () => {
    await lab?.stop()
  })

  it.each(['unreachable', 'refuses-login'] as const)('%s: nobody gets in until it is mended', async (fault) => {
    await lab.break('alpha', fault)
    expect(await login()).toBe(255)
  })

  it('does-not-come-back: it boots, and nobody gets in', async () => {
    await lab.break('alpha', 'does-not-come-back')
    await lab.reboot('alpha')
    const booted = async () => (await lab.inside('alpha', 'test -e /run/lab/ready')).code === 0
    await eventually('alpha has booted', booted)
    expect(await login()).toBe(255)
  })

  it('unit-fails: the switch names the unit and ends with 4', async () => {
    await lab.break('alpha', 'unit-fails', { parameter: 'nginx.service' })
    const { code, stderr } = await switchToNew()
    expect(code).toBe(4)
    expect(stderr).toContain('warning: the following units failed: nginx.service\n')
  })

  it('unit-fails-after: the switch ends with 0, and the unit has failed', async () => {
    await lab.break('alpha', 'unit-fails-after', { parameter: 'nginx.service' })
    expect((await switchToNew()).code).toBe(0)
    expect((await lab.inside('alpha', 'systemctl is-failed nginx.service')).stdout).toBe('failed\n')
  })

  it('activation-fails: the switch ends with 2, and the new system runs', async () => {
    await lab.break('alpha', 'activation-fails')
    const { code, stderr, system } = await switchToNew()
    expect(code).toBe(2)
    expect(stderr).toContain("Activation script snippet 'lab' failed (1)\nFailed to run activate script\n")
    expect(await runningSystem(lab, 'alpha')).toBe(system)
  })

  it('drop-connection-at-activate: the connection is gone, the switch goes on', async () => {
    await lab.break('alpha', 'drop-connection-at-activate')
    const { code, system } = await switchToNew()
    expect(code).toBe(255)
    await eventually('the new system runs', async () => (await runningSystem(lab, 'alpha')) === system)
  })

  it('sshd-stops: sshd stays away though the targets want it', async () => {
    await lab.break('alpha', 'sshd-stops')
    expect((await switchToNew()).code).toBe(255)
    expect(await login()).toBe(255)
  })

  it('none: an automount of fstab is mounted by a look at it', async () => {
    const asked = 'systemctl is-active mnt-auto.mount; ls /mnt/auto; systemctl is-active mnt-auto.mount'
    expect((await lab.inside('alpha', asked)).stdout).toBe('inactive\nactive\n')
  })
})
