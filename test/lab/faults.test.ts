import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildSystem, copySystem, runningSystem, switchSystem } from './by-hand.ts'
import { eventually } from './eventually.ts'
import type { FaultName } from './faults.ts'
import { startLab, type Lab } from './lab.ts'

const host = 'alpha'
let lab: Lab
let before: string
let next: string
let change = 0

beforeAll(async () => {
  lab = await startLab({ hosts: { [host]: { services: ['nginx'] } }, start: 'converged' })
})

afterAll(async () => {
  await lab?.stop()
})

// Every fault meets a host that runs `before` and has the new system `next` in its store.
beforeEach(async () => {
  before = await runningSystem(lab, host)
  await lab.set(host, 'motd', `change ${++change}`)
  next = await buildSystem(lab, host)
})

afterEach(async () => {
  await lab.mend(host)
})

async function switchUnder(fault: FaultName, parameter?: string): Promise<Awaited<ReturnType<typeof switchSystem>>> {
  expect((await copySystem(lab, host, next)).code).toBe(0)
  await lab.break(host, fault, parameter === undefined ? {} : { parameter })
  return switchSystem(lab, host, next)
}

// The new system is current before its units are dealt with: a switch has ended when it has let go of its lock.
async function switchToEnd(): Promise<void> {
  await eventually('the new system is current', async () => (await runningSystem(lab, host)) === next)
  const tryLock = 'flock -n /run/nixos/switch-to-configuration.lock true'
  await eventually('the switch has let go of its lock', async () => (await lab.inside(host, tryLock)).code === 0)
}

const goBack = (): ReturnType<typeof switchSystem> => switchSystem(lab, host, before)

describe('a fault at activation', () => {
  it('activation-fails: exit 2, the new system is current all the same, and the old one can be activated again', async () => {
    const done = await switchUnder('activation-fails')
    expect(done.code).toBe(2)
    expect(done.stderr).toContain("Activation script snippet 'lab' failed (1)\nFailed to run activate script\n")
    expect(await runningSystem(lab, host)).toBe(next)
    expect(await goBack()).toMatchObject({ code: 0 })
    expect(await runningSystem(lab, host)).toBe(before)
  })

  it('activation-aborts: exit 2 and the old system is still current', async () => {
    expect((await switchUnder('activation-aborts')).code).toBe(2)
    expect(await runningSystem(lab, host)).toBe(before)
  })

  it('unit-fails: exit 4 with the unit failed, and rolling back mends it', async () => {
    const done = await switchUnder('unit-fails', 'nginx.service')
    expect(done.code).toBe(4)
    expect(done.stderr).toContain('warning: the following units failed: nginx.service\n')
    expect((await lab.ssh(host, 'systemctl is-active nginx')).stdout).toBe('failed\n')
    expect(await goBack()).toMatchObject({ code: 0 })
    expect((await lab.ssh(host, 'systemctl is-system-running')).stdout).toBe('running\n')
  })

  it('unit-fails-after: exit 0, and the unit is failed afterwards', async () => {
    expect(await switchUnder('unit-fails-after')).toMatchObject({ code: 0 })
    expect(await lab.ssh(host, 'systemctl is-system-running')).toMatchObject({ code: 1, stdout: 'degraded\n' })
  })

  it('sshd-stops: the host is silent after the activation until another system is activated', async () => {
    await switchUnder('sshd-stops')
    await switchToEnd()
    expect((await lab.ssh(host, 'true')).stderr).toContain('Connection refused')
    expect((await lab.inside(host, `${before}/bin/switch-to-configuration test`)).code).toBe(0)
    expect((await lab.ssh(host, 'true')).code).toBe(0)
  })

  it('drop-connection-at-activate: ssh ends with 255 and the activation goes on', async () => {
    expect((await switchUnder('drop-connection-at-activate')).code).toBe(255)
    await switchToEnd()
  })

  it('hang-at-activate: the activation waits, holding its lock, until the fault is mended', async () => {
    expect((await copySystem(lab, host, next)).code).toBe(0)
    await lab.break(host, 'hang-at-activate')
    const hanging = switchSystem(lab, host, next)
    // Trying the lock to see whether it is held could take it from the switch.
    await eventually(
      'the activation hangs',
      async () => (await lab.inside(host, 'ps -C at -o args= | grep -q " activate "')).code === 0,
    )
    const second = await lab.ssh(host, `sudo -n ${next}/bin/switch-to-configuration switch`)
    expect(second).toMatchObject({ code: 1, stderr: 'Could not acquire lock\n' })
    expect(await runningSystem(lab, host)).toBe(before)
    await lab.mend(host, 'hang-at-activate')
    expect(await hanging).toMatchObject({ code: 0 })
    expect(await runningSystem(lab, host)).toBe(next)
  })
})

