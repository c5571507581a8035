import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { initialRun, reduce } from '../../../src/model/run/run.ts'
import { live } from '../../../src/views/run/live.ts'
import { liveFrame } from '../../../src/views/run/live-frame.ts'
import { paintFor } from '../../../src/views/terminal/paint.ts'
import { displayWidth } from '../../../src/views/terminal/width.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { SampleRun } from '../../rig/samples/run.ts'
import { brokenCanary, takenBack, twoWaves } from '../history/sample-stories.ts'

const paint = paintFor(false)
const hide = '\u001B[?25l'
const show = '\u001B[?25h'

it('shows a line per host that moves or waits, with its phase and age', () => {
  const run = new SampleRun({
    canary: ['limiting-factor'],
    servers: ['sleeper-service', 'grey-area', 'reverse-proxy'],
    desktops: ['little-rascal', 'congenital-optimist'],
  })
    .openWave('canary', ['limiting-factor'])
    .succeed('canary', 'limiting-factor')
    .finishWave('canary')
    .openWave('servers', ['sleeper-service', 'grey-area', 'reverse-proxy'])
    .prepare('servers', 'sleeper-service')
    .prepare('servers', 'grey-area')
    .steps('servers', 'reverse-proxy', ['preflight'])
    .add({ type: 'host.step', host: 'reverse-proxy', wave: 'servers', step: 'copy', status: 'started' })
    .begin('servers', 'sleeper-service')
    .steps('servers', 'sleeper-service', ['lock'])
    .add({
      type: 'host.step',
      host: 'sleeper-service',
      wave: 'servers',
      step: 'activate',
      status: 'started',
    })
    .add({
      type: 'host.waiting',
      host: 'grey-area',
      wave: 'servers',
      reason: 'sleeper-service must be done first',
    })
  const frame = liveFrame(run.state, {
    paint,
    now: run.now + 64_000,
    columns: 80,
    rows: 24,
    spinner: '⠋',
    interruption: null,
  })
  expectGolden('views/run/live-six.txt', `${frame.join('\n')}\n`)
})

it('stays calm with six hundred hosts and fits the screen', () => {
  const web = Array.from({ length: 500 }, (_, index) => `web-${index}`)
  const waves = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [`region-${index}`, [`edge-${index}`, `core-${index}`]]),
  )
  const run = new SampleRun({ canary: ['first'], web, ...waves })
    .openWave('canary', ['first'])
    .succeed('canary', 'first')
    .finishWave('canary')
    .openWave('web', web)
  for (const host of web.slice(0, 100)) run.prepare('web', host)
  for (const host of web.slice(0, 40)) run.succeed('web', host)
  for (const host of web.slice(40, 60)) run.begin('web', host).steps('web', host, ['lock', 'activate'])
  run.rollBack('web', 'web-40', 'switch-to-configuration failed with exit code 4')
  const frame = liveFrame(run.state, { paint, now: run.now, columns: 80, rows: 24, spinner: '⠋', interruption: null })
  expectGolden('views/run/live-six-hundred.txt', `${frame.join('\n')}\n`)
  expect(frame.length).toBeLessThanOrEqual(24)
  expect(Math.max(...frame.map(displayWidth))).toBeLessThanOrEqual(80)
})

it('draws in place, hides the cursor while it does, and leaves the last frame and the cursor behind', async () => {
  const terminal = new FakeTerminal()
  const view = await live(terminal.stream, { color: false, now: () => Date.parse('2025-11-29T21:01:00Z') })
  let state = initialRun()
  for (const event of twoWaves().events) {
    state = reduce(state, event)
    view.show(event, state)
  }
  await terminal.until(hide)
  view.close()
  view.close()
  expect(terminal.written.split(show)).toHaveLength(2)
  expectGolden('views/run/live-last-frame.txt', terminal.written.slice(terminal.written.indexOf(show) + show.length))
})

