import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { initialRun, reduce } from '../../../src/model/run/run.ts'
import { plain } from '../../../src/views/run/plain.ts'
import { type LimitOf, silenceText } from '../../../src/views/run/silence.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { SampleRun } from '../../rig/samples/run.ts'

const hosts = ['web-1', 'web-2', 'web-3', 'web-4', 'web-5']
const limitOf: LimitOf = (host, step) =>
  step === 'activate' && host !== 'web-2' ? { milliseconds: 270_000, key: 'activation.timeout' } : null

/** Hosts that are being activated, one a few seconds after the other. */
function activating(count: number): SampleRun {
  const run = new SampleRun({ web: hosts }).openWave('web', hosts)
  for (const host of hosts.slice(0, count))
    run
      .prepare('web', host)
      .begin('web', host)
      .add({ type: 'host.step', host, wave: 'web', step: 'activate', status: 'started' })
  return run
}

function later(run: SampleRun, seconds: number): string {
  return silenceText(run.state, run.now + seconds * 1000, limitOf)
}

it('names what is waited for, since when, and until when by which key', () => {
  const waiting = new SampleRun({ web: hosts }).add({
    type: 'host.waiting',
    host: 'web-1',
    wave: 'web',
    reason: 'the fleet lock is held by ann@office',
  })
  const baking = new SampleRun({ web: hosts })
    .openWave('web', hosts)
    .add({ type: 'wave.baking', wave: 'web', bakeTimeMs: 600_000 })
  const lines = [
    later(activating(1), 60),
    later(activating(2), 60),
    later(activating(5), 60),
    later(baking, 60),
    later(waiting, 60),
    later(new SampleRun({ web: hosts }), 60),
  ]
  expectGolden('views/run/silence.txt', `${lines.join('\n')}\n`)
})

it('promises no time that has passed', () => {
  expect(later(activating(1), 268)).toContain('at the latest')
  expect(later(activating(1), 269)).not.toContain('at the latest')
})

it('is broken once in half a minute, and only while the run goes on', async () => {
  const stream = new PassThrough()
  const run = activating(1)
  const view = plain(stream, { color: false, verbose: false, limitOf })
  expect(view.tick(run.now)).toBe(30_000)
  let state = initialRun()
  for (const event of run.events) view.show(event, (state = reduce(state, event)))
  const last = run.now - 1000
  expect(view.tick(last + 29_000)).toBe(1000)
  expect(view.tick(last + 30_000)).toBe(30_000)
  expect(view.tick(last + 31_000)).toBe(29_000)
  run.finish('failed', 3, {})
  const end = run.events.at(-1)
  if (end !== undefined) view.show(end, reduce(state, end))
  expect(view.tick(last + 90_000)).toBe(30_000)
  stream.end()
  expect((await text(stream)).match(/still waiting/g)).toHaveLength(1)
})
