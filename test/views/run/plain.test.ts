import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { type Event } from '../../../src/model/run/event-schema.ts'
import { initialRun, reduce } from '../../../src/model/run/run.ts'
import type { EventView } from '../../../src/views/run/event-view.ts'
import { jsonLines } from '../../../src/views/run/json-lines.ts'
import { plain } from '../../../src/views/run/plain.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { SampleRun } from '../../rig/samples/run.ts'
import { brokenCanary, twoWaves } from '../history/sample-stories.ts'

it('writes a line per change of state', async () => {
  expectGolden(
    'views/run/plain.txt',
    await shown(twoWaves().events, (out) => plain(out, { color: false, verbose: false })),
  )
})

it('writes every step and every line of output when asked to be verbose', async () => {
  const view = (out: PassThrough) => plain(out, { color: false, verbose: true })
  expectGolden('views/run/plain-verbose.txt', await shown(brokenCanary().events, view))
})

it('colours by role when asked', async () => {
  expectGolden(
    'views/run/plain-color.txt',
    await shown(brokenCanary().events, (out) => plain(out, { color: true, verbose: false })),
  )
})

it('says what keeps a host that is at work, and not that one awaits its turn', async () => {
  const run = new SampleRun({ canary: ['limiting-factor'] }).openWave('canary', ['limiting-factor'])
  const host = { host: 'limiting-factor', wave: 'canary' } as const
  const step = { type: 'host.step', ...host, step: 'preflight', status: 'started' } as const
  run.add({ type: 'host.waiting', ...host, reason: 'its turn' })
  run.add(step)
  run.add({ type: 'host.waiting', ...host, reason: 'it is busy' })
  const output = await shown(run.events, (out) => plain(out, { color: false, verbose: false }))
  expect(output).toContain('waiting: it is busy')
  expect(output).not.toContain('its turn')
})

it('writes nothing that a host could use to move the cursor', async () => {
  const run = brokenCanary()
  run.add({
    type: 'host.output',
    host: 'limiting-factor',
    step: 'activate',
    stream: 'stdout',
    line: 'a\u001B[2Jb\u202Ec\rd',
  })
  const output = await shown(run.events, (out) => plain(out, { color: false, verbose: true }))
  expect(output).toContain('| abc d')
  expect(output).not.toContain('\u001B')
})

it('writes one JSON object a line, the events as they are', async () => {
  const { events } = twoWaves()
  const lines = (await shown(events, jsonLines)).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(events)
})

async function shown(events: readonly Event[], open: (stream: PassThrough) => EventView): Promise<string> {
  const stream = new PassThrough()
  const view = open(stream)
  let state = initialRun()
  for (const event of events) {
    state = reduce(state, event)
    view.show(event, state)
  }
  view.close()
  stream.end()
  return text(stream)
}
