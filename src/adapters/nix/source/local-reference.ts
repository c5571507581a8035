import { dirname } from 'node:path'
import { fileIn } from '../../../model/fleet/file-reference.ts'

/** A flake reference to a directory of this machine, taken apart. */
export interface LocalReference {
  /** Empty for a plain path. */
  readonly scheme: '' | 'path' | 'git+file' | 'nix-file'
  /** Relative or absolute. */
  readonly path: string
  /** With its question mark; empty where there is none. */
  readonly query: string
  /** `?dir=` of the query, decoded; empty where there is none. */
  readonly dir: string
}

/**
 * Takes a reference apart where it is a path: `.`, `./nix?dir=x`, `/srv/fleet`, `path:./x`, `git+file:.`. Null for all
 * others: registry names, github:, git+ssh:, tarballs and FlakeHub go to Nix as they are.
 */
export function localReference(flake: string): LocalReference | null {
  const file = fileIn(flake)
  // The tree of a Nix file is that of its folder.
  if (file !== null && !file.path.startsWith('git+'))
    return { scheme: 'nix-file', path: file.path.endsWith('.nix') ? dirname(file.path) : file.path, query: '', dir: '' }
  const [whole = ''] = flake.split('#', 1)
  const mark = whole.indexOf('?')
  const [base, query] = mark === -1 ? [whole, ''] : [whole.slice(0, mark), whole.slice(mark)]
  const [, scheme = '', rest = base] = /^(path|git\+file):(?:\/\/(?=\/))?(.*)$/.exec(base) ?? []
  // A word without a scheme is a name of the registry.
  if (scheme === '' && base !== '' && !base.startsWith('.') && !base.startsWith('/')) return null
  const dir = decoded(/[?&]dir=([^&]*)/.exec(query)?.[1] ?? '')
  return { scheme: scheme as LocalReference['scheme'], path: rest === '' ? '.' : rest, query, dir }
}

/** A part of a URL without its escapes; one that holds a `%` of its own is taken as it is. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return part
    throw error
  }
}
