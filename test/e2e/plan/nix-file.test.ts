import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { Clone } from '../../rig/files/clone.ts'

const double = fileURLToPath(new URL('../../rig/doubles/colmena.sh', import.meta.url))
const system = (name: string, version: string) =>
  `derivation { name = "nixos-system-${name}-25.05"; system = "x86_64-linux"; builder = "/bin/sh"; version = "${version}"; }`
const fleetYaml = (source: string, hosts = 'hosts: { web: {}, db: {} }') =>
  `version: 1\nname: file-lab\n${source}\n${hosts}\n`

let folder: string
let clone: Clone

function open(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  clone = new Clone(folder)
  // What is no input of a clone is written into it.
  if (files['fleet.yaml'] !== undefined) writeFileSync(join(clone.directory, 'fleet.yaml'), files['fleet.yaml'])
  clone.commit('fleet.yaml')
}

async function planned(...args: readonly string[]) {
  const { code, stdout, stderr } = await clone.fleet('plan', '--json', ...args)
  if (code !== 0) throw new Error(stderr)
  return (JSON.parse(stdout) as Plan).body
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-file-'))
})
afterEach(() => {
  clone?.close()
  rmSync(folder, { recursive: true })
})

const plain = {
  'default.nix': `{ web = ${system('web', '1')}; db.config.system.build.toplevel = ${system('db', '1')}; }\n`,
  'fleet.yaml': fleetYaml('file: .'),
}

describe('a fleet in a Nix file', () => {
  it('is planned from a plain set of systems, pinned by the revision of its tree', async () => {
    open(plain)
    const { source, hosts, notes } = await planned('--offline')
    expect(Object.keys(hosts)).toEqual(['web', 'db'])
    expect(source).toMatchObject({ original: 'nix-file:.', rev: clone.git('rev-parse', 'HEAD'), dirty: false })
    expect(source.flake).toBe(`nix-file:${source.storePath}/default.nix`)
    expect(notes.map(({ code }) => code)).toContain('source/file')
    const { stdout } = await clone.fleet('plan', '--offline')
    expect(stdout).toMatch(/^file \. {2,}[0-9a-f]{7} of /m)
    expect(stdout).toContain('evaluated from a Nix file')
  })

  it('tells what changes since another revision, and a dirty tree', async () => {
    open(plain)
    const file = join(clone.directory, 'default.nix')
    writeFileSync(file, plain['default.nix'].replace('version = "1"', 'version = "2"'))
    const { source, since, notes } = await planned('--base', 'HEAD')
    expect(source).toMatchObject({ dirty: true, rev: null })
    expect(since).toMatchObject({ ref: 'HEAD', rev: clone.git('rev-parse', 'HEAD') })
    expect(notes.map(({ summary }) => summary)).toEqual([
      'since HEAD: another system for web (1 of 2)',
      'made from a dirty tree',
      'the branch has no upstream',
      'evaluated from a Nix file',
    ])
  })

  it('is read without Git too, and from a set that is named', async () => {
    open({
      'machines/all.nix': `{ }: { fleet.web = ${system('web', '1')}; fleet.db = ${system('db', '1')}; }\n`,
      'fleet.yaml': fleetYaml('file: machines/all.nix\nattribute: fleet'),
    })
    rmSync(join(clone.directory, '.git'), { recursive: true })
    const { source, hosts } = await planned('--offline')
    expect(Object.keys(hosts)).toEqual(['web', 'db'])
    expect(source).toMatchObject({ rev: null, dirty: false })
    expect(source.narHash).toMatch(/^sha256-/)
  })

  it('reads what npins and its like pin', async () => {
    const pinned = mkdtempSync(join(tmpdir(), 'fleet-pin-'))
    writeFileSync(join(pinned, 'default.nix'), `name: ${system('${name}', '7')}\n`)
    const tarball = `${folder}-pin.tar`
    execFileSync('tar', ['-C', dirname(pinned), '-cf', tarball, pinned.slice(dirname(pinned).length + 1)])
    const hash = execFileSync('nix-prefetch-url', ['--unpack', '--type', 'sha256', `file://${tarball}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
    open({
      'npins/sources.json': JSON.stringify({ version: 3, pins: { lib: { url: `file://${tarball}`, hash } } }),
      'npins/default.nix':
        'builtins.mapAttrs (_: { url, hash }: builtins.fetchTarball { inherit url; sha256 = hash; }) (builtins.fromJSON (builtins.readFile ./sources.json)).pins\n',
      'default.nix':
        'let make = import (import ./npins).lib; in { nixosConfigurations = { web = make "web"; db = make "db"; }; }\n',
      'fleet.yaml': fleetYaml('file: default.nix'),
    })
    expect(Object.values((await planned('--offline')).hosts).map(({ action }) => action)).toEqual([
      'unreachable',
      'unreachable',
    ])
    rmSync(pinned, { recursive: true })
    rmSync(tarball)
  })

  it('is a host’s failure where one host does not evaluate, and names the set that is not there', async () => {
    open({ ...plain, 'default.nix': `{ web = ${system('web', '1')}; db = throw "no disk"; }\n` })
    const { code, stdout } = await clone.fleet('plan', '--offline', '--json')
    const { hosts } = (JSON.parse(stdout) as Plan).body
    expect(code).toBe(1)
    expect(hosts['db']).toMatchObject({ action: 'evaluation-failed' })
    expect(hosts['web']?.action).not.toBe('evaluation-failed')
    writeFileSync(join(clone.directory, 'fleet.yaml'), fleetYaml('file: .\nattribute: machines'))
    expect((await clone.fleet('plan', '--offline')).stdout).toContain("does not provide attribute 'machines'")
  })

  it('says which file is not there, and which Git does not track', async () => {
    open({ ...plain, 'fleet.yaml': fleetYaml('file: none.nix') })
    expect((await clone.fleet('plan', '--offline')).stderr).toContain('none.nix does not exist')
    writeFileSync(join(clone.directory, 'none.nix'), '{ }')
    expect((await clone.fleet('plan', '--offline')).stderr.replaceAll(/\s+/g, ' ')).toContain('Git does not track it')
  })

  it('refuses to evaluate as a stranger’s what may read all of this machine', async () => {
    open(plain)
    const { code, stderr } = await clone.fleet('plan', '--offline', '--base', 'HEAD')
    expect(code).toBe(1)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('a Nix file may read all of it')
  })
})

