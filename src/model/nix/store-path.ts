import { withoutEnd } from '../text/without-end.ts'

/** A path in a Nix store, taken apart; `directory` is the store's, which need not be /nix/store. */
export interface StorePath {
  readonly directory: string
  readonly hash: string
  /** What follows the hash: `nginx-1.28.0-doc`. */
  readonly name: string
  /** What follows the store object, with its slash: `/bin/nginx`; often empty. */
  readonly rest: string
}

/** The 32 characters of Nix's own base 32 before the name (NixOS/nix src/libutil/hash.cc: no e, o, t, u). */
const hash = '[0-9a-df-np-sv-z]{32}'
/** Characters that the name of a store object may have (NixOS/nix src/libstore/path.cc). */
const nameCharacters = '[\\w+.?=-]+'
const wholePath = new RegExp(`^(/(?:[^\\s/]+/)*?)(${hash})-(${nameCharacters})((?:/.*)?)$`, 's')
const anyPath = new RegExp(`/${hash}-(${nameCharacters})`, 'g')
const anyHash = new RegExp(`/${hash}-`, 'g')

/** A step that leads out of the directory it stands in. */
const stepUp = /(?:^|\/)\.\.(?:\/|$)/

/** Takes a store path apart; null for anything else, and for a path with a `..` in it: what it names is not what it says. */
export function parseStorePath(path: string): StorePath | null {
  if (stepUp.test(path)) return null
  const [, directory, digest, name, rest] = wholePath.exec(path) ?? []
  if (directory === undefined || digest === undefined || name === undefined || rest === undefined) return null
  return { directory: directory.slice(0, -1), hash: digest, name, rest }
}

/** The name of a store path without its hash; what is no store path is its own name. */
export function nameOfPath(path: string): string {
  return parseStorePath(path)?.name ?? path
}

/** The store object that a path leads into: `/nix/store/…-nginx` for `/nix/store/…-nginx/bin/nginx`; null outside a store. */
export function storeObject(path: string): string | null {
  const found = parseStorePath(path)
  return found === null ? null : path.slice(0, path.length - found.rest.length)
}

/**
 * The target of a link with its `..` and `.` steps walked. Null for an absolute one that leads out of the store object it
 * begins in: nobody makes such a link but to have another file read. A relative target is left as it is.
 */
export function plainTarget(target: string): string | null {
  if (!target.startsWith('/') || !/\/\.\.?(?:\/|$)/.test(target)) return target
  const steps: string[] = []
  let object: string | null = null
  for (const step of target.split('/')) {
    if (step === '..') {
      object ??= storeObject(`/${steps.join('/')}`)
      steps.pop()
    } else if (step !== '' && step !== '.') steps.push(step)
  }
  const plain = `/${steps.join('/')}`
  return object === storeObject(plain) || object === null ? plain : null
}

/** A text whose store hashes are masked, so that only its own changes show: `/nix/store/…-nginx-1.28.0/bin/nginx`. */
export function maskHashes(text: string): string {
  return text.replace(anyHash, '/…-')
}

/** A text whose references are replaced by what `render` makes of their names, store directory kept. */
export function maskReferences(text: string, render: (name: string) => string): string {
  return text.replace(anyPath, (_, name: string) => `/…-${render(name)}`)
}

/** The store objects of the store `directory` that a text mentions, each once, in order. */
export function referencesIn(text: string, directory: string): readonly string[] {
  const found = new Set<string>()
  for (let at = text.indexOf(`${directory}/`); at >= 0; at = text.indexOf(`${directory}/`, at + 1)) {
    const candidate = text.slice(at, at + directory.length + 260)
    const [whole] = new RegExp(`^/${hash}-${nameCharacters}`).exec(candidate.slice(directory.length)) ?? []
    // A sentence may end with a path: no store object's name that anybody made ends in a dot.
    if (whole !== undefined) found.add(directory + withoutEnd(whole, '.?='))
  }
  return [...found]
}
