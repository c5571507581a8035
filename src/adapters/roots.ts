import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Roots } from '../ports/roots.ts'
import { program } from './nix/command.ts'

/** Roots in the operator's own Nix: indirect ones, links in the directory of a run. */
export const localRoots: Roots = {
  async add(path, root, signal) {
    await mkdir(dirname(root), { recursive: true })
    // Realising a path that is here makes the root at once; what is not here is not fetched for it, and needs none.
    const options = ['--add-root', root, '--indirect', '--option', 'substitute', 'false']
    await program('nix-store', ['--realise', path, ...options], signal)
  },
  async remove(root) {
    // A link is removed, never what it leads to.
    await rm(root, { recursive: true, force: true })
  },
}
