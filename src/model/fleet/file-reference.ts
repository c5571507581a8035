import { maskCredentials } from '../text/secret.ts'

/** Before the path of a Nix file that stands where a flake reference may, and of one that Colmena evaluates. */
const [mark, hiveMark] = ['nix-file:', 'nix-hive:']

/** The `file` of fleet.yaml as what is planned from: it takes the place of a flake reference. */
export function fileReference(path: string): string {
  return `${mark}${path}`
}

/** A hive that only Colmena evaluates, as a locked source has it. */
export function hiveReference(path: string): string {
  return `${hiveMark}${path}`
}

/** What stands for a file, taken apart; null: it is a flake's reference. */
export function fileIn(reference: string): { readonly path: string; readonly isHive: boolean } | null {
  for (const one of [mark, hiveMark])
    if (reference.startsWith(one)) return { path: reference.slice(one.length), isHive: one === hiveMark }
  return null
}

/** What is planned from, as a person calls it: `flake .`, `file hive.nix`. */
export function sourceName(reference: string): string {
  const file = fileIn(reference)
  return file === null ? `flake ${maskCredentials(reference)}` : `file ${file.path}`
}
