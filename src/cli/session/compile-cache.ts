import * as node from 'node:module'
import { isAbsolute, join } from 'node:path'

/**
 * From Node 22.8 on, keeps what Node compiles of the code that is loaded after this, and uses what an earlier start kept. The
 * folder is the operator's own: Node's usual one is in the folder for temporary files, where others write too. Without a home
 * nothing is kept, and where the folder cannot be written Node goes on without.
 */
export function keepCompiled(environment: NodeJS.ProcessEnv): void {
  const { enableCompileCache } = node as { readonly enableCompileCache?: (folder: string) => unknown }
  const caches = environment['XDG_CACHE_HOME'] ?? ''
  const home = environment['HOME'] ?? ''
  // Relative ones are to be ignored (XDG Base Directory Specification).
  if (isAbsolute(caches)) enableCompileCache?.(join(caches, 'fleet', 'compiled'))
  else if (isAbsolute(home)) enableCompileCache?.(join(home, '.cache', 'fleet', 'compiled'))
}
