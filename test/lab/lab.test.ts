import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildSystem, copySystem, runningSystem, switchSystem } from './by-hand.ts'
import { eventually } from './eventually.ts'
import { startLab, type Lab } from './lab.ts'

let lab: Lab

beforeAll(async () => {
  lab = await startLab({ hosts: { alpha: { services: ['nginx', 'tailscaled'] }, beta: { services: ['forgejo'] } } })
})

afterAll(async () => {
  await lab?.stop()
})

describe('a lab host', () => {
  it('answers over ssh as sma, with its own name, machine id and boot id', async () => {
    const question = 'id -un; hostname; cat /etc/machine-id /proc/sys/kernel/random/boot_id; sudo -n id -un'
    const [alpha, beta] = await Promise.all([lab.ssh('alpha', question), lab.ssh('beta', question)])
    expect(alpha.stdout.split('\n').slice(0, 2)).toEqual(['sma', 'alpha'])
    expect(beta.stdout.split('\n').slice(0, 2)).toEqual(['sma', 'beta'])
    expect(alpha.stdout.split('\n')[4]).toBe('root')
    expect(alpha.stdout.split('\n')[2]).not.toBe(beta.stdout.split('\n')[2])
    expect(alpha.stdout.split('\n')[3]).not.toBe(beta.stdout.split('\n')[3])
  })

  it('does not let root log in', async () => {
    const { directory } = lab.layout
    expect(() =>
      execFileSync('ssh', ['-F', `${directory}/ssh/config`, '-l', 'root', 'alpha', 'true'], { stdio: 'pipe' }),
    ).toThrow(/Permission denied/)
  })

  it('cannot write to the machine’s files, mount or make devices', async () => {
    for (const command of [
      'touch /usr/planted',
      'touch /lab/faults/planted',
      'mount -t tmpfs x /mnt',
      'mknod /tmp/x b 8 0',
      'sh -c "echo 1 >/proc/sys/vm/drop_caches"',
    ]) {
      expect({ command, refused: (await lab.ssh('alpha', `sudo -n ${command}`)).code !== 0 }).toEqual({
        command,
        refused: true,
      })
    }
  })

  it('starts with its installed system as generation 1, running and booted', async () => {
    const { stdout } = await lab.ssh(
      'alpha',
      'readlink -f /run/current-system /run/booted-system /nix/var/nix/profiles/system; readlink /nix/var/nix/profiles/system; systemctl is-system-running',
    )
    const [current, booted, profile, generation, state] = stdout.split('\n')
    expect([booted, profile, generation, state]).toEqual([current, current, 'system-1-link', 'running'])
    expect(current).not.toBe(await buildSystem(lab, 'alpha'))
  })

  it('takes a system that nobody signed from sma, who is a trusted user', async () => {
    const system = await buildSystem(lab, 'beta')
    expect(await copySystem(lab, 'beta', system)).toMatchObject({ code: 0 })
    expect((await lab.ssh('beta', `nix-store --query --requisites ${system} | wc -l`)).stdout.trim()).not.toBe('0')
  })
})

describe('a service', () => {
  it('answers on its port at the host’s address while its unit is active', async () => {
    const address = lab.hosts.find(({ name }) => name === 'beta')?.address
    const page = (): Promise<string> => fetch(`http://${address}:3000/`).then((response) => response.text())
    expect(await page()).toBe('forgejo.service of beta\n')
    await lab.ssh('beta', 'sudo -n systemctl stop forgejo')
    await expect(page()).rejects.toThrow('fetch failed')
    await lab.ssh('beta', 'sudo -n systemctl start forgejo')
    await eventually(
      'forgejo answers again',
      async () => (await page().catch(() => '')) === 'forgejo.service of beta\n',
    )
  })

  it('asked for through systemd-run outlives the connection', async () => {
    const asked = await lab.ssh(
      'alpha',
      'sudo -n systemd-run --quiet --unit=later --collect sh -c "while [ ! -e /run/go ]; do sleep 0.05; done; echo done >/run/later"; systemctl is-active later',
    )
    expect(asked.stdout).toBe('active\n')
    await lab.ssh('alpha', 'sudo -n touch /run/go')
    await eventually(
      'the unit has done its work',
      async () => (await lab.ssh('alpha', 'cat /run/later')).stdout === 'done\n',
    )
    await eventually(
      'the unit is forgotten',
      async () => (await lab.ssh('alpha', 'systemctl is-active later')).stdout === 'inactive\n',
    )
  })
})

