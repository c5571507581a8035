import { expect } from 'vitest'
import type { Event } from '../../../src/model/run/event-schema.ts'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import type { RunState } from '../../../src/model/run/run.ts'
import { apply, type ApplyRequest, type Interrupts } from '../../../src/pipeline/run/apply.ts'
import { parseObservation } from '../../../src/pipeline/observe/parse.ts'
import { HostLock } from '../../../src/pipeline/host/lock.ts'
import type { Journey } from '../../../src/pipeline/host/journey.ts'
import { prepare } from '../../../src/pipeline/host/prepare.ts'
import { activate } from '../../../src/pipeline/host/activate.ts'
import type { DoubleWorld } from './world.ts'
import { isEnding } from '../properties/ending.ts'

/** An operator's two signals. */
export class Signals implements Interrupts {
  readonly #first = new AbortController()
  readonly #second = new AbortController()
  readonly first = this.#first.signal
  readonly second = this.#second.signal

  interrupt(signal = 'SIGINT'): void {
    if (this.first.aborted) this.#second.abort(signal)
    else this.#first.abort(signal)
  }
}

/** Applies the plan of a world, and sees to it that every host has exactly one ending. */
export async function run(
  world: DoubleWorld,
  signals = new Signals(),
  more: Partial<ApplyRequest> = {},
): Promise<RunState> {
  const { plan } = world
  const selection = plan.body.waves.map(({ name, hosts }) => ({ name, hosts: [...hosts] }))
  const request = {
    plan,
    selection,
    promoted: new Set<string>(),
    overrides: noOverrides,
    lockTimeoutMs: 300_000,
    notes: [],
    resumes: null,
    version: '0.1.0',
    operator: 'a@b',
    ...more,
  }
  const state = await apply(request, world, signals, () => {})
  expectOneEndingEach(world.journal.events, state)
  return state
}

/** Every host of the selection has exactly one ending, and the run says what it ended with last. */
function expectOneEndingEach(events: readonly Event[], state: RunState): void {
  if (state.signal === 'a lost journal') return
  const ended = events.filter(isEnding).map(({ host }) => host)
  expect(new Set(ended)).toEqual(new Set(state.hosts.keys()))
  expect(ended).toHaveLength(state.hosts.size)
  expect(events.at(-1)?.type).toBe('run.finished')
}

/** How each host ended, by name. */
export function endings(state: RunState): Readonly<Record<string, string>> {
  return Object.fromEntries([...state.hosts].map(([name, { ending }]) => [name, ending?.type.slice(5) ?? 'none']))
}

/** Outcome and exit code. */
export function outcome({ finished }: RunState): readonly unknown[] {
  return [finished?.outcome, finished?.exitCode]
}

/** Rolls out the one host of a world, and returns its ending. */
export async function rolledOut(world: DoubleWorld, signal = new AbortController().signal): Promise<unknown> {
  await activate({ ...(await readyAt(world)), signal })
  return world.ending
}

/** What `prepare` would hand over of the one host of a world, without its story. */
export async function readyAt(world: DoubleWorld, task = world.task()): Promise<Journey> {
  const before = parseObservation(world.host().observation('n'), 'n')
  const told = world.facts.length
  const work = { task, ports: world, signal: new AbortController().signal }
  const lock = await HostLock.take(work)
  world.facts.length = told
  const { planned } = task
  if (!before.ok || !lock.ok || planned.action !== 'change') throw new Error('the double answers nonsense')
  const observed = { before: before.value, observedAt: world.clock.now(), failing: new Set<string>() }
  return { ...work, planned, lock: lock.value, ...observed }
}

/** Prepares the one host of a world: its ending, or null when it is ready. */
export async function prepared(world: DoubleWorld, signal = new AbortController().signal): Promise<unknown> {
  return (await prepare({ task: world.task(), ports: world, signal })) === null ? world.ending : null
}
