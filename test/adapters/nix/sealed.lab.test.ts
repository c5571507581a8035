import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { fileEvaluations } from '../../../src/adapters/state/evaluations.ts'
import { localNix } from '../../../src/adapters/nix/nix.ts'
import type { Seal } from '../../../src/adapters/nix/seal.ts'
import { sourceStorePath } from '../../../src/adapters/nix/source/source-store-path.ts'
import { DoubleMemory } from '../../rig/doubles/memory.ts'
import { nixOptions } from '../../lab/flake.ts'
import { run } from '../../lab/run.ts'
import { FlakeTree } from '../../rig/files/flake-tree.ts'

const never = new AbortController().signal
const state = mkdtempSync(join(tmpdir(), 'fleet-sealed-'))
const tree = new FlakeTree()
/** What the operator alone may read. */
const secret = new FlakeTree()
const input = new FlakeTree()
const repository = new FlakeTree()
/** What the flake asks this machine's network for. */
const requests: string[] = []
const server = createServer((request, response) => {
  requests.push(request.url ?? '')
  const [place = ''] = (request.url ?? '').split('?')
  const file = place.startsWith('/repository/')
    ? `${repository.directory}/.git${place.slice(11)}`
    : input.directory + place
  if (place !== '/' && existsSync(file)) response.end(readFileSync(file))
  else response.writeHead(404).end()
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const rev = '61413aae5b2c4f1d8a7e9b3c6d0f2a4b5c7d8e9f'
  input.write({ 'input/flake.nix': '{ outputs = _: { text = "of an input"; }; }\n' })
  execFileSync('tar', ['-C', input.directory, '-czf', join(input.directory, 'input.tar.gz'), 'input'])
  repository.write({ 'flake.nix': '{ outputs = _: { text = "of a repository"; }; }\n' })
  repository.commit('one')
  repository.git('update-server-info')
  secret.write({ id: 'TOP SECRET', 'flake.nix': '{ outputs = _: { }; }' })
  const wrong = 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
  const wants = (value: string) => `host (${value})`
  const hash = `"0000000000000000000000000000000000000000000000000000"`
  tree.write({
    'flake.nix': `{
  inputs.other.url = "${url}/input.tar.gz";
  inputs.repository.url = "git+${url}/repository?ref=main";
  nixConfig.allow-import-from-derivation = true;
  outputs = { self, other, repository }: let
    host = text: { config.system.build.toplevel = derivation {
      name = "nixos-system-host"; system = "x86_64-linux"; builder = "/bin/sh"; inherit text; }; };
    built = derivation { name = "built"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo '\\"x\\"' > $out" ]; };
  in { nixosConfigurations = {
    plain = ${wants('other.text + repository.text + builtins.readFile ./text')};
    builds = ${wants('import built')};
    fetches = ${wants(`builtins.readFile (builtins.fetchurl { url = "${url}/fetchurl"; sha256 = ${hash}; })`)};
    unpacks = ${wants(`toString (builtins.fetchTarball { url = "${url}/tarball"; sha256 = ${hash}; })`)};
    clones = ${wants(`toString (builtins.fetchGit { url = "${url}/git"; rev = "${rev}"; })`)};
    forge = ${wants(`toString (builtins.fetchTree { type = "gitlab"; host = "127.0.0.1"; owner = "a"; repo = "b"; rev = "${rev}"; })`)};
    asksPath = ${wants(`builtins.readFile ((builtins.fetchTree { type = "path"; path = "${secret.directory}"; narHash = "${wrong}"; }) + "/id")`)};
    asksFlake = ${wants(`toString (builtins.getFlake "path:${secret.directory}?narHash=${wrong}")`)};
  }; };
}
`,
    text: ' and a file',
  })
  await tree.lock()
})

afterAll(() => {
  server.close()
  for (const one of [tree, input, repository, secret]) one.close()
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

it.each(['asksPath', 'asksFlake'])(
  'one that %s with a wrong hash does not learn the right one, with which it could read the files of the operator',
  async (attribute) => {
    const found = await evaluated(attribute, sealed)
    expect(found).toMatchObject({ ok: false, failure: { code: 'evaluate/sealed' } })
    const hash = await run('nix', ['hash', 'path', ...nixOptions, secret.directory])
    expect(JSON.stringify(found)).not.toContain(hash.trim().slice(7, 40))
    expect(JSON.stringify(found)).not.toContain(sourceStorePath(hash.trim(), '/nix/store'))
  },
)

it('a lock file that takes an input from this machine is refused before anything is fetched', async () => {
  const nix = localNix(new DoubleMemory(null), fileEvaluations(state, systemClock), sealed)
  const stranger = new FlakeTree()
  const path = { type: 'path', path: secret.directory, lastModified: 1, narHash: `sha256-${'A'.repeat(43)}=` }
  const nodes = {
    keys: { flake: false, locked: path, original: { type: 'path', path: secret.directory } },
    root: { inputs: { keys: 'keys' } },
  }
  stranger.write({
    'flake.nix': `{ inputs.keys = { url = "path:${secret.directory}"; flake = false; }; outputs = _: { }; }`,
    'flake.lock': JSON.stringify({ nodes, root: 'root', version: 7 }),
  })
  expect(await nix.lock(`path:${stranger.directory}`, stranger.directory, never)).toMatchObject({
    ok: false,
    failure: { code: 'evaluate/sealed', detail: expect.stringContaining(`keys (path:${secret.directory})`) as string },
  })
  stranger.close()
})

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
