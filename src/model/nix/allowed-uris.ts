import { parseLockFile } from './lock-file.ts'

/**
 * Where the inputs of a flake.lock come from, in the forms that Nix holds against `allowed-uris`: 2.8 compares the URL of an input,
 * later versions its reference (`github:owner/repo/…`, `git+https://…`). An entry allows itself and what is below it.
 */
export function allowedUris(lockFile: string): readonly string[] {
  const uris = (parseLockFile(lockFile) ?? []).flatMap(({ from }) => {
    const colon = from.indexOf(':')
    const [type, place] = [from.slice(0, colon), from.slice(colon + 1)]
    switch (type) {
      case 'github':
      case 'gitlab':
      case 'sourcehut':
        return [`${from}/`]
      case 'git':
      case 'mercurial':
        return [place, `${type === 'git' ? 'git' : 'hg'}+${place}`]
      case 'tarball':
      case 'file':
        return [place]
      default:
        return []
    }
  })
  // Nix splits the list at white space: such an address would allow others.
  return [...new Set(uris.filter((uri) => /^\S+$/.test(uri)))]
}
