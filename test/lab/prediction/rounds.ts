import type { HostSides } from '../../../src/pipeline/compare/sides.ts'
import { judge, type Verdict } from './differences.ts'
import type { Lab } from '../lab.ts'
import { Predictor } from './predicted.ts'
import { Random } from './random.ts'
import { editHost, edits } from './random-edit.ts'
import { buildAndCopy, readBuilt, switchAndListen } from './reality.ts'

/** One round: what was changed, and how the prediction of it did. */
export interface Round extends Verdict {
  readonly number: number
  readonly edit: string
  /** Milliseconds from the edit to the prediction, evaluation and session included. */
  readonly milliseconds: number
}

/**
 * Changes a host at random, lets fleet predict the change without anything built, then builds, copies and switches by hand and
 * compares. Every kind of edit comes once before chance decides; the same seed makes the same rounds.
 */
export async function* rounds(lab: Lab, host: string, count: number, seed: number): AsyncGenerator<Round> {
  const random = new Random(seed)
  const predictor = await Predictor.open(lab)
  const kinds = Object.keys(edits)
  let from = await readBuilt((await lab.inside(host, 'readlink -f /run/current-system')).stdout.trim())
  try {
    for (let number = 0; number < count; number++) {
      const chosen =
        number < kinds.length
          ? [kinds[number] ?? '']
          : Array.from({ length: 1 + random.below(4) }, () => random.oneOf(kinds))
      const edit = await editHost(lab, host, chosen, random)
      const begun = performance.now()
      const sides: HostSides = await predictor.predict(host, { oldDerivations: number % 2 === 0 })
      const milliseconds = performance.now() - begun
      if (sides.after.toplevel === from.toplevel) continue
      const system = await buildAndCopy(lab, host)
      const to = await readBuilt(system)
      const actions = await switchAndListen(lab, host, system)
      yield { number, edit, milliseconds, ...(await judge(sides, { from, to, actions })) }
      from = to
    }
  } finally {
    await predictor.close()
  }
}
