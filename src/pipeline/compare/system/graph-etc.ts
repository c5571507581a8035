import { type Derivation, listAttribute, textAttribute } from '../../../model/nix/derivation.ts'
import type { EtcEntry } from '../../../model/host/nixos-system.ts'
import { plainTarget } from '../../../model/nix/store-path.ts'
import { shellWords } from '../../../model/text/shell-words.ts'

/**
 * The /etc map of the derivation that makes it, by path below /etc: lines `makeEtcEntry SRC TARGET MODE USER GROUP`
 * (nixpkgs nixos/modules/system/etc/etc.nix), or the five parallel lists of 20.09; null when it has neither.
 */
export function etcEntries(derivation: Derivation): ReadonlyMap<string, EtcEntry> | null {
  return entriesOfLines(derivation) ?? entriesOfLists(derivation)
}

function entriesOfLines(derivation: Derivation): ReadonlyMap<string, EtcEntry> | null {
  const command = textAttribute(derivation, 'buildCommand')
  if (command === null || !command.includes('makeEtcEntry')) return null
  const entries = new Map<string, EtcEntry>()
  for (const line of command.split('\n')) {
    // The function's definition has the same word, with parentheses.
    if (!/^\s*makeEtcEntry\s+[^\s(]/.test(line)) continue
    const [, source, target, mode = 'symlink', user = '+0', group = '+0'] = shellWords(line) ?? []
    if (source === undefined || target === undefined) return null
    entries.set(target, { source: plainSource(source), mode, user, group })
  }
  return entries
}

/** A source that leads out of its store object stays as it is written: it is compared and shown, and never opened. */
function plainSource(source: string): string {
  return plainTarget(source) ?? source
}

function entriesOfLists(derivation: Derivation): ReadonlyMap<string, EtcEntry> | null {
  const [sources, targets, modes, users, groups] = ['sources', 'targets', 'modes', 'users', 'groups'].map((name) =>
    listAttribute(derivation, name),
  )
  if (sources == null || targets == null || sources.length !== targets.length) return null
  const entries = targets.map((target, index) => {
    const [mode = 'symlink', user = '+0', group = '+0'] = [modes?.[index], users?.[index], groups?.[index]]
    return [target, { source: plainSource(sources[index] ?? ''), mode, user, group }] as const
  })
  return new Map(entries)
}
