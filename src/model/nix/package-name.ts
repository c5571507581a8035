/** A package's name and version as far as a store path's name tells them; `version` may be empty. */
export interface PackageName {
  readonly name: string
  readonly version: string
}

/** Outputs that nixpkgs uses; a store path ends in `-OUTPUT` for every output but `out`. */
const outputs: ReadonlySet<string> = new Set(
  `bin dev lib out man doc info debug devdoc devman static terminfo data py dist getent tools modules ssp passthru`.split(
    ' ',
  ),
)

const dash = 45

/**
 * Splits `openssl-3.0.13-bin` into openssl and 3.0.13 by the rule of Nix's own DrvName: the version begins after the
 * first `-` that is not followed by a letter. Only derivations tell it exactly, so both sides of a comparison
 * must use this same fallback. Closures have thousands of paths: no regular expression here.
 */
export function parsePackageName(nameOrPath: string): PackageName {
  const base = withoutOutput(withoutStore(nameOrPath))
  for (let at = base.indexOf('-'); at >= 0 && at < base.length - 1; at = base.indexOf('-', at + 1))
    if (!isLetter(base.charCodeAt(at + 1))) return { name: base.slice(0, at), version: base.slice(at + 1) }
  return { name: base, version: '' }
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

function withoutOutput(name: string): string {
  const at = name.lastIndexOf('-')
  return at >= 0 && outputs.has(name.slice(at + 1)) ? name.slice(0, at) : name
}

/** Looked for from the end, since the store may be anywhere. */
function withoutStore(nameOrPath: string): string {
  const at = nameOrPath.lastIndexOf('/') + 1
  if (at === 0) return nameOrPath
  return nameOrPath.charCodeAt(at + 32) === dash
    ? nameOrPath.slice(at + 33)
    : nameOrPath.replace(/^\/.*\/[0-9a-z]{32}-/, '')
}
