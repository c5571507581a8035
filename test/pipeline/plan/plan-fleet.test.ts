import { expect, test } from 'vitest'
import { failed } from '../../../src/model/failure.ts'
import type { Source } from '../../../src/model/plan/plan-schema.ts'
import { planFleet, type PlanPorts, type PlanRequest } from '../../../src/pipeline/plan/plan-fleet.ts'
import type { Remote, RemoteAnswer } from '../../../src/ports/remote.ts'
import { fleetOf } from '../../rig/files/fleet-file.ts'
import { samplePlan } from '../../rig/samples/plan.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

const never = new AbortController().signal
const source: Source = samplePlan({}).body.source

/** Hosts that say nothing until nobody waits for them any more. */
class SilentHosts implements Pick<Remote, 'run'> {
  left = 0

  run(_: unknown, __: unknown, signal: AbortSignal): Promise<RemoteAnswer> {
    const failure = { code: 'ssh/aborted', summary: 'interrupted', detail: '' } as const
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        this.left += 1
        resolve({ how: 'no-answer', begun: true, failure })
      })
    })
  }
}

/** Plans two silent hosts; what is evaluated or compared would be a bug. */
async function refusal(ports: Pick<PlanPorts, 'nix' | 'checkout'>, since: string | null = null) {
  const fleet = fleetOf('hosts: { one: {}, two: {} }')
  const remote = new SilentHosts()
  const request = {
    fleet,
    selected: new Set(['one', 'two']),
    against: { how: 'hosts' },
    since,
    parallelism: { nix: 1, remote: 2 },
    build: null,
    onProgress: () => {},
  } as unknown as PlanRequest
  const world = { remote, clock: new VirtualClock(), closures: {}, ...ports } as unknown as PlanPorts
  const made = await planFleet(request, world, never)
  return { details: made.ok ? [] : made.diagnostics.map(({ detail }) => detail), left: remote.left }
}

test('a flake that is broken ends the planning at once, though no host has answered', async () => {
  const nix = { lock: async () => failed('source/not-locked', 'the flake could not be read', 'syntax error') }
  expect(await refusal({ nix, checkout: {} } as unknown as PlanPorts)).toEqual({
    details: ['flake .: syntax error'],
    left: 2,
  })
})

test('a revision that nobody knows is told before anything is evaluated, and no host is waited for', async () => {
  const nix = { lock: async () => ({ ok: true, value: source }) }
  const checkout = {
    baseReference: async () => failed('source/not-locked', 'no such revision', 'git knows no `mian`.'),
  }
  expect(await refusal({ nix, checkout } as unknown as PlanPorts, 'mian')).toEqual({
    details: ['flake .: git knows no `mian`.'],
    left: 2,
  })
})
