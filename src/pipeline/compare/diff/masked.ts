import { parsePackageName } from '../../../model/nix/package-name.ts'
import { maskSecrets } from '../../../model/text/secret.ts'
import { maskHashes, maskReferences } from '../../../model/nix/store-path.ts'
import { unifiedPatch } from './unified-patch.ts'

/** Characters of a patch that a plan carries. */
const longest = 32 * 1024

/** True when two texts differ in store paths alone, versions in those paths included. */
export function differInPathsOnly(before: string, after: string): boolean {
  const mask = (text: string) => maskReferences(text, (name) => parsePackageName(name).name)
  return mask(before) === mask(after)
}

/** The difference of two texts as it may be shown: hashes and secret-looking values masked; null: nothing of it may, or it is too long. */
export function shownPatch(before: string, after: string): string | null {
  const shown = (text: string) => maskSecrets(maskHashes(text))
  const patch = unifiedPatch(shown(before), shown(after))
  return patch === null || patch.length > longest ? null : patch
}
