import { expect, test } from 'vitest'
import { noOverrides } from '../../../../src/model/run/overrides.ts'
import { done } from '../../../rig/doubles/engines/engine.ts'
import { endings, outcome, run } from '../../../rig/doubles/run.ts'
import { worldOf } from '../../../rig/doubles/world.ts'
import { sampleSettings, sampleWave, storePath, unchanged } from '../../../rig/samples/plan.ts'
import { runSummary } from '../../../../src/model/run/run-summary.ts'

const [old, planned] = [storePath('a', 'nixos-system-web-25.05'), storePath('b', 'nixos-system-web-25.05')]

test('--mode decides for one run what an activation does, and the run is still of that plan', async () => {
  const world = worldOf()
  const modes: string[] = []
  world.engine.activates = (host, { to, settings }) => {
    modes.push(settings.mode)
    host.switchTo(to.profile, to.system)
    return done
  }
  const state = await run(world, undefined, { overrides: { ...noOverrides, mode: 'boot' } })
  expect(modes).toEqual(['boot'])
  expect(state.planId).toBe(world.plan.planId)
  expect(world.journal.events[0]).toMatchObject({ planId: world.plan.planId, overrides: { mode: 'boot' } })
})

test('--until copy prepares every host, activates none, and keeps what it prepared from the collector', async () => {
  const world = worldOf(['web', 'db'], { waves: [sampleWave('first', ['web']), sampleWave('rest', ['db'])] })
  world.nix.realises = ({ output, root }) => {
    world.roots.kept.set(root, output)
    return { ok: true, value: output }
  }
  const state = await run(world, undefined, { overrides: { ...noOverrides, until: 'copy' } })
  expect(endings(state)).toEqual({ web: 'skipped', db: 'skipped' })
  expect(outcome(state)).toEqual(['complete', 0])
  expect(
    [...world.hosts.values()].map(({ name, system }) => system === storePath('a', `nixos-system-${name}-25.05`)),
  ).toEqual([true, true])
  expect(world.journal.events.filter(({ type }) => type === 'host.started')).toEqual([])
  expect(state.finished === null ? '' : runSummary(state.finished)).toBe(
    'Apply complete: 0 changed, 0 failed, 0 not started, 2 prepared.',
  )
  expect([...world.roots.kept.keys()].toSorted()).toEqual([`${world.journal.roots}/db`, `${world.journal.roots}/web`])
  expect(world.locks.at('web').roots).toContain(planned)
})

test('--until copy asks nobody whether a wave may start', async () => {
  const world = worldOf(['web'], { waves: [sampleWave('all', ['web'], { promotion: 'manual' })] })
  world.ask.answers = async () => false
  const state = await run(world, undefined, { overrides: { ...noOverrides, until: 'copy' } })
  expect([world.ask.questions, endings(state)]).toEqual([[], { web: 'skipped' }])
})

test('--reactivate activates a host that runs its planned system, also where the plan changes nothing on it', async () => {
  for (const hosts of [{}, { web: unchanged('web') }]) {
    const world = worldOf(['web'], { hosts })
    const { system } = world.host()
    const to = 'web' in hosts ? system : planned
    world.host().has.add(to)
    world.host().switchTo(to)
    const state = await run(world, undefined, { overrides: { ...noOverrides, reactivate: ['web'] } })
    expect(endings(state)).toEqual({ web: 'succeeded' })
    expect(world.engine.calls).toContain('activate web')
  }
})

test('a reactivation that fails has nothing to roll back to, and says so', async () => {
  const world = worldOf(['web'], {
    hosts: { web: unchanged('web', { settings: sampleSettings('web', { checks: ['alive'] }) }) },
  })
  world.check.measures = ({ phase }) => ({ result: phase === 'after' ? 'fail' : 'pass', message: 'no reply' })
  const state = await run(world, undefined, { overrides: { ...noOverrides, reactivate: ['web'] } })
  expect(state.hosts.get('web')?.ending).toMatchObject({
    type: 'host.failed',
    touched: true,
    system: old,
    reason: 'check alive failed: no reply; it ran its planned system before, so there is nothing to roll back to',
  })
})