describe('a hive of modules', () => {
  const hive = {
    'hive.nix': `{
  meta.nixpkgs = throw "the whole of nixpkgs";
  defaults = { pkgs, ... }: { deployment.targetUser = "root"; };
  web = { name, nodes, ... }: { system.build.toplevel = derivation { inherit name; system = "x86_64-linux"; builder = "/bin/sh"; }; };
  db = { ... }: { system.build.toplevel = ${system('db', '1')}; };
}\n`,
    'fleet.yaml': fleetYaml('file: hive.nix'),
  }

  it('is evaluated by the colmena on PATH', async () => {
    open(hive)
    const programs = join(clone.home, 'programs')
    mkdirSync(programs)
    copyFileSync(double, join(programs, 'colmena'))
    const path = { PATH: `${programs}:${process.env['PATH']}` }
    const { code, stdout, stderr } = await clone.fleetWith(path, 'plan', '--offline', '--json')
    expect(stderr).not.toContain('error')
    expect(code).toBe(0)
    const { hosts, source } = (JSON.parse(stdout) as Plan).body
    expect(Object.values(hosts).map(({ action }) => action)).toEqual(['unreachable', 'unreachable'])
    expect(source.flake).toBe(`nix-hive:${source.storePath}/hive.nix`)
  })

  it('is refused without colmena, with the line to add', async () => {
    open(hive)
    const { code, stderr } = await clone.fleet('plan', '--offline')
    expect(code).toBe(1)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('colmenaHive = colmena.lib.makeHive (import ./hive.nix);')
  })
})
