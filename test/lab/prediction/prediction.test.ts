import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLab, type Lab } from '../lab.ts'
import { rounds } from './rounds.ts'
import { edits } from './random-edit.ts'

let lab: Lab

beforeAll(async () => {
  lab = await startLab({ hosts: { alpha: { services: ['nginx', 'nfs-server', 'tailscaled'] } }, start: 'converged' })
})

afterAll(async () => {
  await lab?.stop()
})

/** What nobody can know before the system is built. */
const open = new Set(['closure size', 'causes'])

describe('what fleet predicts without building anything', () => {
  it('is what is there after building and switching, for every kind of edit', async () => {
    const kinds = Object.keys(edits).length
    let done = 0
    for await (const { number, edit, wrong, unknown } of rounds(lab, 'alpha', kinds + 6, 20)) {
      expect({ number, edit, wrong, unknown: unknown.filter((field) => !open.has(field)) }).toEqual({
        number,
        edit,
        wrong: [],
        unknown: [],
      })
      done += 1
    }
    // An edit may have drawn what was there already; most have not.
    expect(done).toBeGreaterThan(kinds - 4)
  })
})
