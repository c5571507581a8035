import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { commitFlake } from '../../lab/flake.ts'
import { type Lab, startLab } from '../../lab/lab.ts'
import { writeDeploy } from '../../rig/doubles/engines/deploy-rs.ts'
import { Clone } from '../../rig/files/clone.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { lastLine } from '../fleet.ts'

const example = fileURLToPath(new URL('../../../examples/home-lab', import.meta.url))

describe('a clone of examples/home-lab', () => {
  let clone: Clone
  beforeAll(() => {
    clone = new Clone(example)
  })
  afterAll(() => clone?.close())

  it('gets its fleet.yaml from what its flake evaluates to', async () => {
    const { code, stdout } = await clone.fleet('init')
    expectGolden('home-lab/fleet.yaml', readFileSync(join(clone.directory, 'fleet.yaml'), 'utf8'))
    expectGolden('home-lab/summary.txt', stdout)
    expect(code).toBe(0)
    expect(await clone.fleet('validate')).toEqual({
      code: 0,
      stdout: 'fleet.yaml is valid: 6 hosts in 2 waves.\n',
      stderr: '',
    })
    clone.commit('fleet.yaml')
  })

  it('plans a change against the revision before it, without a host and without a build', async () => {
    const file = join(clone.directory, 'nixos/versions.nix')
    writeFileSync(file, readFileSync(file, 'utf8').replace('forgejo = "11.0.7"', 'forgejo = "11.0.8"'))
    clone.commit('Update forgejo')
    const { code, stdout } = await clone.fleet('plan', '--offline', '--base', 'HEAD~1')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ {2}~ grey-area .*\n[^]*packages +forgejo 11\.0\.7 → 11\.0\.8\n/m)
    expect(lastLine(stdout)).toBe('Plan: 1 to change, 4 unchanged.')
  })

  it('has a README whose commands are those', () => {
    const text = readFileSync(join(example, 'README.md'), 'utf8')
    for (const command of ['fleet init', 'fleet validate', 'fleet plan --offline --base HEAD~1'])
      expect(text).toContain(`\n${command}`)
  })
})

/** The lab makes systems that its hosts can run in the place of those of the example. */
const runnable = `{
  system = { name, host }: builtins.seq (host.hardware or null) (import ../nix/nixos.nix {
    inherit name host;
    versions = builtins.fromJSON (builtins.readFile ../versions.json);
  });
  activate = (((import ../deploy-rs/flake.nix).outputs { self = { }; }).lib.x86_64-linux).activate.nixos;
}
`

describe('the home lab on hosts of the lab', () => {
  const programs = mkdtempSync(join(tmpdir(), 'fleet-programs-'))
  const services = {
    'congenital-optimist': [],
    'grey-area': ['forgejo', 'jellyfin', 'ollama'],
    'limiting-factor': [],
    'little-rascal': [],
    'reverse-proxy': ['nginx', 'tailscaled'],
    'sleeper-service': ['nfs-server'],
  }
  let lab: Lab
  let clone: Clone
  const fleet = (...args: readonly string[]) =>
    clone.fleetWith({ ...lab.environment, PATH: `${programs}:${process.env['PATH']}` }, ...args)

  beforeAll(async () => {
    writeDeploy(programs)
    lab = await startLab({
      hosts: Object.fromEntries(Object.entries(services).map(([name, list]) => [name, { services: list }])),
    })
    for (const part of ['flake.nix', 'hosts']) cpSync(join(example, part), join(lab.flake, part), { recursive: true })
    mkdirSync(join(lab.flake, 'nixos'))
    writeFileSync(join(lab.flake, 'nixos/default.nix'), runnable)
    await commitFlake(lab.layout, 'The home lab')
    clone = new Clone(lab.flake)
    // What an operator of this lab has in ~/.ssh/config, since the flake knows the tailnet's names alone.
    const known = lab.hosts.map(
      ({ name, address, port }) => `Host ${name}.ts.example\n  HostName ${address}\n  Port ${port}\n`,
    )
    const key = `  IdentityFile ${lab.layout.clientKey}\n  UserKnownHostsFile ${lab.layout.knownHosts}\n`
    mkdirSync(join(clone.home, '.ssh'))
    writeFileSync(join(clone.home, '.ssh/config'), `${known.join('')}Host *\n${key}`, { mode: 0o600 })
  })
  afterAll(async () => {
    clone?.close()
    await lab?.stop()
    rmSync(programs, { recursive: true })
  })

  it('is written, looked at, planned and rolled out with what init wrote', async () => {
    expect((await fleet('init')).code).toBe(0)
    expect(await fleet('validate')).toMatchObject({ code: 0 })
    expect((await fleet('status')).stdout).toContain('limiting-factor')
    const planned = await fleet('plan', '--json', '-o', 'plan.json')
    const { body } = JSON.parse(planned.stdout) as Plan
    const actions = Object.entries(body.hosts).map(([name, { action }]) => `${name} ${action}`)
    expect(actions).toEqual(
      Object.keys(services)
        .filter((name) => name !== 'little-rascal')
        .map((name) => `${name} change`),
    )
    const applied = await fleet('apply', 'plan.json', '--skip-bake', '--reason', 'a test', '--allow-dirty')
    expect(lastLine(applied.stdout)).toBe('Apply complete: 5 changed, 0 failed, 0 not started.')
    expect(applied.code).toBe(0)
    expect(lastLine((await fleet('plan')).stdout)).toBe('No changes. Every reachable host runs its planned system.')
  })

  it('is planned and rolled out from a Nix file as well, to the same systems', async () => {
    const at = (file: string) => join(clone.directory, file)
    const outputs = '(import ./flake.nix).outputs { self = { inherit nixosConfigurations; }; }'
    writeFileSync(
      at('default.nix'),
      `let inherit (${outputs}) nixosConfigurations; in { inherit nixosConfigurations; }\n`,
    )
    writeFileSync(
      at('fleet.yaml'),
      readFileSync(at('fleet.yaml'), 'utf8').replace('\ndefaults:', '\nfile: .\n\ndefaults:'),
    )
    clone.commit('Without a flake')
    expect(lastLine((await fleet('plan')).stdout)).toBe('No changes. Every reachable host runs its planned system.')
    writeFileSync(at('hosts/limiting-factor.nix'), '{ services = [ ]; motd = "From a file."; }\n')
    clone.commit('Greet')
    const applied = await fleet('apply', '--auto-approve', '--skip-bake', '--reason', 'a test')
    expect(lastLine(applied.stdout)).toBe('Apply complete: 1 changed, 0 failed, 0 not started.')
    const { stdout } = await lab.inside('limiting-factor', 'cat /run/current-system/etc/motd')
    expect(stdout).toBe('From a file.\n')
  })
})
