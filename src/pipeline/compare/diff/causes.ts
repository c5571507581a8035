import type { DerivationGraph, DerivationNode } from '../../../model/nix/derivation-graph.ts'
import { parsePackageName } from '../../../model/nix/package-name.ts'
import type { Cause } from '../../../model/plan/plan-schema.ts'

/** A derivation of either side, or one of each that stand for the same thing. */
interface Pair {
  readonly from: DerivationNode
  readonly to: DerivationNode
  /** Pairs among its inputs that differ, by key. */
  readonly inputs: readonly string[]
  readonly isOwn: boolean
}

/** More causes than a person reads are told by their number of rebuilds alone, largest first. */
const mostCounted = 100

/**
 * Derivations whose own change explains that others are built anew: both graphs are walked from their roots, inputs are paired
 * by exact name, then by package and outputs, never by position, and a pair is a cause where its own texts differ once
 * references are masked. A source that differs is its package's own change.
 */
export function findCauses(before: DerivationGraph, after: DerivationGraph): readonly Cause[] {
  const pairs = pairUp(before, after)
  const users = new Map<string, string[]>()
  for (const [key, { inputs }] of pairs)
    for (const input of inputs) {
      const list = users.get(input)
      if (list === undefined) users.set(input, [key])
      else list.push(key)
    }
  const causes = [...pairs].filter(([, { isOwn }]) => isOwn)
  const counted = causes.map(([key, { from, to }], index) => ({
    name: nameOf(to),
    from: versionOf(from),
    to: versionOf(to),
    rebuilds: index < mostCounted ? dependents(key, users, pairs) : 0,
  }))
  // Outputs that nixpkgs makes apart (a kernel and its modules) are one change of one package.
  const byName = new Map<string, Cause>()
  for (const cause of counted) {
    const key = JSON.stringify([cause.name, cause.from, cause.to])
    if (cause.rebuilds >= (byName.get(key)?.rebuilds ?? 0)) byName.set(key, cause)
  }
  return [...byName.values()].toSorted(
    (a, b) => b.rebuilds - a.rebuilds || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  )
}

function pairUp(before: DerivationGraph, after: DerivationGraph): ReadonlyMap<string, Pair> {
  const pairs = new Map<string, Pair>()
  const waiting = [[before.root, after.root] as const]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const key = next.join(' ')
    const [from, to] = [before.nodes.get(next[0]), after.nodes.get(next[1])]
    if (pairs.has(key) || from === undefined || to === undefined) continue
    const paired = pairInputs(from, to, before, after)
    const differing = paired.filter(([a, b]) => !makeTheSame(a, b))
    const sources = differing.filter(([a, b]) => isSource(a) && isSource(b))
    const others = differing.filter(([a, b]) => !(isSource(a) && isSource(b)))
    pairs.set(key, {
      from,
      to,
      inputs: others.map(([a, b]) => `${a.path} ${b.path}`),
      // An input that comes or goes shows in what the derivation says itself.
      isOwn: from.own !== to.own || sources.length > 0,
    })
    for (const [a, b] of others) waiting.push([a.path, b.path])
  }
  return pairs
}

/** What is fetched is the same whatever fetches it: such derivations differ with every new curl, their outputs do not. */
function makeTheSame(one: DerivationNode, other: DerivationNode): boolean {
  if (one.path === other.path) return true
  return [...one.outputs].every(([name, path]) => path !== null && other.outputs.get(name) === path)
}

type NodePair = readonly [DerivationNode, DerivationNode]

function pairInputs(
  from: DerivationNode,
  to: DerivationNode,
  before: DerivationGraph,
  after: DerivationGraph,
): readonly NodePair[] {
  const rest = new Map([...from.inputs.keys()].flatMap((path) => nodeEntry(before, path)))
  const open = new Map([...to.inputs.keys()].flatMap((path) => nodeEntry(after, path)))
  const paired: NodePair[] = []
  for (const keyOf of [pathKey, outputKey, nameKey, ownKey, packageKey]) {
    const byKey = unique(rest.values(), keyOf)
    for (const [key, node] of unique(open.values(), keyOf)) {
      const partner = byKey.get(key)
      if (node === null || partner == null) continue
      paired.push([partner, node])
      rest.delete(partner.path)
      open.delete(node.path)
    }
  }
  return paired
}

function nodeEntry(graph: DerivationGraph, path: string): readonly (readonly [string, DerivationNode])[] {
  const node = graph.nodes.get(path)
  return node === undefined ? [] : [[path, node]]
}

/** Nodes by key; null where a key is not one node's alone, so that nothing is paired by chance. */
function unique(
  nodes: Iterable<DerivationNode>,
  keyOf: (node: DerivationNode) => string,
): ReadonlyMap<string, DerivationNode | null> {
  const found = new Map<string, DerivationNode | null>()
  for (const node of nodes) found.set(keyOf(node), found.has(keyOf(node)) ? null : node)
  return found
}

const pathKey = ({ path }: DerivationNode) => path
const outputKey = ({ outputs }: DerivationNode) => [...outputs.values()].join(' ')
const nameKey = ({ name }: DerivationNode) => name
/** Tells variants of one package apart, which differ in what they say themselves. */
const ownKey = (node: DerivationNode) => `${packageKey(node)} ${node.own}`

function packageKey(node: DerivationNode): string {
  return `${nameOf(node)} ${[...node.outputs.keys()].join(' ')}`
}

function nameOf({ pname, name }: DerivationNode): string {
  return pname ?? parsePackageName(name).name
}

function versionOf({ version, name }: DerivationNode): string | null {
  const found = version ?? parsePackageName(name).version
  return found === '' ? null : found
}

/** Fixed outputs: fetched, not made. */
function isSource({ isFixed }: DerivationNode): boolean {
  return isFixed
}

/** Pairs that differ without a change of their own and take this one, directly or not. */
function dependents(
  key: string,
  users: ReadonlyMap<string, readonly string[]>,
  pairs: ReadonlyMap<string, Pair>,
): number {
  const seen = new Set<string>()
  const waiting = [...(users.get(key) ?? [])]
  let count = 0
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (pairs.get(next)?.isOwn === false) count += 1
    waiting.push(...(users.get(next) ?? []))
  }
  return count
}
