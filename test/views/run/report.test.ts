import { expect, it } from 'vitest'
import { foldLines } from '../../../src/model/text/folded-lines.ts'
import { type ReportOptions, reportText } from '../../../src/views/run/report.ts'
import { displayWidth } from '../../../src/views/terminal/width.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { storePath } from '../../rig/samples/plan.ts'
import { SampleRun } from '../../rig/samples/run.ts'
import { brokenCanary, takenBack, twoWaves } from '../history/sample-stories.ts'

const plainly: ReportOptions = { color: false, width: 80, verbose: false, tails: new Map(), next: [] }

const next = [
  { command: 'fleet history a1b2', why: 'each host, why, and its log file' },
  { command: 'fleet plan', why: 'after the fix' },
]

it('a complete run names who was left out and ends with the summary', () => {
  expectGolden('views/run/report-complete.txt', reportText(twoWaves().state, plainly))
})

const tails = new Map([
  [
    'limiting-factor',
    {
      lines: foldLines(
        Array.from({ length: 25 }, (_, index) => `line ${index + 1} of \u001B[31mwhat it printed\u0007`),
      ),
      log: '.fleet/runs/20251129T210000Z-a1b2/limiting-factor.log',
    },
  ],
])

it('a failed canary says what it runs now, what it printed and who was not started', () => {
  expectGolden('views/run/report-rolled-back.txt', reportText(brokenCanary().state, { ...plainly, tails, next }))
})