describe('a fault of a connection or a disk', () => {
  it('hang-at-copy: a copy waits until the fault is mended, and other commands do not', async () => {
    await lab.break(host, 'hang-at-copy')
    const copying = copySystem(lab, host, next)
    await eventually(
      'the copy waits',
      async () => (await lab.inside(host, "pgrep -f 'nix-daemon --stdi[o]|nix daemon --stdi[o]'")).code === 0,
    )
    expect((await lab.ssh(host, 'true')).code).toBe(0)
    expect((await lab.inside(host, `test -e ${next}`)).code).toBe(1)
    await lab.mend(host, 'hang-at-copy')
    expect((await copying).code).toBe(0)
    expect((await lab.inside(host, `test -e ${next}`)).code).toBe(0)
  })

  it('drop-connection-at-copy: the copy fails, the host does not have the system, commands still work', async () => {
    await lab.break(host, 'drop-connection-at-copy')
    expect((await copySystem(lab, host, next)).code).not.toBe(0)
    expect((await lab.inside(host, `test -e ${next}`)).code).toBe(1)
    expect((await lab.ssh(host, 'true')).code).toBe(0)
  })

  it('disk-full: the copy fails for want of space', async () => {
    await lab.set(host, 'install', 'emacs')
    next = await buildSystem(lab, host)
    await lab.break(host, 'disk-full')
    const copied = await copySystem(lab, host, next)
    expect(copied.code).not.toBe(0)
    expect(copied.stderr).toMatch(/No space left on device|disk is full/)
    expect((await lab.ssh(host, 'df --output=avail -k /nix | tail -n 1')).stdout.trim()).toMatch(/^\d{1,3}$/)
  })

  it('wrong-hostname: the host says another name', async () => {
    await lab.break(host, 'wrong-hostname')
    expect((await lab.ssh(host, 'hostname')).stdout).toBe('alpha-wrong\n')
    await lab.mend(host)
    expect((await lab.ssh(host, 'hostname')).stdout).toBe('alpha\n')
  })

  it('no-sudo: sudo asks for a password', async () => {
    await lab.break(host, 'no-sudo')
    expect(await lab.ssh(host, 'sudo -n true')).toMatchObject({ code: 1, stderr: 'sudo: a password is required\n' })
  })

  it('refuses-login: the key is refused', async () => {
    await lab.break(host, 'refuses-login')
    const asked = await lab.ssh(host, 'true')
    expect(asked.code).toBe(255)
    expect(asked.stderr).toContain('Permission denied (publickey)')
  })

  it('unreachable: nothing listens, and a reboot does not change that', async () => {
    const bootId = async (): Promise<string> =>
      (await lab.inside(host, 'cat /run/lab/ready && cat /proc/sys/kernel/random/boot_id')).stdout
    await lab.break(host, 'unreachable')
    expect((await lab.ssh(host, 'true')).stderr).toContain('Connection refused')
    const first = await bootId()
    await lab.reboot(host)
    await eventually('the host has booted again', async () => !['', first].includes(await bootId()))
    expect((await lab.ssh(host, 'true')).stderr).toContain('Connection refused')
    expect((await lab.status())[0]).toMatchObject({ ssh: 'silent', faults: ['unreachable'] })
  })

  it('slow: a command waits for as long as the parameter says before it begins', async () => {
    await lab.break(host, 'slow', { parameter: '3600' })
    const slow = lab.ssh(host, 'echo begun')
    await eventually(
      'the login shell waits',
      async () => (await lab.inside(host, 'ps -o pid= -C sleep -o args= | grep -q "sleep 3600"')).code === 0,
    )
    await lab.inside(host, 'kill $(ps -o pid=,args= -C sleep | sed -n "s/ *\\([0-9]*\\) sleep 3600/\\1/p")')
    expect(await slow).toMatchObject({ code: 0, stdout: 'begun\n' })
  })

  it('is listed with all others when its name is wrong', async () => {
    await expect(lab.break(host, 'gremlins' as FaultName)).rejects.toThrow(
      /There is no fault 'gremlins'. Known are:\n {2}activation-fails/,
    )
  })
})
