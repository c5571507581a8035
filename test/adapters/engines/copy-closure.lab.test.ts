import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyClosure } from '../../../src/adapters/engines/copy-closure.ts'
import { sshRemote, type SshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { EngineTask } from '../../../src/ports/engine.ts'
import { nixOptions } from '../../lab/flake.ts'
import { type Lab, startLab } from '../../lab/lab.ts'
import { run } from '../../lab/run.ts'
import { sampleSettings, storePath } from '../../rig/samples/plan.ts'

const host = 'alpha'
const never = new AbortController().signal
let lab: Lab
let remote: SshRemote

beforeAll(async () => {
  lab = await startLab({ hosts: { [host]: { services: ['nginx'] } } })
  Object.assign(process.env, lab.environment)
  remote = sshRemote(lab.directory)
})

afterAll(async () => {
  await remote?.close()
  await lab?.stop()
})

/** A task to bring the host what the flake says, which is evaluated and not built. */
async function evaluated(lines: string[] = []): Promise<EngineTask> {
  const toplevel = `git+file://${lab.flake}#nixosConfigurations.${host}.config.system.build.toplevel`
  const asked = await run('nix', [...nixOptions, 'eval', '--json', '--apply', 't: [t.drvPath t.outPath]', toplevel])
  const [drv = '', system = ''] = JSON.parse(asked) as readonly string[]
  const { clientKey, knownHosts } = lab.layout
  const settings = sampleSettings(host, { buildOn: 'target' })
  const options = { UserKnownHostsFile: knownHosts, GlobalKnownHostsFile: '/dev/null', IdentityAgent: 'none' }
  return {
    name: host,
    settings: {
      ...settings,
      address: [lab.hosts[0]?.address ?? ''],
      ssh: { ...settings.ssh, user: 'sma', port: 7022, identityFile: clientKey, options },
    },
    to: { drv, system, profileDrv: null, profile: system, platform: 'x86_64-linux', release: null },
    from: { system, profile: system },
    run: 'run',
    directory: lab.directory,
    onLine: (_, line) => lines.push(line),
  }
}

const roots = async () => (await lab.inside(host, 'nix-store --gc --print-roots')).stdout

it('builds on the host what is to be built there, and nothing here', async () => {
  await lab.set(host, 'motd', `built on the host, ${process.pid}`)
  const lines: string[] = []
  const task = await evaluated(lines)
  expect(await copyClosure(task, remote, never)).toEqual({ how: 'done' })
  expect((await lab.inside(host, `nix-store --check-validity ${task.to.system}`)).code).toBe(0)
  expect(await roots()).toContain(`/nix/var/nix/gcroots/fleet/new-system -> ${task.to.system}`)
  expect(existsSync(task.to.system)).toBe(false)
  expect(lines.join('\n')).toContain('building')
})

it('tells of a build that failed on the host', async () => {
  await lab.set(host, 'broken', 'build')
  const answer = await copyClosure(await evaluated(), remote, never)
  expect(answer).toMatchObject({ how: 'refused', failure: { code: 'copy/build-failed' } })
  expect(answer.how === 'refused' ? answer.failure.detail : '').toContain('failed')
})

it('copies nothing of a system whose derivation nobody knows, and says when the host has lost it', async () => {
  const task = await evaluated()
  const running = (await lab.inside(host, 'readlink -f /run/current-system')).stdout.trim()
  const back = { ...task, to: { ...task.to, drv: null, system: running, profile: running } }
  expect(await copyClosure(back, remote, never)).toEqual({ how: 'done' })
  // Who holds its lock knows that it is there: the host needs no session of its own.
  const nobody = { ...remote, run: () => Promise.reject(new Error('a session')) }
  const held = { ...back, missing: async () => ({ ok: true, value: new Set<string>() }) as const }
  expect(await copyClosure(held, nobody, never)).toEqual({ how: 'done' })
  const lost = storePath('z', 'nixos-system-alpha')
  const gone = await copyClosure({ ...back, to: { ...back.to, system: lost, profile: lost } }, remote, never)
  expect(gone).toMatchObject({ how: 'refused', failure: { code: 'copy/incomplete' } })
  const lacking = { ...held, missing: async () => ({ ok: true, value: new Set([running]) }) as const }
  await expect(copyClosure(lacking, nobody, never)).rejects.toThrow('a session')
})
