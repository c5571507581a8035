import { type Derivation, textAttribute } from '../../../model/nix/derivation.ts'
import type { DerivationGraph, DerivationNode } from '../../../model/nix/derivation-graph.ts'
import { shellWords } from '../../../model/text/shell-words.ts'

/** How builders of nixpkgs put the attribute `text` into a file as it is (writeText, writeTextFile, runCommand, units of 20.09). */
const verbatim = /"?\$textPath"?|echo -n "\$text"|printf '%s' "\$text"/
/** Programs that write a text anew. */
const formatted = /nginxfmt|gixy|\bjq\b|\bsed\b|substitute/

/** Texts of files that a derivation graph makes, by the path they will have; only those that are written as they are given. */
export function graphTexts({ nodes }: DerivationGraph): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const node of nodes.values()) {
    const found = fileOf(node)
    if (found !== null) texts.set(found.path, found.text)
  }
  return texts
}

function fileOf({ whole, outputs }: DerivationNode): { readonly path: string; readonly text: string } | null {
  const out = outputs.get('out')
  if (whole === null || out == null) return null
  const text = textAttribute(whole, 'text')
  const command = textAttribute(whole, 'buildCommand') ?? ''
  if (text === null || !verbatim.test(command) || formatted.test(command)) return null
  const unit = unitNameOf(whole)
  return { path: `${out}${unit === null ? (textAttribute(whole, 'destination') ?? '') : `/${unit}`}`, text }
}

/**
 * The name of the unit that a derivation `unit-NAME` writes: from its script, since the derivation's name has lost its `@`
 * (nixpkgs nixos/lib/systemd-lib.nix, makeUnit); null for other derivations.
 */
export function unitNameOf(derivation: Derivation): string | null {
  if (!derivation.name.startsWith('unit-')) return null
  const command = textAttribute(derivation, 'buildCommand') ?? ''
  const [, named] = /^[ \t]*name=(.+)$/m.exec(command) ?? []
  const [, written] = />\s*"?\$out"?\/(\S+)/.exec(command) ?? []
  const [, masked] = /ln -s \/dev\/null\s+"?\$out"?\/(\S+)/.exec(command) ?? []
  const word = named ?? masked ?? written
  const [name] = word === undefined || word.includes('$') ? [] : (shellWords(word) ?? [])
  return name?.replaceAll('"', '') ?? derivation.name.slice('unit-'.length)
}

/** True for the derivation of a unit that is switched off: a link to /dev/null. */
export function isMaskedUnit(derivation: Derivation): boolean {
  return /ln -s \/dev\/null/.test(textAttribute(derivation, 'buildCommand') ?? '')
}
