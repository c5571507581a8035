import { type JsonRecord, jsonRecord, parseJson } from '../text/json-text.ts'

/**
 * Where the inputs of a flake.lock come from, in the forms that Nix holds against `allowed-uris`: 2.8 compares the URL of an input;
 * later versions its whole reference, where what follows an entry must begin with a slash (NixOS/nix src/libexpr/eval.cc
 * `isAllowedURI`; src/libfetchers/git.cc and tarball.cc `toURL`).
 */
export function allowedUris(lockFile: string): readonly string[] {
  const nodes = Object.values(jsonRecord(jsonRecord(parseJson(lockFile))?.['nodes']) ?? {})
  const uris = nodes.flatMap((node) => urisOf(jsonRecord(jsonRecord(node)?.['locked']) ?? {}))
  // Nix splits the list at white space: such an address would allow others.
  return [...new Set(uris.filter((uri) => /^\S+$/.test(uri)))]
}

function urisOf(locked: JsonRecord): readonly string[] {
  const { type, owner, repo, url } = locked
  switch (type) {
    case 'github':
    case 'gitlab':
    case 'sourcehut':
      return typeof owner === 'string' && typeof repo === 'string' ? [`${type}:${owner}/${repo}/`] : []
    case 'git':
    case 'mercurial':
    case 'hg':
      return typeof url === 'string' ? [url, ...revisionsOf(url, locked)] : []
    case 'tarball':
    case 'file':
      if (typeof url !== 'string') return []
      return [url, withQuery(url, typeof locked['narHash'] === 'string' ? { narHash: locked['narHash'] } : {})]
    default:
      return []
  }
}

/** `fetchTree`, by which Nix 2.26 gets inputs, asks for a shallow clone where the lock file does not. */
function revisionsOf(url: string, locked: JsonRecord): readonly string[] {
  const place = `${locked['type'] === 'git' ? 'git' : 'hg'}+${url}`.replace(/^git\+git:/, 'git:')
  const parts = partsOf(locked)
  return [withQuery(place, parts), withQuery(place, { ...parts, shallow: '1' })]
}

/** What a reference to a revision tells beside its place. */
function partsOf(locked: JsonRecord): Readonly<Record<string, string>> {
  const texts = ['rev', 'ref'].flatMap((key) => (typeof locked[key] === 'string' ? [[key, locked[key]]] : []))
  const flags = ['shallow', 'submodules', 'allRefs', 'exportIgnore', 'lfs'].flatMap((key) =>
    locked[key] === true || locked[key] === 1 ? [[key, '1']] : [],
  )
  return Object.fromEntries([...texts, ...flags]) as Readonly<Record<string, string>>
}

/** The address with these in its query, in the order and the spelling of Nix. */
function withQuery(address: string, more: Readonly<Record<string, string>>): string {
  const [place = '', query = ''] = address.split('?', 2)
  const own = query.split('&').flatMap((part) => (part === '' ? [] : [part]))
  const added = Object.entries(more).map(([key, value]) => `${key}=${encoded(value)}`)
  const all = [...own, ...added].toSorted((one, other) => (one < other ? -1 : 1))
  return all.length === 0 ? place : `${place}?${all.join('&')}`
}

/** Nix leaves more of a query as it is. */
function encoded(value: string): string {
  return encodeURIComponent(value)
    .replace(/%(?:3A|40|2F|3F)/g, decodeURIComponent)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
