import type { Failure } from '../../../model/plan/plan-schema.ts'

/** What is known of the programs on the operator's machine. */
export interface Programs {
  /** Text of `deploy --help`. */
  readonly help: string
  /** Where the program `deploy` really is: its store name often holds the date of its commit. */
  readonly path: string
  /** E.g. `nix (Nix) 2.8.0`. */
  readonly nix: string
}

/**
 * Why this deploy-rs and this Nix are known not to work together; null: nothing is known against it. `--version` says
 * `deploy-rs 1.0` always, so the flags of its help and its store name tell (serokell/deploy-rs#340, #346, #359).
 */
export function unfitPair({ help, path, nix }: Programs): Failure | null {
  const [, major = 0, minor = 0] = (/\) (\d+)\.(\d+)/.exec(nix) ?? []).map(Number)
  const isSince = (wanted: number) => major > 2 || (major === 2 && minor >= wanted)
  // Both came after the fix for 2.33.
  if (/--no-progress\b|--groups\b/.test(help)) return null
  // Lix counts on its own from 2.90, and its derivations read as those of Nix 2.18.
  if (nix.includes('Lix')) return null
  const date = /-deploy-rs-[^/]{0,100}?(\d{4}-\d{2}-\d{2})/.exec(path)?.[1] ?? null
  if (isSince(33) && (date === null || date < '2026'))
    return unfit(nix, 'Nix 2.33 and later, whose derivations it does not read', 'a deploy-rs of 2026')
  if (isSince(32) && date !== null && date < '2025-12-18')
    return unfit(nix, 'Nix 2.32 and later, whose paths it does not read', 'a deploy-rs of 2025-12-18 or later')
  return null
}

function unfit(nix: string, what: string, instead: string): Failure {
  return {
    code: 'deploy-rs/unfit-nix',
    summary: 'this deploy-rs does not work with this Nix',
    detail: `The deploy on PATH does not work with ${what} (here: ${nix.trim()}). Use ${instead}, an older Nix, or engine: nix.`,
  }
}
