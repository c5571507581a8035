import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ask } from '../run.ts'

const script = fileURLToPath(new URL('base-tree.sh', import.meta.url))

/** Where the units of the base tree's systemd are, inside it. */
export const unitsOfBase = 'usr/lib/fleet-lab/units'

/**
 * The directory of the tree that hosts with a real systemd share, made on first use from this machine's own packages and kept
 * in the cache of whoever runs the lab; another when the recipe or this machine's release changes. Rejects with what apt said.
 */
export async function baseTree(onProgress: (text: string) => void): Promise<string> {
  const recipe = createHash('sha256')
  for (const file of [script, '/etc/os-release']) recipe.update(await readFile(file))
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const tree = join(cache, 'fleet-lab', `systemd-${recipe.digest('hex').slice(0, 12)}`)
  if (existsSync(tree)) return tree
  onProgress(`making the base tree of hosts with a real systemd, once, in ${tree} (half a minute, 270 MB)`)
  await mkdir(dirname(tree), { recursive: true })
  // In namespaces of its own, so that whatever ends the making leaves no mount.
  const made = await ask('setpriv', [
    '--pdeathsig',
    'KILL',
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    'sh',
    script,
    tree,
  ])
  if (made.code !== 0) throw new Error(`The base tree of hosts with a real systemd could not be made: ${made.stderr}`)
  return tree
}
