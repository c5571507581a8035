import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nixOptions } from '../flake.ts'
import type { Layout } from './layout.ts'
import { run } from '../run.ts'

/** Builds every host's first system and leaves beside each host what its machine needs to install it: `system`, `closure`, `registration`. */
export async function writeClosures(
  layout: Layout,
  names: readonly string[],
  start: 'installed' | 'converged',
): Promise<void> {
  const attribute = start === 'installed' ? 'installed' : 'nixosConfigurations'
  // `nix build --json` answers in an order of its own, so the names come from an evaluation.
  const toplevels =
    'hosts: builtins.mapAttrs (name: host: let top = host.config.system.build.toplevel; in { drv = top.drvPath; out = "${top}"; }) hosts'
  const flake = `git+file://${layout.flake}#${attribute}`
  const evaluated = JSON.parse(
    await run('nix', [...nixOptions, 'eval', '--json', flake, '--apply', toplevels]),
  ) as Record<string, { readonly drv: string; readonly out: string }>
  await run('nix-store', ['--realise', '--quiet', ...Object.values(evaluated).map(({ drv }) => drv)])
  const systems = new Map(names.map((name) => [name, evaluated[name]?.out ?? '']))
  const requisites = (await run('nix-store', ['--query', '--requisites', ...new Set(systems.values())]))
    .trim()
    .split('\n')
  const registered = readRegistration(await run('nix-store', ['--dump-db', ...requisites]))
  for (const [name, system] of systems) {
    const paths = closureOf(system, registered)
    await writeFile(join(layout.host(name), 'system'), `${system}\n`)
    await writeFile(join(layout.host(name), 'closure'), paths.map((path) => `${path}\n`).join(''))
    await writeFile(
      join(layout.host(name), 'registration'),
      paths.map((path) => registered.get(path)?.text ?? '').join(''),
    )
  }
}

interface Registered {
  readonly text: string
  readonly references: readonly string[]
}

// One record a path: the path, hash, size, deriver (may be empty), number of references, the references, a line each.
function readRegistration(dump: string): Map<string, Registered> {
  const lines = dump.split('\n')
  const registered = new Map<string, Registered>()
  for (let at = 0; at + 4 < lines.length;) {
    const end = at + 5 + Number(lines[at + 4])
    registered.set(lines[at] ?? '', {
      text: `${lines.slice(at, end).join('\n')}\n`,
      references: lines.slice(at + 5, end),
    })
    at = end
  }
  return registered
}

function closureOf(path: string, registered: ReadonlyMap<string, Registered>): readonly string[] {
  const seen = new Set([path])
  for (const each of seen) for (const reference of registered.get(each)?.references ?? []) seen.add(reference)
  return [...seen].toSorted()
}
