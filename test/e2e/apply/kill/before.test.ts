import { describe, expect, it } from 'vitest'
import { expectRecovery, killed, kindsOfRun, Lanes } from './lanes.ts'
import { after, before, during } from './lines.ts'

const lanes = Lanes.ofFile()

describe.concurrent('fleet, killed before it has activated anything', () => {
  it('can be killed at each kind of line that it writes', () =>
    lanes.play(async (lane) => {
      const kinds = [...(await kindsOfRun(lane))].map((kind) => kind.replace(/ [ab]\d/, ' HOST'))
      const tried = [...before, ...during, ...after].map((kind) => kind.replace(/ [ab](?= |$)/, ' HOST'))
      expect(tried.toSorted()).toEqual([...new Set(kinds)].toSorted())
    }))

  it.each(before)('at %s, loses nothing: the next apply brings both hosts to the plan', (kind) =>
    lanes.play(async (lane) => {
      await killed(lane, kind, false)
      await expectRecovery(lane)
    }),
  )
})
