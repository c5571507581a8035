import { type JsonRecord, jsonRecord, parseJson } from '../text/json-text.ts'
import { timeOfUnix } from '../text/unix-time.ts'

/** One input of a flake.lock, as it was locked. */
export interface LockedInput {
  /** Its way from the flake: `nixpkgs`, `home-manager/nixpkgs`. */
  readonly name: string
  /** Where it comes from, without what changes: `github:NixOS/nixpkgs`. */
  readonly from: string
  readonly rev: string | null
  /** Time of the revision, RFC 3339, UTC; null where the lock file does not tell. */
  readonly date: string | null
  readonly narHash: string
  /** A page that shows a revision is at `page/commit/REV`, two of them compared at `page/compare/OLD...NEW`; null: none is known. */
  readonly page: string | null
  /** The directory, for an input that is a path of this machine. */
  readonly path: string | null
}

/**
 * The inputs of a flake.lock (versions 5 to 7) by their names, in order of these; null where the text is none. An input
 * that follows another is not listed: it is what that one is. Format: NixOS/nix src/libflake/flake/lockfile.cc.
 */
export function parseLockFile(text: string): readonly LockedInput[] | null {
  const file = jsonRecord(parseJson(text))
  const nodes = jsonRecord(file?.['nodes'])
  const root = file?.['root']
  if (nodes === null || typeof root !== 'string') return null
  const found: LockedInput[] = []
  // A node that is reached by two ways is one input, named by the first of the shortest ways.
  const seen = new Set([root])
  const queue: { readonly name: string; readonly node: string }[] = [{ name: '', node: root }]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const node = jsonRecord(nodes[next.node])
    const input = next.name === '' ? null : inputOf(next.name, jsonRecord(node?.['locked']))
    if (input !== null) found.push(input)
    for (const [name, target] of Object.entries(jsonRecord(node?.['inputs']) ?? {}).toSorted(byName)) {
      if (typeof target !== 'string' || seen.has(target)) continue
      seen.add(target)
      queue.push({ name: next.name === '' ? name : `${next.name}/${name}`, node: target })
    }
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

function inputOf(name: string, locked: JsonRecord | null): LockedInput | null {
  if (locked === null) return null
  const modified = locked['lastModified']
  return {
    name,
    from: originOf(locked),
    rev: text(locked['rev']),
    date: typeof modified === 'number' ? timeOfUnix(modified) : null,
    narHash: text(locked['narHash']) ?? '',
    page: pageOf(locked),
    path: locked['type'] === 'path' ? text(locked['path']) : null,
  }
}

function originOf(locked: JsonRecord): string {
  const [type, owner, repo] = [text(locked['type']) ?? 'unknown', text(locked['owner']), text(locked['repo'])]
  if (owner !== null && repo !== null) return `${type}:${owner}/${repo}`
  const place = text(locked['url']) ?? text(locked['path']) ?? text(locked['id']) ?? ''
  return `${type}:${place}`
}

/** Pages of the forges that Nix has names for, at their usual host or the one that the input names. */
function pageOf(locked: JsonRecord): string | null {
  const [owner, repo] = [text(locked['owner']), text(locked['repo'])]
  const usual = { github: 'github.com', gitlab: 'gitlab.com', sourcehut: null }[text(locked['type']) ?? '']
  if (usual == null || owner === null || repo === null) return null
  return `https://${text(locked['host']) ?? usual}/${owner}/${repo}${usual === 'gitlab.com' ? '/-' : ''}`
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
