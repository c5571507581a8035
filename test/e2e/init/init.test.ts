import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Clone } from '../../rig/files/clone.ts'
import { cloneOf } from '../../rig/files/shape.ts'

let shape: Clone | null = null
afterEach(() => shape?.close())

function open(name: string): Clone {
  shape = cloneOf(name)
  return shape
}

function written(directory: string, file = 'fleet.yaml'): string {
  return readFileSync(join(directory, file), 'utf8')
}

describe('fleet init', () => {
  it('overwrites no file, unless it is told to', async () => {
    const { directory, fleet } = withFleet(open('configurations'))
    writeFileSync(join(directory, 'fleet.yaml'), 'mine\n')
    const { code, stdout, stderr } = await fleet('init')
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('fleet.yaml is there already')
    expect(written(directory)).toBe('mine\n')
    expect((await fleet('init', '--force')).code).toBe(0)
    expect(written(directory)).toContain('name: configurations')
  })

  it('takes the domain of hosts whose address the flake does not say', async () => {
    const { directory, fleet } = withFleet(open('configurations'))
    expect((await fleet('init', '--domain', 'ts.example')).code).toBe(0)
    expect(written(directory)).toContain('  grey-area: { address: grey-area.ts.example }')
    expect(written(directory)).toContain('# The flake says no addresses: each is the host’s name in ts.example.')
  })

  it('writes to standard output, and says the rest beside it', async () => {
    const { stdout, stderr, code } = await open('nixinate').fleet('init', '-o', '-')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^# Written by `fleet init`[^]*\n {2}- \{ name: rest, hosts: \["\*"\] \}\n$/)
    expect(stderr).toMatch(/^A fleet\.yaml: 3 hosts, 2 waves\.\n/)
  })

  it('writes elsewhere with a reference that starts there', async () => {
    const { directory, fleet } = withFleet(open('configurations'))
    expect((await fleet('init', '--flake', '.', '-o', '../elsewhere.yaml')).code).toBe(0)
    expect(written(directory, '../elsewhere.yaml')).toContain('\nflake: ./configurations\n')
    expect((await fleet('-f', '../elsewhere.yaml', 'plan', '--offline')).code).toBe(0)
  })

  it('says what is missing where the flake names no host, and writes nothing', async () => {
    const { directory, fleet } = withFleet(open('configurations'))
    const { code, stderr } = await fleet('init', '--from', 'deploy-rs')
    expect(code).toBe(1)
    expect(stderr).toContain('The flake has no `deploy.nodes`.')
    expect(() => written(directory)).toThrow('ENOENT')
  })

  it('reads the rest of a flake of which one output does not evaluate', async () => {
    const { directory, fleet } = withFleet(open('configurations'))
    const flake = join(directory, 'flake.nix')
    writeFileSync(
      flake,
      readFileSync(flake, 'utf8').replace(
        'nixosConfigurations =',
        'deploy.nodes = { }.gone;\n      nixosConfigurations =',
      ),
    )
    const { code, stdout } = await fleet('init')
    expect(code).toBe(0)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      "deploy.nodes not read, because it does not evaluate: attribute 'gone' missing",
    )
    expect(written(directory)).toContain('grey-area: { address: grey-area }')
  })

  it('writes a file that plans even where every host is disabled', async () => {
    const { directory, fleet } = withFleet(open('images-and-new-machines'))
    const flake = join(directory, 'flake.nix')
    writeFileSync(flake, readFileSync(flake, 'utf8').replaceAll(/\n *(hetzner-cloud|vultr) = [^\n]*/g, ''))
    expect((await fleet('init')).code).toBe(0)
    expect(written(directory)).toContain('  - { name: all, hosts: ["*"], allowEmpty: true }')
    expect((await fleet('validate')).code).toBe(0)
  })
})

function withFleet(one: Clone) {
  return { directory: one.directory, fleet: one.fleet.bind(one) }
}
