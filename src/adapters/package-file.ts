import { existsSync } from 'node:fs'

/** A file or folder that ships with fleet, by its path from the package: where the code stands differs between src and dist. */
export function packageFile(path: string): URL {
  let folder = new URL('./', import.meta.url)
  while (!existsSync(new URL('package.json', folder))) {
    const above = new URL('../', folder)
    if (above.href === folder.href) throw new Error('bug: fleet is in no package')
    folder = above
  }
  return new URL(path, folder)
}
