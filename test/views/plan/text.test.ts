import { expect, it } from 'vitest'
import type { HostPlan } from '../../../src/model/plan/plan-schema.ts'
import { type PlanTextOptions, planText } from '../../../src/views/plan/text/plan.ts'
import { displayWidth } from '../../../src/views/terminal/width.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import {
  changed,
  type Draft,
  excluded,
  sampleDiff,
  sampleObserved,
  samplePlan,
  sampleSettings,
  sampleWave,
  storePath,
  unchanged,
  unevaluated,
  unknownDiff,
  unreachable,
} from '../../rig/samples/plan.ts'

const plainly: PlanTextOptions = { color: false, width: 80, verbose: false }

const forgejo = sampleDiff({
  packages: [{ name: 'forgejo', from: ['11.0.7'], to: ['11.0.8'] }],
  sizeDelta: 1_258_291,
  units: { restarted: ['forgejo.service'], stopped: [], started: [], reloaded: [] },
})

it('one service changes', () => {
  const plan = samplePlan({
    'limiting-factor': unchanged('limiting-factor'),
    'sleeper-service': unchanged('sleeper-service'),
    'grey-area': changed('grey-area', forgejo),
    'reverse-proxy': unchanged('reverse-proxy'),
    'little-rascal': excluded('little-rascal', 'disabled'),
    'congenital-optimist': unchanged('congenital-optimist'),
  })
  expectGolden('views/plan/one-service.txt', planText(plan, plainly))
})

it('what is not known is never shown as nothing', () => {
  const text = planText(samplePlan({ 'grey-area': changed('grey-area', unknownDiff()) }), plainly)
  expectGolden('views/plan/unknown.txt', text)
})

it('nothing to do', () => {
  expectGolden(
    'views/plan/no-changes.txt',
    planText(samplePlan({ one: unchanged('one'), two: unchanged('two') }), plainly),
  )
})

it('the dangerous comes first', () => {
  expectGolden('views/plan/dangers.txt', planText(dangerous(), plainly))
})

it('verbose shows every package, unit, path and note', () => {
  expectGolden('views/plan/verbose.txt', planText(dangerous(), { ...plainly, verbose: true, width: 100 }))
})

it('colours by role when asked', () => {
  const colored = planText(dangerous(), { ...plainly, color: true })
  expectGolden('views/plan/color.txt', colored)
  // oxlint-disable-next-line no-control-regex -- colours are control sequences
  expect(colored.replaceAll(/\u001B\[\d+m/g, '')).toBe(planText(dangerous(), plainly))
})

it('hosts with the identical change are one entry', () => {
  const names = Array.from({ length: 40 }, (_, index) => `web-${String(index).padStart(2, '0')}`)
  const drafts: Record<string, Draft<HostPlan>> = {}
  for (const [index, name] of names.entries()) {
    if (index >= 22) drafts[name] = unchanged(name)
    else drafts[name] = index === 7 ? changed(name) : changed(name, forgejo)
  }
  const waves = [
    sampleWave('canary', names.slice(0, 2)),
    sampleWave('web', names.slice(2), { batches: [1, 9, 38], maxFailures: 2, maxParallel: 16 }),
  ]
  expectGolden('views/plan/many.txt', planText(samplePlan(drafts, waves), plainly))
})

it('text from a host cannot draw on the terminal', () => {
  const plan = samplePlan({
    'grey-area': changed(
      'grey-area',
      sampleDiff({ packages: [{ name: 'a\u001B[2J\u202Eb', from: [], to: ['\u009B1m2'] }] }),
    ),
  })
  expect(planText(plan, plainly)).toContain('+ ab 2')
})

it.each([64, 80, 120])('no line but a store path is wider than %i columns', (width) => {
  const lines = planText(dangerous(), { ...plainly, width }).split('\n')
  const tooWide = lines.filter(
    (line) => displayWidth(line) > width && !line.includes('/nix/store/') && !line.startsWith('Plan: '),
  )
  expect(tooWide).toEqual([])
})

function dangerous() {
  const kernel = ['kernel 6.12.58 → 6.12.61']
  const many = Array.from({ length: 8 }, (_, index) => ({ name: `package-${index}`, from: ['1.0'], to: ['1.1'] }))
  const waves = [
    sampleWave('canary', ['limiting-factor'], { bakeTimeMs: 600_000 }),
    sampleWave('servers', ['sleeper-service', 'grey-area', 'reverse-proxy'], { maxParallel: 1 }),
    sampleWave('desktops', ['little-rascal', 'congenital-optimist'], { promotion: 'manual', maxFailures: 1 }),
  ]
  return samplePlan(
    {
      'limiting-factor': changed('limiting-factor', sampleDiff({ reboot: { needed: true, because: kernel } })),
      'sleeper-service': changed(
        'sleeper-service',
        {
          ...unknownDiff(),
          packages: [{ name: 'linux', from: ['6.12.58'], to: ['6.12.61'] }, ...many],
          reboot: { needed: true, because: kernel },
        },
        {
          notes: [
            {
              code: 'drift/unrecorded',
              severity: 'warning',
              summary: 'runs a system no recorded run put there; the plan would replace it',
              detail: 'Somebody deployed by hand. Look at what it runs before replacing it.',
            },
            { code: 'deploy-rs/first', severity: 'info', summary: 'the first change by fleet' },
          ],
        },
      ),
      'grey-area': unevaluated('grey-area'),
      'reverse-proxy': changed(
        'reverse-proxy',
        sampleDiff({
          packages: [
            { name: 'noto-fonts', from: ['2025.11'], to: [] },
            { name: 'jq', from: [], to: ['1.7.1', '1.8.0'] },
          ],
          sizeDelta: -5_242_880,
          download: 671_088_640,
          units: { stopped: ['old.service'], restarted: ['nginx.service'], started: [], reloaded: ['dbus.service'] },
          etc: [
            { path: 'hosts', change: 'changed' },
            { path: 'localtime', change: 'removed' },
          ],
        }),
        {
          from: sampleObserved('reverse-proxy', {
            failedUnits: ['backup.service'],
            system: storePath('c', 'nixos-system-reverse-proxy-25.05'),
          }),
          settings: sampleSettings('reverse-proxy', { reboot: 'when-needed' }),
        },
      ),
      'little-rascal': unreachable('little-rascal', 'a laptop; ask Ana to open the lid'),
      'congenital-optimist': unchanged('congenital-optimist'),
    },
    waves,
    {
      source: {
        ...samplePlan({}).body.source,
        dirty: true,
      },
      notes: [
        {
          code: 'source/untracked',
          severity: 'warning',
          summary: '1 untracked .nix file is invisible to the flake',
          detail: 'machines/grey-area/services/foo.nix (git add it)',
        },
      ],
    },
  )
}
