import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { nixosRebuildEngine } from '../../../src/adapters/engines/nixos-rebuild.ts'
import { dialectOf, readDialect } from '../../../src/adapters/engines/nixos-rebuild/dialect.ts'
import { sshRemote, type SshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { EngineTask } from '../../../src/ports/engine.ts'
import { buildSystem, runningSystem } from '../../lab/by-hand.ts'
import { type Lab, startLab } from '../../lab/lab.ts'
import { ask } from '../../lab/run.ts'
import { DoubleNixosRebuild } from '../../rig/doubles/engines/nixos-rebuild.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'

const never = new AbortController().signal
const host = 'alpha'

describe('what a nixos-rebuild understands', () => {
  it.each([
    ['bash', { takesStorePath: false, elevate: '--use-remote-sudo', quick: '--fast', withoutTerminal: '--no-ssh-tty' }],
    ['python', { takesStorePath: false, elevate: '--sudo', quick: '--fast', withoutTerminal: null }],
    ['new', { takesStorePath: true, elevate: '--sudo', quick: '--no-reexec', withoutTerminal: null }],
  ] as const)('is read from the help of the %s version', async (version, dialect) => {
    const double = new DoubleNixosRebuild(version)
    expect(await dialectOf(never)).toEqual(dialect)
    double.close()
  })

  it('is not guessed', () => {
    const help = { how: 'exited', code: 0, stderr: '' } as const
    expect(readDialect({ ...help, stdout: 'usage: --ask-sudo-password --target-host' })).toMatchObject({
      code: 'nixos-rebuild/unknown',
    })
    expect(readDialect({ ...help, how: 'not-started', reason: 'ENOENT', stdout: '' })).toMatchObject({
      code: 'nixos-rebuild/missing',
    })
  })
})

describe('a nixos-rebuild that evaluates again', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-rebuild-'))
  let lab: Lab
  let remote: SshRemote

  beforeAll(async () => {
    lab = await startLab({ hosts: { [host]: { services: ['nginx'] } } })
    Object.assign(process.env, lab.environment)
    remote = sshRemote(directory)
  })

  afterAll(async () => {
    await remote?.close()
    await lab?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  async function taskFor(flake: string | undefined): Promise<EngineTask> {
    const system = await buildSystem(lab, host)
    const drv = (await ask('nix-store', ['-q', '--deriver', system])).stdout.trim()
    const now = await runningSystem(lab, host)
    const profile = (await lab.inside(host, 'readlink -f /nix/var/nix/profiles/system')).stdout.trim()
    const settings = sampleSettings(host, { engine: 'nixos-rebuild', local: 'never' })
    const { knownHosts, clientKey } = lab.layout
    const options = { UserKnownHostsFile: knownHosts, GlobalKnownHostsFile: '/dev/null', IdentityAgent: 'none' }
    return {
      name: host,
      settings: {
        ...settings,
        address: [lab.hosts[0]?.address ?? ''],
        ssh: { ...settings.ssh, user: 'sma', port: 7022, identityFile: clientKey, options },
      },
      to: { drv, system, profileDrv: null, profile: system, platform: 'x86_64-linux', release: null },
      from: { system: now, profile },
      run: '20261122T101530Z-3f9a',
      directory,
      ...(flake === undefined ? {} : { flake }),
      onLine: () => {},
    }
  }

  it('deploys the plan’s source with the bash version', async () => {
    await lab.set(host, 'motd', 'bash')
    const double = new DoubleNixosRebuild('bash')
    const engine = nixosRebuildEngine(remote, systemClock)
    const task = await taskFor(`git+file://${lab.flake}`)
    expect(await engine.copy(task, never)).toEqual({ how: 'done' })
    expect(await engine.activate(task, never)).toEqual({ how: 'done' })
    expect(await runningSystem(lab, host)).toBe(task.to.system)
    double.close()
  })

  it('refuses the first Python version beside a Nix that cannot build for it', async () => {
    await lab.set(host, 'motd', 'python')
    const double = new DoubleNixosRebuild('python')
    const engine = nixosRebuildEngine(remote, systemClock)
    const task = await taskFor(`git+file://${lab.flake}`)
    expect((await ask('nix', ['--version'])).stdout).toContain(' 2.8.')
    expect(await engine.activate(task, never)).toMatchObject({
      how: 'refused',
      failure: { code: 'nixos-rebuild/older-nix' },
    })
    expect(await runningSystem(lab, host)).toBe(task.from.system)
    double.close()
  })

  it('refuses a source that would become another system, and a path without a source', async () => {
    await lab.set(host, 'motd', 'planned')
    const double = new DoubleNixosRebuild('bash')
    const engine = nixosRebuildEngine(remote, systemClock)
    const task = await taskFor(`git+file://${lab.flake}`)
    await lab.set(host, 'motd', 'not planned')
    const differs = await engine.activate(task, never)
    expect(differs).toMatchObject({ how: 'refused', failure: { code: 'nixos-rebuild/differs' } })
    const { flake: _, ...without } = task
    expect(await engine.activate(without, never)).toMatchObject({ failure: { code: 'nixos-rebuild/no-source' } })
    const doas = { ...task, settings: { ...task.settings, sudo: 'doas -n' } }
    expect(await engine.activate(doas, never)).toMatchObject({ failure: { code: 'nixos-rebuild/sudo' } })
    expect(await runningSystem(lab, host)).toBe(task.from.system)
    double.close()
  })
})
