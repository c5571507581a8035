import { attribute, type Derivation, listAttribute, textAttribute } from './derivation.ts'
import { parsePackageName } from './package-name.ts'
import { maskReferences, parseStorePath, storeObject } from './store-path.ts'

/** What is kept of a derivation for the whole run; the whole of it only where a system's description is in it. */
export interface DerivationNode {
  readonly path: string
  readonly name: string
  readonly pname: string | null
  readonly version: string | null
  /** Output paths by output name; null: known only when built. */
  readonly outputs: ReadonlyMap<string, string | null>
  /** Output names by the path of the derivation they are taken from. */
  readonly inputs: ReadonlyMap<string, readonly string[]>
  /** Digest of `ownText`: two derivations with the same one differ in their inputs alone. */
  readonly own: string
  /** Store objects among its buildInputs, which stay with the package at run time more often than not; null: it has no such list. */
  readonly libraries: readonly string[] | null
  /** Its output is fixed by a hash: something fetched. */
  readonly isFixed: boolean
  readonly whole: Derivation | null
}

/** A derivation with everything that it is built from. */
export interface DerivationGraph {
  readonly root: string
  /** The directory of the store, usually /nix/store. */
  readonly store: string
  readonly nodes: ReadonlyMap<string, DerivationNode>
}

/** A derivation as a graph keeps it; `own` is a digest of its `ownText`. */
export function nodeOf(derivation: Derivation, own: string): DerivationNode {
  const { path, name, outputs, inputs } = derivation
  return {
    path,
    name,
    pname: textAttribute(derivation, 'pname'),
    version: textAttribute(derivation, 'version'),
    outputs: new Map([...outputs].map(([output, { path }]) => [output, path])),
    inputs,
    own,
    libraries: librariesOf(derivation),
    isFixed: [...outputs.values()].some(({ hash }) => hash !== null),
    whole: describesSystem(derivation) ? derivation : null,
  }
}

/** Packages made with nixpkgs' stdenv tell libraries from tools. */
function librariesOf(derivation: Derivation): readonly string[] | null {
  if (attribute(derivation, 'stdenv') === undefined) return null
  const words = ['buildInputs', 'propagatedBuildInputs'].flatMap((name) => listAttribute(derivation, name) ?? [])
  return [...new Set(words.flatMap((word) => storeObject(word) ?? []))]
}

/** Derivations in which the system's description stands: whole texts, the /etc map, unit lists, chosen packages, the toplevel. */
function describesSystem(derivation: Derivation): boolean {
  const { name } = derivation
  if (attribute(derivation, 'text') !== undefined || attribute(derivation, 'chosenOutputs') !== undefined) return true
  if (
    name.startsWith('nixos-system-') ||
    name === 'switch-inhibitors' ||
    name === 'system-path' ||
    name.startsWith('unit-')
  )
    return true
  if (attribute(derivation, 'targets') !== undefined && attribute(derivation, 'modes') !== undefined) return true
  const command = textAttribute(derivation, 'buildCommand') ?? ''
  return command.includes('makeEtcEntry ') || command.includes('.d/overrides.conf')
}

/**
 * What a derivation says itself, as one text: everything but its outputs' paths, with the hash and version of each
 * reference left out, and the versions of its inputs, so that a change of an input alone does not show.
 */
export function ownText(derivation: Derivation): string {
  const { outputs, inputs, sources, platform, builder, args, env } = derivation
  const versions = inputVersions(derivation)
  const mask = (text: string) =>
    versions.reduce((rest, version) => rest.replaceAll(version, '…'), maskReferences(text, unversioned))
  const names = (paths: Iterable<string>) =>
    [...paths].map((path) => unversioned((parseStorePath(path)?.name ?? path).replace(/\.drv$/, ''))).toSorted()
  return JSON.stringify([
    [...outputs].map(([name, { hash }]) => [name, hash]),
    names(inputs.keys()),
    // The content of a source is what its hash tells: there the hash stays.
    sources.toSorted(),
    platform,
    mask(builder),
    args.map(mask),
    [...env].filter(([key]) => !outputs.has(key)).map(([key, value]) => [key, mask(value)]),
  ])
}

/** Versions of other packages among the inputs: `initrd-linux-6.12.58` takes its own from one of them. Short ones say nothing. */
function inputVersions({ name, inputs }: Derivation): readonly string[] {
  const own = parsePackageName(name)
  const found = new Set<string>()
  for (const path of inputs.keys()) {
    const input = parsePackageName((parseStorePath(path)?.name ?? '').replace(/\.drv$/, ''))
    if (input.name !== own.name && isWholeVersion(input.version) && !/\.(?:tar|zip|patch|diff)/.test(input.version))
      found.add(input.version)
  }
  return [...found].toSorted((a, b) => b.length - a.length)
}

/** True for a version that says enough to be looked for in a name: digits on both sides of a dot or hyphen. */
function isWholeVersion(version: string): boolean {
  const parts = version.split(/[.-]/)
  const first = parts.findIndex((part) => /\d/.test(part))
  return first >= 0 && parts.slice(first + 1).some((part) => /\d/.test(part))
}

function unversioned(name: string): string {
  return parsePackageName(name).name
}

/** Which derivation and output each output path of a graph comes from. */
export function outputIndex({ nodes }: DerivationGraph): ReadonlyMap<string, { node: DerivationNode; output: string }> {
  const index = new Map<string, { node: DerivationNode; output: string }>()
  for (const node of nodes.values())
    for (const [output, path] of node.outputs) if (path !== null) index.set(path, { node, output })
  return index
}
