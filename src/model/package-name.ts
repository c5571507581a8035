/** A package's name and version as far as a store path's name tells them; `version` may be empty. */
export interface PackageName {
  readonly name: string
  readonly version: string
}

/** Outputs that nixpkgs uses; a store path ends in `-OUTPUT` for every output but `out`. */
const outputs =
  /-(?:bin|dev|lib|out|man|doc|info|debug|devdoc|devman|static|terminfo|data|py|dist|getent|tools|modules|ssp|passthru)$/

/**
 * Splits `openssl-3.0.13-bin` into openssl and 3.0.13 by the rule of Nix's own DrvName: the version begins after the
 * first `-` that is not followed by a letter. Only derivations tell it exactly, so both sides of a comparison
 * must use this same fallback.
 */
export function parsePackageName(nameOrPath: string): PackageName {
  const base = withoutStore(nameOrPath).replace(outputs, '')
  const at = base.search(/-[^A-Za-z]/)
  return at < 0 ? { name: base, version: '' } : { name: base.slice(0, at), version: base.slice(at + 1) }
}

/** Looked for from the end, since closures have thousands of paths. */
function withoutStore(nameOrPath: string): string {
  const at = nameOrPath.lastIndexOf('/') + 1
  if (at === 0) return nameOrPath
  return nameOrPath[at + 32] === '-' ? nameOrPath.slice(at + 33) : nameOrPath.replace(/^\/.*\/[0-9a-z]{32}-/, '')
}
