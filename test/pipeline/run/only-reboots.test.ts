import { describe, expect, it, test } from 'vitest'
import type { Fault } from '../../../src/adapters/simulation/fault.ts'
import { simulationOf } from '../../../src/adapters/simulation/ports.ts'
import { simulatedReboots } from '../../../src/pipeline/plan/simulated-plan.ts'
import { fleetOf } from '../../rig/files/fleet-file.ts'
import { play, undisturbed } from '../../rig/properties/simulated-run.ts'

const names = ['canary', 'web-1', 'web-2'] as const
const fleet = fleetOf(
  `hosts: { canary: {}, web-1: {}, web-2: {} }\nwaves: [{ name: first, hosts: [canary] }, { name: rest, hosts: ["*"] }]\n`,
)
const made = { fleet, selected: new Set(names), version: '0', operator: 'ada@desk', createdAt: '2026-11-22T02:00:00Z' }
const plan = simulatedReboots(made)

function simulate(faults: Partial<Record<(typeof names)[number], Fault>> = {}) {
  return simulationOf(plan, 1, (host) => faults[host as (typeof names)[number]] ?? 'well', Date.parse(made.createdAt))
}

function bootsOf({ fleet: { hosts } }: ReturnType<typeof simulate>): readonly number[] {
  return names.map((name) => hosts.get(name)?.boots ?? 0)
}

describe('a plan of reboots', () => {
  it('reboots each host once, wave by wave, and activates nothing', async () => {
    const simulation = simulate()
    const { events, state } = await play({ plan, simulation, run: 'one' })
    expect({ code: state?.finished?.exitCode, boots: bootsOf(simulation) }).toEqual({ code: 0, boots: [2, 2, 2] })
    const steps = events.flatMap((event) =>
      event.type === 'host.step' && event.status === 'started' ? [event.step] : [],
    )
    expect(steps.filter((step) => step === 'activate' || step === 'build')).toEqual([])
    const order = events.flatMap((event) =>
      event.type === 'host.succeeded' || event.type === 'wave.finished' ? [`${event.type} ${event.wave}`] : [],
    )
    expect(order).toEqual([
      'host.succeeded first',
      'wave.finished first',
      'host.succeeded rest',
      'host.succeeded rest',
      'wave.finished rest',
    ])
  })

  it('halts at a host that does not come back: no other is rebooted, and none is rolled back', async () => {
    const simulation = simulate({ 'web-1': 'falls-silent' })
    const { events, state } = await play({ plan, simulation, run: 'one' })
    expect({ code: state?.finished?.exitCode, boots: bootsOf(simulation) }).toEqual({ code: 3, boots: [2, 2, 1] })
    expect(events.filter(({ type }) => type === 'host.reverting' || type === 'host.rolled-back')).toEqual([])
    expect(state?.hosts.get('web-1')?.ending).toMatchObject({ type: 'host.failed', code: 'reboot/no-return' })
    expect(state?.hosts.get('web-2')?.ending?.type).toBe('host.cancelled')
  })

  it('says so where a host goes on as it was', async () => {
    const { state } = await play({ plan, simulation: simulate({ canary: 'lies' }), run: 'one' })
    expect(state?.finished?.exitCode).toBe(3)
    expect(state?.hosts.get('canary')?.ending).toMatchObject({ type: 'host.failed', code: 'reboot/not-started' })
  })
})

test('killed after any line of its journal and resumed, it reboots each host exactly once', async () => {
  const { events } = await play({ plan, simulation: simulate(), run: 'one' })
  for (let killAfter = 1; killAfter < events.length; killAfter += 1) {
    const simulation = simulate()
    await play({ plan, simulation, run: 'one', disturbance: { ...undisturbed, killAfter } })
    const { state } = await play({ plan, simulation, run: 'two', resumes: 'one' })
    expect({ killAfter, code: state?.finished?.exitCode, boots: bootsOf(simulation) }).toEqual({
      killAfter,
      code: 0,
      boots: [2, 2, 2],
    })
  }
})
