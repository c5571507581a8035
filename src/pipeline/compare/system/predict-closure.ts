import type { Closure, ClosurePath } from '../../../model/nix/closure.ts'
import { type DerivationGraph, type DerivationNode, outputIndex } from '../../../model/nix/derivation-graph.ts'
import { parsePackageName } from '../../../model/nix/package-name.ts'
import { nameOfPath, parseStorePath, referencesIn } from '../../../model/nix/store-path.ts'
import { etcEntries } from './graph-etc.ts'
import { chosenPackages, toplevelLinks } from './of-derivations.ts'

/** A derivation's output, as the index of a graph finds it. */
interface Output {
  readonly node: DerivationNode
  readonly output: string
}

/** What a closure is predicted from. */
export interface ClosureEvidence {
  readonly graph: DerivationGraph
  /** Texts of files by path, as they will be. */
  readonly texts: ReadonlyMap<string, string>
  /** The closure of the system that is replaced. */
  readonly before: Closure
  readonly beforeToplevel: string
  /** Records of paths that are built already. */
  readonly known: ReadonlyMap<string, ClosurePath>
}

/**
 * The paths that a system will need to run, worked out without building it. References of what is built already are known; a
 * text refers to what stands in it; anything else refers to what its counterpart in the replaced system refers to, each
 * of those led to its own counterpart; a package without one to its libraries.
 */
export function predictClosure(evidence: ClosureEvidence): ReadonlySet<string> {
  const prediction = new Prediction(evidence)
  const root = evidence.graph.nodes.get(evidence.graph.root)?.outputs.get('out')
  const found = new Set<string>()
  const waiting = root == null ? [] : [root]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue
    found.add(path)
    waiting.push(...prediction.referencesOf(path))
  }
  return found
}

/** A program by its path in the store. */
const program = /\/[0-9a-z]{32}-[\w+.?=-]+\/s?bin\/[\w.+-]+/g

class Prediction {
  readonly #evidence: ClosureEvidence
  readonly #index: ReadonlyMap<string, Output>
  /** Output paths of the graph, and paths of the replaced closure, by what they are whatever their version. */
  readonly #next: ReadonlyMap<string, readonly string[]>
  readonly #previous: ReadonlyMap<string, readonly string[]>
  readonly #textsByObject = new Map<string, string[]>()
  readonly #chosen: readonly string[] | null

  constructor(evidence: ClosureEvidence) {
    this.#evidence = evidence
    this.#index = outputIndex(evidence.graph)
    this.#next = grouped([...this.#index.keys()])
    this.#previous = grouped([...evidence.before.keys()])
    this.#chosen = chosenPackages(evidence.graph)
    for (const path of evidence.texts.keys()) {
      const { rest } = parseStorePath(path) ?? { rest: '' }
      const object = path.slice(0, path.length - rest.length)
      this.#textsByObject.set(object, [...(this.#textsByObject.get(object) ?? []), path])
    }
  }

  referencesOf(path: string): readonly string[] {
    const { before, known } = this.#evidence
    const record = known.get(path) ?? before.get(path)
    if (record !== undefined) return record.references
    const found = this.#index.get(path)
    return found === undefined
      ? []
      : (this.#fromTexts(path) ?? this.#fromDescription(found) ?? this.#fromPackage(path, found))
  }

  #fromTexts(path: string): readonly string[] | null {
    const files = this.#textsByObject.get(path)
    if (files === undefined) return null
    return files.flatMap((file) =>
      this.#madeHere(referencesIn(this.#evidence.texts.get(file) ?? '', this.#evidence.graph.store)),
    )
  }

