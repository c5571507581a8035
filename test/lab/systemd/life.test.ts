import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eventually } from '../eventually.ts'
import { layoutOf } from '../hosts/layout.ts'
import { readRecord } from '../hosts/record.ts'
import { sweep } from '../hosts/sweep.ts'
import { startLab, type Lab } from '../lab.ts'
import { ask, run } from '../run.ts'
import { groupOf } from './groups.ts'
import { because, noSystemd } from './on-systemd.ts'

/** Mounts, network devices, cgroups and processes of this machine that are of a lab in that directory. */
async function tracesOf(directory: string, device: string): Promise<readonly string[]> {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(directory))
  const devices = (await run('ip', ['-oneline', 'link'])).split('\n').filter((line) => line.includes(device))
  const look = 'mount -t cgroup2 look /mnt && cd /mnt && find . -maxdepth 1 -name "$1"'
  const groups = await run('unshare', ['--mount', 'sh', '-c', look, 'sh', groupOf(directory)])
  const processes = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${directory}/`)
    } catch {
      // It ended while it was looked at: not one that was left behind.
      return false
    }
  })
  return [...mounts, ...devices, ...groups.split('\n').filter(Boolean), ...processes]
}

function deviceOf(lab: Lab): string {
  return `fleet-lab-${lab.hosts[0]?.address.split('.')[2] ?? ''}@`
}

function start(): Promise<Lab> {
  return startLab({ hosts: { alpha: { services: ['nginx'], init: 'systemd' } } })
}

describe.skipIf(noSystemd)(`a host with a real systemd${because}`, { timeout: 240_000 }, () => {
  it('runs systemd with the units of its system, an sshd that is one of them, and a manager for who logs in', async () => {
    const lab = await start()
    try {
      const { stdout } = await lab.ssh(
        'alpha',
        'cat /proc/1/comm; systemctl is-active sshd.service systemd-logind.service systemd-journald.service dbus.service systemd-networkd.service nftables.service nginx.service; systemctl --user is-active basic.target',
      )
      expect(stdout.trimEnd().split('\n')).toEqual(['systemd', ...Array.from({ length: 8 }, () => 'active')])
      const served = await ask('curl', ['--silent', `http://${lab.hosts[0]?.address ?? ''}/`])
      expect(served.stdout).toBe('nginx.service of alpha\n')
      expect((await lab.inside('alpha', 'systemctl is-system-running --wait')).stdout.trim()).toBe('running')
    } finally {
      await lab.stop()
    }
  })

  it('reboots by itself, with another boot id and its default system', async () => {
    const lab = await start()
    try {
      const bootId = async (): Promise<string> =>
        (await lab.ssh('alpha', 'cat /proc/sys/kernel/random/boot_id')).stdout.trim()
      const first = await bootId()
      await lab.ssh('alpha', 'sudo -n touch /run/of-this-boot /var/lib/of-this-host; sudo -n systemctl reboot')
      await eventually('alpha has booted again', async () => ![first, ''].includes(await bootId()))
      const left = await lab.ssh('alpha', 'ls -d /run/of-this-boot /var/lib/of-this-host 2>/dev/null')
      expect(left.stdout).toBe('/var/lib/of-this-host\n')
      const [host] = await lab.status()
      expect(host).toMatchObject({ ssh: 'answers', generation: '1', failedUnits: [] })
    } finally {
      await lab.stop()
    }
  })

  it('leaves nothing on the machine when its lab stops', async () => {
    const lab = await start()
    const device = deviceOf(lab)
    expect((await tracesOf(lab.directory, device)).length).toBeGreaterThan(3)
    await lab.stop()
    expect(await tracesOf(lab.directory, device)).toEqual([])
    expect(existsSync(lab.directory)).toBe(false)
  })

  it('leaves nothing either when the supervisor is killed and the next lab comes', async () => {
    const lab = await start()
    const device = deviceOf(lab)
    const record = await readRecord(layoutOf(lab.directory))
    // What cannot be removed by an ordinary rm must not stay either.
    expect((await lab.inside('alpha', 'touch /etc/kept && chattr +i /etc/kept')).code).toBe(0)
    process.kill(record?.supervisor.pid ?? 0, 'SIGKILL')
    await eventually('the supervisor is gone', async () => (await readSupervisor(lab.directory)) === 'gone')
    await sweep()
    await eventually('no trace is left', async () => (await tracesOf(lab.directory, device)).length === 0)
    expect(existsSync(lab.directory)).toBe(false)
  })
})

async function readSupervisor(directory: string): Promise<'there' | 'gone'> {
  const record = await readRecord(layoutOf(directory))
  return record !== undefined && existsSync(`/proc/${record.supervisor.pid}`) ? 'there' : 'gone'
}
