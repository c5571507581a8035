import { failure } from '../../model/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { Ended } from '../process.ts'
import { nix, nixFailure } from './command.ts'

/** A flake of strangers: what Nix lets it do while it is evaluated. */
export interface Seal {
  /** It may build during evaluation (`import` of a derivation's output), which runs its programs in the sandbox. */
  readonly importFromDerivation: boolean
}

/**
 * Options for all that Nix does with a sealed flake (all of them are in 2.8): its nixConfig counts for nothing, its lock file must be
 * whole, names of registries mean nothing.
 */
export function sealedOptions({ importFromDerivation }: Seal): readonly string[] {
  return [
    '--no-update-lock-file',
    ...option('accept-flake-config', 'false'),
    ...option('allow-import-from-derivation', String(importFromDerivation)),
    ...option('use-registries', 'false'),
  ]
}

/** Options for an evaluation: it reads and fetches only what the lock file names, and that is in the store already. */
export function sealedEvaluation(seal: Seal, uris: readonly string[]): readonly string[] {
  return [
    ...sealedOptions(seal),
    ...option('restrict-eval', 'true'),
    ...option('allowed-uris', uris.join(' ')),
    ...option('download-attempts', '1'),
    // What the flake builds while it is evaluated needs what it is built with.
    ...(seal.importFromDerivation ? [] : option('substitute', 'false')),
  ]
}

/**
 * Variables of such an evaluation. restrict-eval of Nix 2.8 lets `fetchTree` of github, gitlab and sourcehut through, which is done by
 * curl in the same process: its proxy is a port on which nobody listens. Git may read repositories of this machine alone.
 */
export const closedNetwork: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].map((name) => [
      name,
      'http://127.0.0.1:9',
    ]),
  ),
  no_proxy: '',
  NO_PROXY: '',
  GIT_ALLOW_PROTOCOL: 'file',
}

/** Fetches all that the flake's lock file names into the store, before anything of the flake is evaluated. Null: done. */
export async function fetchInputs(flake: string, seal: Seal, signal: AbortSignal): Promise<Failure | null> {
  const ended = await nix(['flake', 'archive', '--json', ...sealedOptions(seal), '--', flake], signal)
  return hiddenHash(ended) ?? nixFailure(ended, 'source/not-fetched', 'the inputs of the flake could not be fetched')
}

/**
 * The failure of a sealed flake that named a wrong hash, without Nix's words; null: it failed otherwise, or not. Nix says which hash
 * is right, also of what the flake may not read (`getFlake` and, in 2.8, `fetchTree` of a path): with that hash the next try would.
 */
export function hiddenHash(ended: Ended): Failure | null {
  if (ended.how !== 'exited' || ended.code === 0 || !/mismatch/i.test(ended.stderr)) return null
  const detail =
    'Something that it fetches or reads has another hash than the flake says. fleet does not show what Nix says of it: who knows the hash of a file can read the file.'
  return failure('evaluate/sealed', 'it needs more than a stranger’s flake is allowed', detail)
}

function option(name: string, value: string): readonly string[] {
  return ['--option', name, value]
}