it('a report in colour has the same words', () => {
  const colored = reportText(brokenCanary().state, { ...plainly, color: true, tails, next })
  expect(colored).toContain('\u001B[31m✗\u001B[39m')
  // oxlint-disable-next-line no-control-regex -- colours are control sequences
  expect(colored.replaceAll(/\u001B\[\d+m/g, '')).toBe(reportText(brokenCanary().state, { ...plainly, tails, next }))
})

it('each way to fail says only what is known', () => {
  const [wave, hosts] = [
    'all',
    ['stale', 'untouched', 'half-way', 'silent', 'unverified', 'lost', 'gone', 'unmeasured', 'late'],
  ] as const
  const failed = { type: 'host.failed', wave, profile: null } as const
  const run = new SampleRun({ all: hosts })
    .openWave(wave, hosts)
    .add(
      {
        type: 'host.stale',
        host: 'stale',
        wave,
        expected: storePath('a', 'nixos-system-stale-25.05'),
        observed: storePath('c', 'nixos-system-stale-25.11'),
        reason: 'the host runs neither what the plan expects nor what it wants',
      },
      {
        ...failed,
        host: 'untouched',
        step: 'copy',
        code: 'copy/no-space',
        reason: '/nix/store has 12 MiB free and the copy needs 640 MiB',
        touched: false,
        system: null,
      },
      {
        ...failed,
        host: 'half-way',
        step: 'activate',
        code: 'activate/failed',
        reason: 'switch-to-configuration failed with exit code 4',
        touched: true,
        system: storePath('b', 'nixos-system-half-way-25.05'),
        profile: storePath('a', 'nixos-system-half-way-25.05'),
      },
      {
        ...failed,
        host: 'silent',
        step: 'verify',
        code: 'activate/unconfirmed',
        reason: 'no answer',
        touched: true,
        system: null,
      },
    )
    .rollBack(wave, 'unverified', 'activation was not confirmed in 60 s', null)
    .add(
      {
        type: 'host.unknown',
        host: 'lost',
        wave,
        step: 'activate',
        code: 'ssh/connection-lost',
        reason: 'the connection broke during activation and the host has not answered since',
        lastKnown: storePath('a', 'nixos-system-lost-25.05'),
      },
      {
        type: 'host.unknown',
        host: 'gone',
        wave,
        step: 'lock',
        code: 'activate/failed',
        reason: 'gone',
        lastKnown: null,
      },
      {
        type: 'host.unknown',
        host: 'unmeasured',
        wave,
        step: 'verify',
        code: 'check/no-result',
        reason: 'check web could not measure: exit status 3',
        lastKnown: storePath('b', 'nixos-system-unmeasured-25.05'),
      },
      { type: 'host.waiting', host: 'late', wave, reason: 'the wave has halted' },
    )
    .halt(wave, '7 failures, limit 0')
    .finish('failed', 3, { failed: 8, rolledBack: 1, unknown: 3, notStarted: 1 })
  expectGolden('views/run/report-fates.txt', reportText(run.state, plainly))
})

it('six hundred hosts that were not started are one line', () => {
  const hosts = Array.from({ length: 600 }, (_, index) => `web-${String(index).padStart(3, '0')}`)
  const run = new SampleRun({ canary: ['first'], all: hosts })
    .openWave('canary', ['first'])
    .rollBack('canary', 'first', 'activation failed')
    .cancel('all', hosts, 'wave canary halted: 1 failure, limit 0')
    .finish('failed', 3, { failed: 1, rolledBack: 1, notStarted: 600 })
  expectGolden('views/run/report-many.txt', reportText(run.state, plainly))
})

it('a run that has not finished has no report', () => {
  expect(() => reportText(new SampleRun({ all: ['one'] }).state, plainly)).toThrow('bug:')
})

it('a host that was not restored to a healthy system is the first thing said', () => {
  expectGolden('views/run/report-taken-back.txt', reportText(takenBack().state, plainly))
})

/** Hosts that all fail in a wave that allows it. */
function failing(hosts: readonly string[], reasonOf: (host: string) => string) {
  const run = new SampleRun({ web: hosts }).openWave('web', hosts)
  for (const host of hosts) run.rollBack('web', host, reasonOf(host))
  return run.finish('failed', 3, { failed: hosts.length, rolledBack: hosts.length }).state
}

function tailsOf(hosts: readonly string[], lines: readonly string[]): ReportOptions['tails'] {
  return new Map(hosts.map((host) => [host, { lines: foldLines(lines), log: `.fleet/runs/r/${host}.log` }]))
}

it('a line that is printed again and again is one line with a count', () => {
  const refused = 'ssh: connect to host 127.0.0.1 port 2222: Connection refused'
  const lines = ['copying', ...Array.from({ length: 15 }, () => refused), '', 'giving up']
  const text = reportText(
    failing(['web-1'], () => 'activation failed'),
    { ...plainly, tails: tailsOf(['web-1'], lines) },
  )
  expect(text).toContain(`| copying\n         | ${refused} (15 times)\n         | giving up\n`)
})

it('what hosts printed is left to their logs where more than three failed, unless all of it is asked for', () => {
  const hosts = ['web-1', 'web-2', 'web-3', 'web-4']
  const state = failing(hosts, (host) => `check shop failed on ${host}`)
  const told = tailsOf(hosts, ['502 Bad Gateway'])
  expectGolden('views/run/report-four.txt', reportText(state, { ...plainly, tails: told, next }))
  expect(reportText(state, { ...plainly, tails: told, verbose: true }).match(/502 Bad Gateway/g)).toHaveLength(4)
})

it('hosts that ended alike are one entry, which names each of them', () => {
  const hosts = Array.from({ length: 40 }, (_, index) => `web-${index}`)
  expectGolden(
    'views/run/report-alike.txt',
    reportText(
      failing(hosts, () => 'activation failed (exit 4): warning: the following units failed: nginx.service'),
      { ...plainly, next },
    ),
  )
})

it.each([40, 80, 200])('a report fits %i columns, but for paths and what programs printed', (width) => {
  const text = reportText(brokenCanary().state, { ...plainly, width, next })
  const long = text.split('\n').filter((line) => displayWidth(line) > width)
  expect(long.filter((line) => !/^ *\/nix\/store\/\S+$|^Apply /.test(line))).toEqual([])
  expectGolden(`views/run/report-${width}.txt`, text)
})
