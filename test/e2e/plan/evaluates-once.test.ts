import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { ask } from '../../lab/run.ts'
import { RecordingNix } from '../../rig/doubles/nix.ts'
import { FlakeTree } from '../../rig/files/flake-tree.ts'

const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
const tree = new FlakeTree()
const nix = new RecordingNix(tree.directory)
afterAll(() => tree.close())

/** Two hosts that nobody can reach: only what they should run is asked about. */
beforeAll(() => {
  tree.write({
    '.gitignore': '/.fleet/\n/recording-nix/\n/plan.json\n',
    'fleet.yaml': [
      'version: 1',
      'name: nowhere',
      'defaults: { ssh: { port: 1, connectTimeout: 1s } }',
      'hosts:',
      '  one: { address: 127.0.0.1 }',
      '  two: { address: 127.0.0.1 }',
      '',
    ].join('\n'),
    'flake.nix': `{
  outputs = { self }: {
    nixosConfigurations = builtins.listToAttrs (map (name: {
      inherit name;
      value.config.system.build.toplevel = derivation {
        name = "nixos-system-\${name}-25.05"; system = "x86_64-linux"; builder = "/bin/sh"; text = builtins.readFile ./text;
      };
    }) [ "one" "two" ]);
  };
}
`,
    text: 'one',
  })
  tree.commit('one')
})

/** Plans, and tells what Nix was asked for and which systems the plan names. */
async function plan(): Promise<{ asked: readonly string[]; systems: readonly string[] }> {
  const path = `${nix.directory}:${process.env['PATH'] ?? ''}`
  const args = ['--import', 'tsx', main, '-f', join(tree.directory, 'fleet.yaml'), 'plan', '--format', 'json']
  const answer = await ask(process.execPath, args, { environment: { ...process.env, PATH: path } })
  if (answer.stdout === '') throw new Error(answer.stderr)
  const { hosts } = (JSON.parse(answer.stdout) as Plan).body
  const systems = Object.values(hosts).map((host) => ('to' in host && host.to !== null ? host.to.system : host.action))
  return { asked: nix.taken(), systems }
}

const evaluations = (asked: readonly string[]) => asked.filter((command) => command === 'eval').length

test('a second plan of the same commit evaluates nothing, and says the same', async () => {
  const first = await plan()
  expect(evaluations(first.asked)).toBe(2)
  const second = await plan()
  expect(evaluations(second.asked)).toBe(0)
  expect(second.systems).toEqual(first.systems)
  expect(first.systems).toEqual([expect.stringContaining('-one-'), expect.stringContaining('-two-')])
})

test('a damaged cache costs an evaluation and nothing else', async () => {
  const { systems } = await plan()
  const folder = join(tree.directory, '.fleet', 'cache', 'evaluations')
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{')
  const mended = await plan()
  expect(mended.systems).toEqual(systems)
  expect(evaluations(mended.asked)).toBe(2)
  expect(evaluations((await plan()).asked)).toBe(0)
})

test('a dirty tree is evaluated once for each content', async () => {
  tree.write({ text: 'two' })
  const first = await plan()
  expect(evaluations(first.asked)).toBe(2)
  expect(evaluations((await plan()).asked)).toBe(0)
  tree.write({ text: 'three' })
  const other = await plan()
  expect(evaluations(other.asked)).toBe(2)
  expect(other.systems).not.toEqual(first.systems)
})

test('a system is told though its cache is gone', async () => {
  rmSync(join(tree.directory, '.fleet'), { recursive: true })
  expect(evaluations((await plan()).asked)).toBe(2)
})
