import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab } from '../lab.ts'
import { Random } from '../prediction/random.ts'
import { because, noSystemd } from '../systemd/on-systemd.ts'
import { toyHost } from '../systemd/toys.ts'
import { rounds } from './rounds.ts'

/** Edits that are tried, of a seed that is always the same; `npm run fidelity` tries more. */
const [edits, seed] = [15, 15]

describe.skipIf(noSystemd)(`predictions beside what systemd did${because}`, () => {
  let lab: Lab
  beforeAll(async () => {
    const names = ['host-1', 'host-2', 'host-3']
    lab = await startLab({ hosts: Object.fromEntries(names.map((name) => [name, toyHost])), start: 'converged' })
  })
  afterAll(() => lab?.stop())

  it('are right about all that they say, and say all that happens', async () => {
    const odd: string[] = []
    let right = 0
    for await (const { host, edits: made, fields } of rounds(lab, edits, new Random(seed)))
      for (const { outcome, says } of fields) {
        if (outcome === 'right') right += 1
        else odd.push(`${host} (${made.join(', ')}): ${outcome}: ${says}`)
      }
    expect(odd).toEqual([])
    expect(right).toBeGreaterThan(edits)
  })
})
