import type { Origin } from '../../model/inventory/facts.ts'

/** Where a list of hosts may be taken from; `auto`: the first of the others that the flake has. */
export const origins = ['auto', 'deploy-rs', 'colmena', 'clan', 'nixinate', 'nixos'] as const satisfies readonly (
  | Origin
  | 'auto'
)[]

export interface InitFlags {
  readonly flake: string
  readonly from: Origin | 'auto'
  /** The file to write, `-` for standard output; null: that of `-f`. */
  readonly out: string | null
  readonly force: boolean
  readonly domain: string | null
  readonly probe: boolean
}

/** What the argument parser makes of them. */
export type RawInit = Omit<InitFlags, 'out' | 'domain'> & { readonly out?: string; readonly domain?: string }

/** The flags of `fleet init`; `refuse` ends with a usage error. */
export function initFlags(raw: RawInit, refuse: (message: string) => never): InitFlags {
  const { out = null, domain = null, ...rest } = raw
  if (domain !== null && !/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(domain))
    return refuse(`--domain takes the part behind a host's name, such as ts.example, and not '${domain}'.`)
  return { ...rest, out, domain }
}
