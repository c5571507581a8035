import { formatDuration } from '../../src/model/fleet/duration.ts'
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Check } from '../../src/model/plan/plan-schema.ts'
import type { CheckType, Measurement } from '../../src/ports/check.ts'
import { eventually } from '../lab/eventually.ts'
import { sampleAttempt } from '../rig/samples/subject.ts'

/** A check type at work: for each situation the check that meets it. Null: its kind cannot meet it. */
export interface CheckSituations {
  readonly type: CheckType
  readonly passes: Check
  readonly fails: Check
  readonly cannotMeasure: Check | null
  /** Answers in five minutes; its time-out is short, and what it then says is `says`. It leaves a process called `mark`. */
  readonly hangs: { readonly check: Check; readonly says: Measurement['result'] }
  /** Answers with escape sequences, bidirectional overrides and a line break in its message. */
  readonly hostile: Check
  readonly megabyte: { readonly check: Check; readonly says: Measurement['result'] }
  readonly close: () => Promise<void>
}

/** What every check type keeps to. `mark` stands in the command line of processes that must not outlive an attempt. */
export function checkContract(name: string, mark: string, open: () => Promise<CheckSituations>): void {
  describe(`the contract of checks, kept by ${name}`, () => {
    let at: CheckSituations
    const measure = (check: Check, signal = new AbortController().signal) =>
      at.type.measure(check, sampleAttempt(), signal)

    beforeAll(async () => {
      at = await open()
    })
    afterAll(async () => {
      await at?.close()
      expect(processesWith(mark)).toEqual([])
    })

    test('passes, with a message', async () => {
      const measured = await measure(at.passes)
      expect(measured, measured.message).toMatchObject({ result: 'pass' })
      expect(measured.message).not.toBe('')
    })

    test('fails, with a message', async () => {
      const measured = await measure(at.fails)
      expect(measured, measured.message).toMatchObject({ result: 'fail' })
      expect(measured.message).not.toBe('')
    })

    test('what cannot be measured is an error and says why', async () => {
      if (at.cannotMeasure === null) return expect(['ssh', 'tcp']).toContain(at.passes.type)
      const measured = await measure(at.cannotMeasure)
      expect(measured, measured.message).toMatchObject({ result: 'error' })
      expect(measured.message).not.toBe('')
    })

    test('what takes too long is ended at its time-out, and nothing of it goes on', async () => {
      const { check, says } = at.hangs
      const measured = await measure(check)
      expect(measured, measured.message).toMatchObject({ result: says })
      expect(measured.message).toContain(`within ${formatDuration(check.timeoutMs)}`)
      await eventually('nothing is left', async () => processesWith(mark).length === 0)
    })

    test('an interrupt ends it, and nothing of it goes on', async () => {
      const stop = new AbortController()
      const check = { ...at.hangs.check, timeoutMs: 60_000 }
      const measuring = measure(check, stop.signal)
      setImmediate(() => stop.abort())
      expect((await measuring).result).not.toBe('pass')
      await eventually('nothing is left', async () => processesWith(mark).length === 0)
    })

    test('an interrupt that came before ends it too', async () => {
      const measured = await measure({ ...at.hangs.check, timeoutMs: 60_000 }, AbortSignal.abort())
      expect(measured.result).not.toBe('pass')
    })

    test('what it says is one line that can be written to a terminal, and not a long one', async () => {
      const { message } = await measure(at.hostile)
      // oxlint-disable-next-line no-control-regex -- that is what must not be in it
      expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u200b]/u)
      expect(message.length).toBeLessThan(500)
    })

    test('a megabyte of output changes nothing', async () => {
      const { check, says } = at.megabyte
      const measured = await measure(check)
      expect(measured, measured.message).toMatchObject({ result: says })
      expect(measured.message.length).toBeLessThan(500)
    })
  })
}

/** Processes whose command line holds the mark; one that nobody has waited for yet has none. */
export function processesWith(mark: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(mark)
    } catch {
      // It ended while it was being looked at.
      return false
    }
  })
}
