import { describe, expect, it } from 'vitest'
import { expectRecovery, killed, Lanes } from './lanes.ts'
import { after } from './lines.ts'

const lanes = Lanes.ofFile()

describe.concurrent('fleet, killed after an activation', () => {
  it.each(after)('at %s, activates no host twice: the next apply brings both hosts to the plan', (kind) =>
    lanes.play(async (lane) => {
      await killed(lane, kind, false)
      const said = await expectRecovery(lane)
      if (kind.startsWith('host.step')) expect(said).toContain('was in flight when a run stopped')
    }),
  )

  it('is taken up by the next apply, which asks the hosts and leaves alone what is done', () =>
    lanes.play(async (lane) => {
      const journal = await killed(lane, 'wave.finished canary', false)
      expect(journal).not.toContain('run.finished')
      const said = await expectRecovery(lane)
      expect(said).toContain('fleet asks the hosts what they run')
      expect(said).toMatch(new RegExp(`✓ ${lane.hosts[0]} +up to date: runs its planned system`))
      const again = await lane.operator.fleet(
        'plan',
        '--detailed-exitcode',
        ...lane.hosts.flatMap((host) => ['--on', host]),
      )
      expect(again.code, again.stdout).toBe(0)
    }))
})
