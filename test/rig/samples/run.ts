import { noCounts } from '../../../src/model/run/run-summary.ts'
import type { Fact } from '../../../src/model/run/event.ts'
import { eventOf } from '../../../src/model/run/event-of.ts'
import type { Counts, Event, HostStep, RunFinished } from '../../../src/model/run/event-schema.ts'
import { initialRun, reduce, type RunState } from '../../../src/model/run/run.ts'
import { storePath } from './plan.ts'
import { checked } from '../files/schema.ts'

/** Collects facts as the lines of one run, a second apart, each checked against event.schema.json. */
export class SampleRun {
  readonly events: Event[] = []
  #at = Date.parse('2025-11-29T21:00:00.000Z')

  constructor(waves: Readonly<Record<string, readonly string[]>>) {
    this.add({
      type: 'run.started',
      fleet: '0.1.0',
      name: 'home-lab',
      planId: `sha256:${'0123456789abcdef'.repeat(4)}`,
      startedBy: 'sma@congenital-optimist',
      waves: Object.entries(waves).map(([name, hosts]) => ({ name, hosts: [...hosts] })),
      resumes: null,
    })
  }

  /** Milliseconds since the epoch of the next event. */
  get now(): number {
    return this.#at
  }

  get state(): RunState {
    return this.events.reduce(reduce, initialRun())
  }

  add(...facts: readonly Fact[]): this {
    for (const fact of facts) {
      const stamp = { seq: this.events.length, at: this.#at, run: '20251129T210000Z-a1b2' }
      this.events.push(checked('event', eventOf(fact, stamp)))
      this.#at += 1000
    }
    return this
  }

  openWave(wave: string, hosts: readonly string[]): this {
    return this.add({ type: 'wave.started', wave, hosts: [...hosts] })
  }

  steps(wave: string, host: string, steps: readonly HostStep['step'][]): this {
    for (const step of steps) {
      for (const status of ['started', 'finished'] as const) {
        this.add({ type: 'host.step', host, wave, status, step })
      }
    }
    return this
  }

  prepare(wave: string, host: string): this {
    return this.steps(wave, host, ['preflight', 'build', 'copy'])
  }

  begin(wave: string, host: string): this {
    return this.add({
      type: 'host.started',
      host,
      wave,
      from: storePath('a', `nixos-system-${host}-25.05`),
      to: storePath('b', `nixos-system-${host}-25.05`),
    })
  }

  succeed(wave: string, host: string): this {
    const system = storePath('b', `nixos-system-${host}-25.05`)
    return this.prepare(wave, host)
      .begin(wave, host)
      .steps(wave, host, ['lock', 'activate', 'confirm', 'verify', 'check'])
      .add({
        type: 'host.succeeded',
        host,
        wave,
        system,
        profile: system,
        generation: 42,
      })
  }

  rollBack(
    wave: string,
    host: string,
    reason: string,
    system: string | null = storePath('a', `nixos-system-${host}-25.05`),
  ) {
    return this.add({
      type: 'host.rolled-back',
      host,
      wave,
      step: 'activate',
      code: 'activate/failed',
      reason,
      system,
      profile: system,
    })
  }

  cancel(wave: string, hosts: readonly string[], reason: string): this {
    for (const host of hosts) {
      this.add({ type: 'host.cancelled', host, wave, reason })
    }
    return this
  }

  halt(wave: string, reason: string): this {
    return this.add({ type: 'wave.halted', wave, reason, failures: 1, maxFailures: 0 })
  }

  finishWave(wave: string, halted = false): this {
    return this.add({ type: 'wave.finished', wave, halted })
  }

  finish(outcome: RunFinished['outcome'], exitCode: number, counts: Partial<Counts>, reason: string = outcome): this {
    return this.add({
      type: 'run.finished',
      outcome,
      exitCode,
      reason,
      changedHosts: [],
      counts: { ...noCounts, ...counts },
    })
  }
}
