import { describe, expect, it } from 'vitest'
import { expectRecovery, killed, Lanes } from './lanes.ts'
import { during } from './lines.ts'

const lanes = Lanes.ofFile()

describe.concurrent('fleet, killed while a host is in flight', () => {
  it.each(during)('at %s, activates no host twice: the next apply asks the host what it runs', (kind) =>
    lanes.play(async (lane) => {
      await killed(lane, kind, false)
      expect(await expectRecovery(lane)).toContain('was in flight when a run stopped')
    }),
  )

  it.each(['a', 'b'])('at half of the line that starts host %s, finds its way from a journal that is cut', (host) =>
    lanes.play(async (lane) => {
      expect((await killed(lane, `host.started ${host}`, true)).endsWith('\n')).toBe(false)
      await expectRecovery(lane)
    }),
  )
})
