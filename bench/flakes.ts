import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedHosts } from '../test/lab/description.ts'
import { writeFlake } from '../test/lab/flake.ts'
import { layoutOf } from '../test/lab/hosts/layout.ts'
import { run } from '../test/lab/run.ts'

/** A flake to measure with, clean and committed. */
export interface BenchFlake {
  readonly name: string
  readonly directory: string
  readonly hosts: readonly string[]
}

/** The lab's flake with so many small hosts: NixOS-shaped, a fraction of a second each. */
export async function labFlake(place: string, count: number): Promise<BenchFlake> {
  const layout = layoutOf(join(place, `lab-${count}`))
  await mkdir(layout.directory, { recursive: true })
  const hosts = generatedHosts(count)
  await writeFlake(layout, hosts)
  return { name: `lab, ${count} small hosts`, directory: layout.flake, hosts: Object.keys(hosts) }
}

/** Hosts of given weights; 1000 is about 0.6 GiB and 4 s of CPU, as a NixOS of 2026. */
export async function heavyFlake(
  place: string,
  name: string,
  weights: Readonly<Record<string, number>>,
): Promise<BenchFlake> {
  const directory = join(place, name)
  await cp(fileURLToPath(new URL('heavy-flake', import.meta.url)), directory, { recursive: true })
  await writeFile(join(directory, 'hosts.json'), JSON.stringify(weights))
  const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@fleet.example', '-c', 'commit.gpgsign=false']
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['commit', '--quiet', '--message=All'],
  ])
    await run('git', ['-C', directory, ...identity, ...args])
  return { name, directory, hosts: Object.keys(weights) }
}
