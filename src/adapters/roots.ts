import type { Roots } from '../ports/roots.ts'
import { addRoot, removeRoot } from './nix/add-roots.ts'

/** Roots in the operator's own Nix: indirect ones, links in the directory of a run. */
export const localRoots: Roots = {
  async add(path, root, signal) {
    // What is not here is not fetched for it, and needs none.
    await addRoot(path, root, signal)
  },
  remove: removeRoot,
}
