import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { fileEvaluations } from '../../../src/adapters/state/evaluations.ts'
import { localNix } from '../../../src/adapters/nix/nix.ts'
import type { Seal } from '../../../src/adapters/nix/seal.ts'
import { DoubleMemory } from '../../rig/doubles/memory.ts'
import { FlakeTree } from '../../rig/files/flake-tree.ts'

const never = new AbortController().signal
const state = mkdtempSync(join(tmpdir(), 'fleet-sealed-'))
const tree = new FlakeTree()
const input = new FlakeTree()
/** What the flake asks this machine's network for. */
const requests: string[] = []
const server = createServer((request, response) => {
  requests.push(request.url ?? '')
  response.writeHead(404).end()
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const rev = '61413aae5b2c4f1d8a7e9b3c6d0f2a4b5c7d8e9f'
  input.write({ 'flake.nix': '{ outputs = _: { text = "of an input"; }; }\n' })
  input.commit('one')
  const wants = (value: string) => `host (${value})`
  const hash = `"0000000000000000000000000000000000000000000000000000"`
  tree.write({
    'flake.nix': `{
  inputs.other.url = "git+file://${input.directory}";
  nixConfig.allow-import-from-derivation = true;
  outputs = { self, other }: let
    host = text: { config.system.build.toplevel = derivation {
      name = "nixos-system-host"; system = "x86_64-linux"; builder = "/bin/sh"; inherit text; }; };
    built = derivation { name = "built"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo '\\"x\\"' > $out" ]; };
  in { nixosConfigurations = {
    plain = ${wants('other.text + builtins.readFile ./text')};
    builds = ${wants('import built')};
    fetches = ${wants(`builtins.readFile (builtins.fetchurl { url = "${url}/fetchurl"; sha256 = ${hash}; })`)};
    unpacks = ${wants(`toString (builtins.fetchTarball { url = "${url}/tarball"; sha256 = ${hash}; })`)};
    clones = ${wants(`toString (builtins.fetchGit { url = "${url}/git"; rev = "${rev}"; })`)};
    forge = ${wants(`toString (builtins.fetchTree { type = "gitlab"; host = "127.0.0.1"; owner = "a"; repo = "b"; rev = "${rev}"; })`)};
  }; };
}
`,
    text: ' and a file',
  })
  await tree.lock()
})

afterAll(() => {
  server.close()
  for (const one of [tree, input]) one.close()
  rmSync(state, { recursive: true })
})

async function evaluated(attribute: string, seal: Seal | null) {
  const nix = localNix(new DoubleMemory(null), fileEvaluations(state, systemClock), seal)
  const locked = await nix.lock(`path:${tree.directory}`, tree.directory, never)
  if (!locked.ok) throw new Error(locked.failure.detail)
  requests.length = 0
  return nix.evaluate({ flake: locked.value.flake, set: 'nixosConfigurations', attribute }, never)
}

const sealed: Seal = { importFromDerivation: false }

it('a stranger’s flake is evaluated with its inputs and its own files', async () => {
  expect(await evaluated('plain', sealed)).toMatchObject({ ok: true, value: { platform: 'x86_64-linux' } })
})

it.each(['builds', 'fetches', 'unpacks', 'clones', 'forge'])(
  'one that %s while it is evaluated is refused, and asks nothing of the network',
  async (attribute) => {
    expect(await evaluated(attribute, sealed)).toMatchObject({ ok: false, failure: { code: 'evaluate/sealed' } })
    expect(requests).toEqual([])
  },
)

it('the operator’s own flake may do both', async () => {
  expect(await evaluated('builds', null)).toMatchObject({ ok: true })
  expect(await evaluated('fetches', null)).toMatchObject({ ok: false, failure: { code: 'evaluate/failed' } })
  expect(requests).toContain('/fetchurl')
})

it('one that builds while it is evaluated is let where that was asked for', async () => {
  expect(await evaluated('builds', { importFromDerivation: true })).toMatchObject({ ok: true })
})

it('a lock file that is not whole is not completed', async () => {
  const nix = localNix(new DoubleMemory(null), fileEvaluations(state, systemClock), sealed)
  tree.write({ 'flake.lock': '{ "nodes": { "root": {} }, "root": "root", "version": 7 }\n' })
  expect(await nix.lock(`path:${tree.directory}`, tree.directory, never)).toMatchObject({
    ok: false,
    failure: { code: 'source/not-locked', detail: expect.stringContaining('lock file') as string },
  })
})