it('waves that a halt keeps from starting are a line each', () => {
  const run = brokenCanary()
  const frame = liveFrame(run.state, { paint, now: run.now, columns: 80, rows: 24, spinner: '⠋', interruption: null })
  expectGolden('views/run/live-halted.txt', `${frame.join('\n')}\n`)
})

it('hosts that are rolled back, and those that could not be, stand out', () => {
  const run = takenBack()
  const during = run.events.findIndex((event) => event.type === 'host.reverted')
  const whole = run.events.splice(during + 1)
  const options = { paint, now: run.now, columns: 80, rows: 24, spinner: '⠋', interruption: null }
  const frames = [liveFrame(run.state, options)]
  run.events.push(...whole)
  frames.push(liveFrame(run.state, options))
  expectGolden('views/run/live-taken-back.txt', `${frames.map((frame) => frame.join('\n')).join('\n\n')}\n`)
})

it('a wave that bakes says how long it still will', () => {
  const run = takenBack()
  run.events.splice(run.events.findIndex((event) => event.type === 'wave.baking') + 1)
  const at = Date.parse(run.events.at(-1)?.at ?? '')
  const frame = liveFrame(run.state, {
    paint,
    now: at + 61_000,
    columns: 80,
    rows: 24,
    spinner: '⠋',
    interruption: null,
  })
  expect(frame[0]).toBe('servers  3 hosts, baking, 8:59 to go')
})

it('an interrupted run says so until its hosts are done', () => {
  const run = brokenCanary()
  run.events.splice(-5)
  run.add({ type: 'run.interrupted', signal: 'SIGINT', inFlight: [] })
  const frame = liveFrame(run.state, { paint, now: run.now, columns: 80, rows: 24, spinner: '⠋', interruption: null })
  expect(frame.at(-1)).toContain('interrupted, starting nothing new')
})

it('a line of a host in flight fits a narrow terminal: one that wraps would never be erased', () => {
  const run = brokenCanary()
  run.events.splice(run.events.findIndex(({ type }) => type === 'host.started') + 1)
  const options = { paint, now: run.now + 3_700_000, columns: 40, rows: 24, spinner: '⠋', interruption: null }
  expect(liveFrame(run.state, options).filter((line) => displayWidth(line) > 40)).toEqual([])
})

it('says at a signal what is waited for, and at the second what is left', () => {
  const run = brokenCanary()
  run.events.splice(run.events.findIndex(({ type }) => type === 'host.started') + 1)
  const frameAfter = (interruption: string) => {
    run.add({ type: 'run.interrupted', signal: 'SIGINT', inFlight: ['h'] })
    const options = { paint, now: run.now, columns: 80, rows: 24, spinner: '⠋', interruption }
    return `${liveFrame(run.state, options).join('\n')}\n`
  }
  expect(frameAfter('interrupted by SIGINT; in flight: h (4m40s at most)')).toContain(
    '! interrupted by SIGINT; in flight: h (4m40s at most). Nothing new starts.\n  Interrupt again to stop waiting for these hosts.\n',
  )
  expect(frameAfter('interrupted by SIGINT; not waited for: h will go back by itself')).toContain(
    '! interrupted by SIGINT; not waited for: h will go back by itself\n',
  )
})

it('writes nothing when it is closed before the run began', async () => {
  const terminal = new FakeTerminal()
  const view = await live(terminal.stream, { color: false, now: Date.now })
  view.close()
  // oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
  expect(terminal.written.replaceAll(/\u001B\[[?\d]*[A-Za-z]/g, '')).toBe('')
})

class FakeTerminal {
  written = ''
  readonly stream: NodeJS.WriteStream

  constructor() {
    const stream = new PassThrough({ encoding: 'utf8' })
    stream.on('data', (text: string) => {
      this.written += text
    })
    this.stream = Object.assign(stream, { isTTY: true, columns: 80, rows: 24 }) as unknown as NodeJS.WriteStream
  }

  /** Resolves when the text has been written. */
  async until(text: string): Promise<void> {
    while (!this.written.includes(text)) await once(this.stream, 'data')
  }
}
