import type { Entries } from './consequences.ts'

/** Codes that begin with `source/`, `base/`, `evaluate/`. */
export const sourceCodes = {
  'source/ahead': { kind: 'shown' },
  'source/behind': { kind: 'shown' },
  'source/commits': { kind: 'shown' },
  'source/dirty': { kind: 'shown' },
  'source/input-changed': { kind: 'shown' },
  'source/lock-conflict': { kind: 'shown' },
  'source/lock-ignored': { kind: 'shown' },
  'source/lock-out-of-date': { kind: 'shown' },
  'source/lock-untracked': { kind: 'shown' },
  'source/not-locked': { kind: 'shown' },
  'source/path-input': { kind: 'shown' },
  'source/path-reference': { kind: 'shown' },
  'source/shallow': { kind: 'shown' },
  'source/unknown-base': { kind: 'shown' },
  'source/unmerged': { kind: 'shown' },
  'source/unpushed': { kind: 'shown' },
  'source/untracked': { kind: 'shown' },
  'base/evaluation-failed': { kind: 'shown' },
  'evaluate/failed': { kind: 'shown' },
  'evaluate/lock-file': { kind: 'shown' },
  'evaluate/out-of-memory': { kind: 'shown' },
  'evaluate/timed-out': { kind: 'shown' },
} satisfies Entries
