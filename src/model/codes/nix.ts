import type { Entries } from './consequences.ts'

/** Codes that begin with `nix/`, `build/`, `derivation/`, `closure/`, `store/`, `cache/`. */
export const nixCodes = {
  'nix/aborted': { kind: 'shown' },
  'nix/killed': { kind: 'shown' },
  'nix/missing': { kind: 'shown' },
  'nix/version': { kind: 'shown' },
  'build/failed': { kind: 'not-built' },
  'build/other-output': { kind: 'not-built' },
  'derivation/corrupt': { kind: 'shown' },
  'derivation/dynamic': { kind: 'shown' },
  'derivation/missing': { kind: 'shown' },
  'closure/unreadable': { kind: 'shown' },
  'store/no-answer': { kind: 'shown' },
  'cache/not-written': { kind: 'shown' },
} satisfies Entries