describe('the flake', () => {
  it('changes the closure of one host when one line changes, and no other host’s', async () => {
    const before = { alpha: await buildSystem(lab, 'alpha'), beta: await buildSystem(lab, 'beta') }
    await lab.set('beta', 'packages.forgejo', '11.0.8')
    expect(await buildSystem(lab, 'alpha')).toBe(before.alpha)
    const after = await buildSystem(lab, 'beta')
    const closure = (path: string): string =>
      execFileSync('nix-store', ['--query', '--requisites', path], { encoding: 'utf8' })
    expect(closure(before.beta)).toContain('-forgejo-11.0.7\n')
    expect(closure(after)).toContain('-forgejo-11.0.8\n')
    expect(closure(after)).not.toContain('-forgejo-11.0.7\n')
  })

  it('is committed after a change, or dirty when asked', async () => {
    const status = (): string => execFileSync('git', ['-C', lab.flake, 'status', '--porcelain'], { encoding: 'utf8' })
    expect(status()).toBe('')
    await lab.set('beta', 'motd', 'changed', { commit: false })
    expect(status()).toBe(' M hosts.json\n')
    await lab.set('beta', 'motd', 'changed again')
    expect(status()).toBe('')
  })

  it('lists the known keys, hosts and packages when it gets an unknown one', async () => {
    await expect(lab.set('beta', 'colour', 'red')).rejects.toThrow(
      /'colour' is no key of a host. Known are:\n {2}packages\.NAME VERSION/,
    )
    await expect(lab.set('gamma', 'motd', 'x')).rejects.toThrow(
      "There is no host 'gamma' in the lab. Known are: alpha, beta.",
    )
    await expect(lab.set('beta', 'packages.clippy', '1')).rejects.toThrow(/There is no package 'clippy'/)
  })

  it('has one host that does not evaluate or build without touching the others', async () => {
    await lab.set('beta', 'broken', 'evaluation')
    await expect(buildSystem(lab, 'beta')).rejects.toThrow(/-source\/machines/)
    await expect(buildSystem(lab, 'alpha')).resolves.toMatch(/^\/nix\/store\//)
    await lab.set('beta', 'broken', 'build')
    await expect(buildSystem(lab, 'beta')).rejects.toThrow(/nixos-system-beta/)
    await lab.set('beta', 'broken', 'no')
    await expect(buildSystem(lab, 'beta')).resolves.toMatch(/^\/nix\/store\//)
  })
})

describe('switching by hand', () => {
  it('says what it would do and then does it, in the words of switch-to-configuration', async () => {
    const system = await buildSystem(lab, 'alpha')
    expect((await copySystem(lab, 'alpha', system)).code).toBe(0)
    const dry = await lab.ssh('alpha', `sudo -n ${system}/bin/switch-to-configuration dry-activate`)
    expect(dry.code).toBe(0)
    expect(dry.stderr).toBe(`would activate the configuration...
would restart systemd
would reload the following units: nginx.service
would restart the following units: nix-daemon.service, sshd.service, tailscaled.service
`)
    expect(await runningSystem(lab, 'alpha')).not.toBe(system)
    const done = await switchSystem(lab, 'alpha', system)
    expect(done.code).toBe(0)
    expect(done.stderr).toBe(`activating the configuration...
restarting systemd...
reloading the following units: nginx.service
restarting the following units: nix-daemon.service, sshd.service, tailscaled.service
`)
    expect(await runningSystem(lab, 'alpha')).toBe(system)
    expect((await lab.ssh('alpha', 'cat /boot/loader/loader.conf')).stdout).toBe('default nixos-generation-2.conf\n')
  })

  it('starts the units of a service that is new and stops those of one that went', async () => {
    await lab.set('alpha', 'services', 'nginx,forgejo')
    const system = await buildSystem(lab, 'alpha')
    await copySystem(lab, 'alpha', system)
    const done = await switchSystem(lab, 'alpha', system)
    expect(done.code).toBe(0)
    expect(done.stderr).toContain('stopping the following units: tailscaled.service\n')
    expect(done.stderr).toContain('the following new units were started: forgejo.service\n')
    expect((await lab.ssh('alpha', 'systemctl is-active forgejo tailscaled')).stdout).toBe('active\ninactive\n')
  })

  it('exits 4 when a unit fails, and the host is degraded', async () => {
    await lab.set('alpha', 'broken', 'unit')
    const system = await buildSystem(lab, 'alpha')
    await copySystem(lab, 'alpha', system)
    const done = await switchSystem(lab, 'alpha', system)
    expect(done.code).toBe(4)
    expect(done.stderr).toContain('warning: the following units failed: lab-broken.service\n')
    const asked = await lab.ssh(
      'alpha',
      'systemctl is-system-running; systemctl list-units --failed --plain --no-legend; systemctl show lab-broken -p ActiveState,Result',
    )
    expect(asked.stdout).toBe(
      'degraded\nlab-broken.service loaded failed failed A unit that fails whenever it starts\nActiveState=failed\nResult=exit-code\n',
    )
    await lab.set('alpha', 'broken', 'no')
    const mended = await buildSystem(lab, 'alpha')
    await copySystem(lab, 'alpha', mended)
    expect((await switchSystem(lab, 'alpha', mended)).code).toBe(0)
  })

  it('sets the boot default alone in mode boot, and a reboot makes it true', async () => {
    await lab.set('beta', 'kernel', '6.12.60')
    const system = await buildSystem(lab, 'beta')
    await copySystem(lab, 'beta', system)
    const before = (await lab.ssh('beta', 'cat /proc/sys/kernel/random/boot_id')).stdout
    await lab.ssh('beta', `sudo -n nix-env -p /nix/var/nix/profiles/system --set ${system}`)
    expect(await lab.ssh('beta', `sudo -n ${system}/bin/switch-to-configuration boot`)).toMatchObject({ code: 0 })
    expect(await runningSystem(lab, 'beta')).not.toBe(system)
    await lab.ssh('beta', 'sudo -n reboot')
    await eventually('beta is back with a new boot id', async () => {
      const { code, stdout } = await lab.ssh('beta', 'cat /proc/sys/kernel/random/boot_id')
      return code === 0 && stdout !== before
    })
    expect((await lab.ssh('beta', 'readlink -f /run/booted-system /run/current-system')).stdout).toBe(
      `${system}\n${system}\n`,
    )
  })
})
