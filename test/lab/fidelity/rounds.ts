import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HostDescription } from '../description.ts'
import { commitFlake } from '../flake.ts'
import type { Lab } from '../lab.ts'
import type { Random } from '../prediction/random.ts'
import { Operator } from '../../e2e/fleet.ts'
import { doneByHand, editKinds } from './edit-kinds.ts'
import { look } from './facts.ts'
import { judge, type Field } from './judge.ts'

/** What was edited on one host, and how the plan of it did. */
export interface Round {
  readonly host: string
  /** The kind of edit, where there was one; else `several at once` or `reversal`. */
  readonly kind: string
  readonly edits: readonly string[]
  readonly fields: readonly Field[]
}

interface Chosen {
  readonly kind: string
  readonly edits: readonly string[]
  readonly description: HostDescription
}

/** Plans and applies random edits of the lab's hosts with the built fleet, round after round, and holds each plan to what is there. */
export async function* rounds(lab: Lab, edits: number, random: Random): AsyncGenerator<Round> {
  const hosts = lab.hosts.map(({ name }) => name)
  const kinds = Object.keys(editKinds)
  const previous = new Map<string, HostDescription>()
  const operator = new Operator(lab)
  try {
    for (let done = 0, turn = 0; done < edits;) {
      const chosen = new Map<string, Chosen>()
      const descriptions = await readDescriptions(lab)
      for (const host of hosts) {
        const description = descriptions[host]
        if (description === undefined) throw new Error(`bug: the flake has no ${host}`)
        const edit = choose(description, { first: kinds[turn++], before: previous.get(host) }, random)
        previous.set(host, description)
        descriptions[host] = edit.description
        chosen.set(host, edit)
        done += edit.edits.length
      }
      await writeFile(join(lab.flake, 'hosts.json'), JSON.stringify(descriptions))
      await commitFlake(lab.layout, `edits up to ${done}`)
      yield* judged(lab, operator, chosen)
    }
  } finally {
    operator.close()
  }
}

// Every kind comes alone once before chance decides.
function choose(
  description: HostDescription,
  { first, before }: { readonly first: string | undefined; readonly before: HostDescription | undefined },
  random: Random,
): Chosen {
  if (first === undefined && before !== undefined && random.once(5))
    return { kind: 'reversal', edits: ['reversal'], description: before }
  const names =
    first === undefined
      ? Array.from({ length: 1 + random.below(4) }, () => random.oneOf(Object.keys(editKinds)))
      : [first]
  const edited = names.reduce((host, name) => editKinds[name]?.(host, random) ?? host, description)
  return { kind: names.length === 1 ? (names[0] ?? '') : 'several at once', edits: names, description: edited }
}

async function* judged(lab: Lab, operator: Operator, chosen: ReadonlyMap<string, Chosen>): AsyncGenerator<Round> {
  const hosts = [...chosen.keys()]
  const lookAtAll = async () =>
    new Map(await Promise.all(hosts.map(async (host) => [host, await look(lab, host)] as const)))
  for (const [host, { edits }] of chosen)
    for (const command of edits.flatMap((edit) => doneByHand[edit] ?? [])) await lab.inside(host, command)
  const { file, plan } = await operator.plan()
  const before = await lookAtAll()
  const answer = await operator.fleet('apply', file)
  const after = await lookAtAll()
  for (const [host, { kind, edits }] of chosen) {
    const planned = plan.body.hosts[host]
    const [one, other] = [before.get(host), after.get(host)]
    if (planned?.action !== 'change' || one === undefined || other === undefined) continue
    const applied: Field = { outcome: answer.code === 0 ? 'right' : 'wrong', says: `apply ended with ${answer.code}` }
    yield { host, kind, edits, fields: [applied, ...judge(planned.diff, one, other)] }
  }
}

async function readDescriptions(lab: Lab): Promise<Record<string, HostDescription>> {
  return JSON.parse(await readFile(join(lab.flake, 'hosts.json'), 'utf8')) as Record<string, HostDescription>
}
