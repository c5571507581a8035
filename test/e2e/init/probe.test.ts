import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, afterEach, expect, it } from 'vitest'
import type { Clone } from '../../rig/files/clone.ts'
import { cloneOf } from '../../rig/files/shape.ts'
import { SshServer } from '../../rig/servers/ssh-server.ts'

let server: SshServer
let shape: Clone
beforeAll(async () => {
  server = await SshServer.start()
})
afterAll(() => server?.stop())
beforeEach(() => {
  shape = cloneOf('nixinate')
  const flake = join(shape.directory, 'flake.nix')
  const at = `host = "${server.address}"; port = ${server.port};`
  const only = `{\n  outputs = _: let nixos = import ./nixos.nix; in {\n    nixosConfigurations.near = nixos.system "near" { arguments.nixinate = { ${at} }; };\n  };\n}\n`
  writeFileSync(flake, only)
})
afterEach(() => shape?.close())

const written = () => readFileSync(join(shape.directory, 'fleet.yaml'), 'utf8')

it('fleet init --probe shows what a host offers, and pins nothing that nobody confirms', async () => {
  const { code, stdout, stderr } = await shape.fleet('init', '--probe')
  expect(code).toBe(0)
  expect(stderr).toBe(`near  127.0.0.2  ssh-ed25519 ${server.fingerprint}  (not in your known_hosts)\n`)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'near no key pinned: not confirmed: run fleet init --probe on a terminal',
  )
  expect(written()).not.toContain('hostKey')
})

it.each([
  ['yes', true],
  ['y', false],
])('on a terminal %s pins the key: %s', async (answer, isPinned) => {
  const { code, stdout } = await shape.onTerminal(answer, 'init', '--probe')
  expect(stdout).toContain(server.fingerprint)
  expect(code).toBe(0)
  expect(written().includes(`hostKey: ${server.key}`)).toBe(isPinned)
  expect(await shape.fleet('validate')).toMatchObject({ code: 0 })
})
