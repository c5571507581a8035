import type { Fact } from '../../../src/model/run/event.ts'
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
      message: `Applying home-lab to ${Object.values(waves).flat().length} hosts`,
      fleet: '0.1.0',
      name: 'home-lab',
      planId: `sha256:${'0123456789abcdef'.repeat(4)}`,
      operator: 'sma@congenital-optimist',
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
      const line = {
        v: 1,
        seq: this.events.length,
        at: new Date(this.#at).toISOString(),
        run: '20251129T210000Z-a1b2',
        ...fact,
      }
      this.events.push(checked('event', line as Event))
      this.#at += 1000
    }
    return this
  }

  openWave(wave: string, hosts: readonly string[]): this {
    return this.add({ type: 'wave.started', message: `wave ${wave}: ${hosts.length} hosts`, wave, hosts: [...hosts] })
  }

  steps(wave: string, host: string, steps: readonly HostStep['step'][]): this {
    for (const step of steps) {
      for (const status of ['started', 'finished'] as const) {
        this.add({ type: 'host.step', message: `${host}: ${step} ${status}`, host, wave, status, step })
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
      message: `${host}: started`,
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
        message: `${host}: runs ${system} and is healthy (verified)`,
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
      message: `${host}: ${reason}; rolled back`,
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
      this.add({ type: 'host.cancelled', message: `${host}: not reached: ${reason}`, host, wave, reason })
    }
    return this
  }

  halt(wave: string, reason: string): this {
    const message = `wave ${wave} halted: ${reason}`
    return this.add({ type: 'wave.halted', message, wave, reason, failures: 1, maxFailures: 0 })
  }

  finishWave(wave: string, halted = false): this {
    return this.add({ type: 'wave.finished', message: `wave ${wave} finished`, wave, halted })
  }

  finish(outcome: RunFinished['outcome'], exitCode: number, counts: Partial<Counts>, reason: string = outcome): this {
    const none = { changed: 0, reverted: 0, unchanged: 0, failed: 0, rolledBack: 0, unknown: 0, notReached: 0 }
    return this.add({
      type: 'run.finished',
      message: `run ${outcome}`,
      outcome,
      exitCode,
      reason,
      changedHosts: [],
      counts: { ...none, ...counts },
    })
  }
}
