import { defaultMaxBytes, type PlanFormat } from '../../views/plan/format.ts'
import type { RawSelection, Selection } from './selection.ts'

/** How a plan is written. */
export interface FormatFlags {
  readonly format: PlanFormat
  /** Bytes that Markdown may take. */
  readonly maxBytes: number
}

export interface PlanFlags extends Selection, FormatFlags {
  readonly out: string | null
  /** An ssh key that signs the saved plan; null: none. */
  readonly signWith: string | null
  readonly detailedExitCode: boolean
  readonly strict: boolean
  /** Build first, so that the comparison is exact. */
  readonly build: boolean
  /** Tell what changed since this revision of the flake; where no host is asked, compare with it. Null: none. */
  readonly base: string | null
  /** Ask no host. */
  readonly offline: boolean
  /** With `offline` and `base`: the flake may build while it is evaluated. */
  readonly importFromDerivation: boolean
  /** A file that `fleet status --json` wrote, used instead of asking the hosts; null: they are asked. */
  readonly observed: string | null
  /** Hosts asked at once. */
  readonly parallelism: number
}

/** What the argument parser makes of how a plan is written. */
export interface RawFormat {
  readonly format: PlanFormat
  readonly json: boolean
  readonly maxBytes?: number
}

/** What the argument parser makes of the options of `plan`. */
export interface RawPlan extends RawSelection, RawFormat {
  readonly out?: string
  readonly signWith?: string
  readonly detailedExitcode: boolean
  readonly strict: boolean
  readonly build: boolean
  readonly base?: string
  readonly offline: boolean
  readonly allowImportFromDerivation: boolean
  readonly observed?: string
  readonly parallelism: number
}

/** Reads the options of `plan`; `wrong` ends with a usage error. */
export function planFlags(options: RawPlan, wrong: (message: string) => never): Omit<PlanFlags, keyof FormatFlags> {
  const { wave, on, out, detailedExitcode, strict, build, base, offline, observed, parallelism } = options
  const { allowImportFromDerivation: importFromDerivation } = options
  if (observed !== undefined && offline)
    wrong('--observed and --offline exclude each other: a plan is compared with observations or with none')
  if (importFromDerivation && (!offline || base === undefined))
    wrong('--allow-import-from-derivation goes with --offline and --base: any other plan follows nix.conf')
  if (options.signWith !== undefined && out === undefined)
    wrong('--sign-with goes with -o FILE: a file is what is signed')
  return {
    build,
    signWith: options.signWith ?? null,
    importFromDerivation,
    base: base ?? null,
    offline,
    observed: observed ?? null,
    waves: wave,
    on,
    out: out ?? null,
    detailedExitCode: detailedExitcode,
    strict,
    parallelism,
  }
}

/** Reads how a plan is to be written; `wrong` ends with a usage error. */
export function formatFlags(
  { format: asked, json, maxBytes }: RawFormat,
  wrong: (message: string) => never,
): FormatFlags {
  const format = json ? 'json' : asked
  if (maxBytes !== undefined && format !== 'markdown') wrong(`--max-bytes is for --format markdown, not for ${format}`)
  return { format, maxBytes: maxBytes ?? defaultMaxBytes }
}
