import { answerOf, type Draft, type Material } from './draft.ts'

/** Groups whose hosts people break first. */
const meant = ['canary', 'staging', 'test', 'testing', 'dev']

/** A host to begin with, and why it is this one. */
export interface Canary {
  readonly name: string
  readonly why: string
}

/**
 * The host that is changed first: one of a group that is there to be broken; else, as far as the flake tells, that which the
 * fewest depend on: no desktop, not this machine, the fewest open ports.
 */
export function canaryOf(hosts: readonly Draft[], material: Material, thisMachine: string): Canary | null {
  const tagged = meant.flatMap((tag) => hosts.filter(({ tags }) => tags.includes(tag)).map((host) => ({ host, tag })))
  const [first] = tagged
  if (first !== undefined) return { name: first.host.name, why: `it is in the group ${first.tag}` }
  const rated = hosts.map((host, index) => ({ host, index, ...rating(host, material, thisMachine) }))
  const [best, next] = rated.toSorted((a, b) => a.burden - b.burden || a.index - b.index)
  if (best === undefined) return null
  const isAlone = best.ports !== null && best.burden < (next?.burden ?? Infinity)
  return {
    name: best.host.name,
    why: isAlone ? 'it opens the fewest ports' : 'nothing distinguishes it from the others',
  }
}

function rating({ name, attribute, settings }: Draft, { told }: Material, thisMachine: string) {
  const facts = answerOf(told, 'configuration', attribute) ?? answerOf(told, 'hive', attribute)
  const ports = facts?.openPorts ?? null
  const isHere = [name, settings.expectHostname].includes(thisMachine)
  return { ports, burden: (ports ?? 1_000) + (facts?.isDesktop === true ? 10_000 : 0) + (isHere ? 100_000 : 0) }
}