  /** Derivations whose scripts say what they link; the toplevel refers to more than that, as its counterpart does. */
  #fromDescription({ node }: Output): readonly string[] | null {
    const { graph, beforeToplevel, before } = this.#evidence
    if (node.whole === null) return null
    const said = () => this.#madeHere([...scriptOf(node)].flatMap((text) => referencesIn(text, graph.store)))
    if (node.path === graph.root) {
      const links = [...toplevelLinks(node.whole).values()].flatMap((target) => referencesIn(target, graph.store))
      const systemd = referencesIn(node.whole.env.get('systemd') ?? node.whole.env.get('__json') ?? '', graph.store)
      const direct = new Set(said())
      const led = this.#led(before.get(beforeToplevel)?.references ?? [], node)
      return [
        ...this.#madeHere(links),
        ...led,
        ...systemd.filter((path) => direct.has(path) && nameOfPath(path).startsWith('systemd-')),
      ]
    }
    if (node.name === 'system-path' && this.#chosen !== null) return this.#chosen
    const entries = etcEntries(node.whole)
    if (entries !== null)
      return this.#madeHere([...entries.values()].flatMap(({ source }) => referencesIn(source, graph.store)))
    const command = scriptOf(node).join('\n')
    if (!command.includes('.d/overrides.conf')) return null
    // What the script runs is not in what it makes.
    return this.#madeHere(referencesIn(command.replaceAll(program, ''), graph.store))
  }

  #fromPackage(path: string, { node, output }: Output): readonly string[] {
    const siblings = [...node.outputs.values()].filter((other): other is string => other !== null && other !== path)
    const counterpart = this.#counterpart(path, this.#previous)
    if (counterpart !== null) return this.#led(this.#evidence.before.get(counterpart)?.references ?? [], node)
    const libraries =
      node.libraries ??
      [...node.inputs].flatMap(([drv, names]) => outputsOf(this.#evidence.graph.nodes.get(drv), names))
    if (node.libraries !== null) return this.#evidence.before.size === 0 ? libraries : libraries.filter(this.#isKnown)
    return output === 'out' ? libraries : [...libraries, ...siblings]
  }

  /** A new package may keep what it is built with, or not: only what the system has already in some version is claimed. */
  readonly #isKnown = (path: string): boolean => this.#previous.has(keyOf(path))

  /** References of a counterpart, each as it will be in the new system. */
  #led(references: readonly string[], node: DerivationNode): readonly string[] {
    const direct = new Set(
      [...node.inputs].flatMap(([drv, names]) => outputsOf(this.#evidence.graph.nodes.get(drv), names)),
    )
    for (const own of node.outputs.values()) if (own !== null) direct.add(own)
    return references.flatMap((reference) => {
      if (direct.has(reference)) return [reference]
      const candidates = this.#next.get(keyOf(reference)) ?? []
      const near = candidates.filter((candidate) => direct.has(candidate))
      if (near.length > 0) return near
      if (this.#index.has(reference)) return [reference]
      return candidates.length === 1
        ? candidates
        : candidates.filter((candidate) => nameOfPath(candidate) === nameOfPath(reference)).slice(0, 1)
    })
  }

  #counterpart(path: string, among: ReadonlyMap<string, readonly string[]>): string | null {
    const candidates = among.get(keyOf(path)) ?? []
    return candidates.find((candidate) => nameOfPath(candidate) === nameOfPath(path)) ?? candidates[0] ?? null
  }

  /** Placeholders and paths of other systems in a text are no references. */
  #madeHere(paths: readonly string[]): readonly string[] {
    return paths.filter((path) => this.#index.has(path) || isSource(this.#evidence.graph, path))
  }
}

const sources = new WeakMap<DerivationGraph, ReadonlySet<string>>()

function isSource(graph: DerivationGraph, path: string): boolean {
  let known = sources.get(graph)
  if (known === undefined) {
    known = new Set([...graph.nodes.values()].flatMap(({ whole }) => whole?.sources ?? []))
    sources.set(graph, known)
  }
  return known.has(path)
}

function scriptOf({ whole }: DerivationNode): readonly string[] {
  if (whole === null) return []
  return [
    whole.env.get('buildCommand') ?? '',
    whole.env.get('__json') ?? '',
    whole.env.get('sources') ?? '',
    whole.args.at(-1) ?? '',
  ]
}

function outputsOf(node: DerivationNode | undefined, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => node?.outputs.get(name) ?? [])
}

/** What a path is whatever its version: its name, and the output that its name ends in. */
function keyOf(path: string): string {
  const name = nameOfPath(path)
  const package_ = parsePackageName(name)
  const whole = package_.version === '' ? package_.name : `${package_.name}-${package_.version}`
  return `${package_.name}\n${name.slice(whole.length)}`
}

function grouped(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const path of paths) {
    const key = keyOf(path)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [path])
    else group.push(path)
  }
  return groups
}
