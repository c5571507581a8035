import type { EtcChange } from '../../../model/plan/plan-schema.ts'
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

/** The difference of two texts as it may be shown, hashes and secret-looking values masked; where nothing is shown, why. */
export function shownPatch(before: string, after: string): Pick<EtcChange, 'patch' | 'withheld'> {
  const [from, to] = [maskHashes(before), maskHashes(after)]
  const patch = unifiedPatch(maskSecrets(from), maskSecrets(to))
  switch (patch.kind) {
    case 'same':
      return from === to ? { patch: null } : { patch: null, withheld: 'secrets' }
    case 'too-different':
      return { patch: null, withheld: 'too-large' }
    case 'patch':
      return patch.text.length > longest ? { patch: null, withheld: 'too-large' } : { patch: patch.text }
  }
}
