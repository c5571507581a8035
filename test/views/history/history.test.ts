import { describe, expect, it } from 'vitest'
import { journalLine } from '../../../src/model/run/journal-line.ts'
import { outlineStory, storyOf } from '../../../src/model/run/story.ts'
import { historyDocument, runDocument } from '../../../src/views/history/document.ts'
import { expectGolden } from '../../rig/files/golden.ts'

const options = { format: 'text', color: false, width: 80, maxBytes: 60_000 } as const
const none = { planFile: null, logs: new Map<string, string>(), tails: new Map<string, readonly string[]>() }

/** Lines of a journal, a second apart. */
function lines(...facts: readonly Readonly<Record<string, unknown>>[]) {
  return facts.flatMap((fact, seq) => {
    const at = new Date(Date.UTC(2026, 10, 22, 2, 0, seq * 10)).toISOString()
    return journalLine(JSON.stringify({ v: 1, seq, at, run: 'r', message: String(fact['type']), ...fact })) ?? []
  })
}

const started = {
  type: 'run.started',
  fleet: '0.1.0',
  name: 'home-lab',
  planId: `sha256:${'0123456789abcdef'.repeat(4)}`,
  startedBy: 'sma@workstation',
  waves: [
    { name: 'canary', hosts: ['limiting-factor'] },
    { name: 'servers', hosts: ['sleeper-service', 'grey-area', 'reverse-proxy'] },
  ],
  resumes: null,
}
const at = (host: string, wave: string) => ({ host, wave })
const counts = {
  changed: 1,
  reverted: 0,
  unchanged: 0,
  failed: 1,
  rolledBack: 1,
  unknown: 0,
  skipped: 0,
  notStarted: 2,
}

const halted = lines(
  started,
  { type: 'wave.started', wave: 'canary', hosts: ['limiting-factor'] },
  { type: 'host.started', ...at('limiting-factor', 'canary'), from: '/nix/store/old', to: '/nix/store/new' },
  { type: 'host.step', ...at('limiting-factor', 'canary'), step: 'activate', status: 'started' },
  { type: 'host.step', ...at('limiting-factor', 'canary'), step: 'activate', status: 'finished' },
  { type: 'host.succeeded', ...at('limiting-factor', 'canary'), system: '/nix/store/new' },
  { type: 'wave.baking', wave: 'canary', bakeTimeMs: 10_000 },
  { type: 'wave.finished', wave: 'canary', halted: false },
  { type: 'wave.started', wave: 'servers', hosts: [] },
  { type: 'host.started', ...at('sleeper-service', 'servers'), from: '/nix/store/old', to: '/nix/store/new' },
  { type: 'host.step', ...at('sleeper-service', 'servers'), step: 'activate', status: 'started' },
  {
    type: 'host.rolled-back',
    ...at('sleeper-service', 'servers'),
    reason: 'activation failed (exit 4): warning: the following units failed: forgejo.service',
  },
  { type: 'wave.halted', wave: 'servers', reason: '1 failure, 0 allowed' },
  { type: 'host.cancelled', ...at('grey-area', 'servers'), reason: 'wave servers halted: 1 failure, 0 allowed' },
  { type: 'host.cancelled', ...at('reverse-proxy', 'servers'), reason: 'wave servers halted: 1 failure, 0 allowed' },
  { type: 'moon.risen', message: 'the moon has risen' },
  { type: 'wave.finished', wave: 'servers', halted: true },
  {
    type: 'run.finished',
    outcome: 'failed',
    exitCode: 3,
    reason: 'sleeper-service rolled back',
    changedHosts: [],
    counts,
  },
)
const broken = halted.slice(0, 11)
const files = {
  planFile: '/srv/lab/.fleet/runs/r/plan.json',
  logs: new Map([['sleeper-service', '/srv/lab/.fleet/runs/r/sleeper-service.log']]),
  tails: new Map([
    ['sleeper-service', ['starting the following units: forgejo.service', '``` <b>@all</b>\u001B[31m', 'exit 4']],
  ]),
}

describe('a run’s story', () => {
  it('tells each wave and host, why, how long, where its log is, and what to type', () => {
    const story = storyOf({ run: '20261122T020000Z-3f9a', isRunning: false, lines: halted, unreadable: 0 })
    expectGolden('views/history/run.txt', runDocument(story, files, options))
    expectGolden('views/history/run.md', runDocument(story, files, { ...options, format: 'markdown' }))
  })

  it('names what was in flight when the journal breaks off', () => {
    const story = storyOf({ run: '20261122T020000Z-3f9a', isRunning: false, lines: broken, unreadable: 1 })
    expectGolden('views/history/broken.txt', runDocument(story, files, options))
  })

  it('is as long as there is a journal, whatever it holds', () => {
    for (let length = 0; length <= halted.length; length += 1) {
      const story = storyOf({ run: 'r', isRunning: false, lines: halted.slice(0, length), unreadable: 0 })
      for (const format of ['text', 'markdown', 'html', 'json'] as const)
        expect(runDocument(story, none, { ...options, format })).not.toContain('undefined')
    }
  })

  it('shows nothing of a hostile journal that a terminal or a page would take for its own', () => {
    const evil = '\u001B[2J\u001B]0;owned\u0007<script>alert(1)</script>\u202E'
    const lie = lines(
      { ...started, name: evil, startedBy: evil, waves: [{ name: evil, hosts: [evil, 7, null] }, 'nonsense', null] },
      { type: 'wave.started', wave: evil },
      { type: 'host.failed', host: evil, wave: evil, reason: evil, touched: 'maybe' },
      { type: 'wave.halted', wave: 'nowhere', reason: evil },
      { type: 'host.step', host: 'nobody', step: 7 },
      { type: evil, message: evil },
      { type: 'run.finished', outcome: evil, exitCode: -1, reason: evil, counts: 'many' },
    )
    const story = storyOf({ run: evil, isRunning: false, lines: lie, unreadable: 3 })
    const text = runDocument(story, none, options) + historyDocument([story], options)
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F\u202E]/)
    const page =
      runDocument(story, none, { ...options, format: 'html' }) +
      historyDocument([story], { ...options, format: 'html' })
    expect(page).not.toContain('<script')
    const markdown = runDocument(story, none, { ...options, format: 'markdown' })
    expect(markdown).not.toContain('<script')
  })
})

it('a host that was passed over, and one whose health is not known, are told as in the report', () => {
  const waves = [
    { name: 'all', hosts: ['laptop', 'web'] },
    { name: 'rest', hosts: [] },
  ]
  const odd = lines(
    { ...started, waves },
    { type: 'host.skipped', ...at('laptop', 'all'), cause: 'unreachable', reason: 'unreachable' },
    { type: 'host.unknown', ...at('web', 'all'), code: 'check/no-result', reason: 'no route' },
    { type: 'wave.paused', wave: 'rest', reason: 'promotion: manual' },
    { type: 'run.finished', outcome: 'paused', exitCode: 4, reason: '', counts },
  )
  const text = runDocument(storyOf({ run: 'r', isRunning: false, lines: odd, unreadable: 0 }), files, options)
  expect(text).toContain('- laptop  skipped (unreachable): unreachable')
  expect(text).toContain('✗ web     health unknown: no route')
  expect(text).toContain(`Next: fleet apply ${files.planFile} --wave rest\n        approves and starts wave rest`)
})

describe('Markdown that must be short', () => {
  const story = storyOf({ run: '20261122T020000Z-3f9a', isRunning: false, lines: halted, unreadable: 0 })
  const tails = new Map([
    ['sleeper-service', Array.from({ length: 20 }, (_, index) => `line ${index} ${'x'.repeat(99)}`)],
  ])

  it.each([500, 900, 1200, 1600, 2500, 60_000])('keeps to %i bytes, and says what it leaves out', (maxBytes) => {
    const text = runDocument(story, { ...files, tails }, { ...options, format: 'markdown', maxBytes })
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes)
    expect(text.includes(`to fit in ${maxBytes} bytes`)).toBe(maxBytes < 60_000)
    expect(text).toContain('20261122T020000Z-3f9a')
  })

  it('keeps to it whatever the run is called', () => {
    const odd = { ...story, run: '<'.repeat(400) }
    const text = runDocument(odd, files, { ...options, format: 'markdown', maxBytes: 500 })
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(500)
  })

  it('lists the latest runs that fit, and counts the others', () => {
    const stories = Array.from({ length: 50 }, (_, index) => ({ ...story, run: `run-${index}` }))
    for (const maxBytes of [500, 1000, 3000]) {
      const text = historyDocument(stories, { ...options, format: 'markdown', maxBytes })
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes)
      const shown = text.match(/`run-\d+`/g) ?? []
      expect(shown[0]).toBe('`run-0`')
      expect(text).toContain(`${50 - shown.length} older left out to fit in ${maxBytes} bytes`)
    }
  })
})

describe('past runs', () => {
  it('are listed with their end, or without one', () => {
    const stories = [
      outlineStory('20261122T030000Z-77aa', true, { first: broken[0] ?? null, last: broken.at(-1) ?? null }),
      outlineStory('20261122T021000Z-5b2c', false, { first: broken[0] ?? null, last: null }),
      outlineStory('20261122T020000Z-3f9a', false, { first: halted[0] ?? null, last: halted.at(-1) ?? null }),
      outlineStory('20261121T020000Z-0000', false, { first: null, last: null }),
    ]
    expectGolden('views/history/history.txt', historyDocument(stories, options))
    expect(historyDocument([], options)).toBe('No run yet.\n')
  })
})

it('a host that was rolled back with its wave, or could not be, is not told as one that is well', () => {
  const hosts = ['back', 'stuck', 'sick']
  const ends = lines(
    { ...started, waves: [{ name: 'all', hosts }] },
    ...hosts.map((host) => ({ type: 'host.succeeded', ...at(host, 'all') })),
    { type: 'host.reverted', ...at('back', 'all'), result: 'rolled-back', reason: 'wave all halted' },
    { type: 'host.reverted', ...at('stuck', 'all'), result: 'failed', reason: 'activation failed (exit 2)' },
    { type: 'host.unhealthy', ...at('sick', 'all'), reason: 'check shop failed' },
    { type: 'host.reverted', ...at('sick', 'all'), result: 'rolled-back', reason: 'wave all halted' },
    { type: 'run.finished', outcome: 'failed', exitCode: 3, reason: 'all of it again', changedHosts: [], counts },
  )
  const text = runDocument(storyOf({ run: 'r', isRunning: false, lines: ends, unreadable: 0 }), files, options)
  expect(text).toContain('↩ back   changed and healthy; then rolled back: wave all halted')
  expect(text).toContain('✗ stuck  changed and healthy; then not rolled back: activation failed (exit 2)')
  expect(text).toContain('✗ sick   changed and healthy; then unhealthy: check shop failed; then')
  expect(text).not.toContain('all of it again')
})
