import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { planDocument, type PlanDocumentOptions } from '../../../src/views/plan/document.ts'
import { planFormats } from '../../../src/views/plan/format.ts'
import { displayWidth } from '../../../src/views/terminal/width.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { homeLab, upgrade } from './fleet-plans.ts'
import { hostile } from './hostile-plan.ts'
import { comparison } from './sample-comparison.ts'
import { everything, nothingKnown, stampOnly, threeGroups } from './sample-plans.ts'
import { synthetic } from './synthetic-plan.ts'

const options: Omit<PlanDocumentOptions, 'format'> = { color: false, width: 80, verbose: false, maxBytes: 60_000 }
const endings = { text: 'txt', markdown: 'md', html: 'html', json: 'json' } as const

const samples: readonly (readonly [string, Plan])[] = [
  ['home-lab', homeLab()],
  ['everything', everything()],
  ['nothing-known', nothingKnown()],
  ['stamp-only', stampOnly()],
  ['three-groups', threeGroups()],
  ['comparison', comparison()],
  ['hostile', hostile()],
]

describe.each(samples)('the plan with %s', (name, plan) => {
  it.each(planFormats)('as %s', (format) => {
    expectGolden(`views/plan/${name}/plan.${endings[format]}`, planDocument(plan, { ...options, format }))
  })

  it('as wide text with every detail', () => {
    const text = planDocument(plan, { ...options, format: 'text', width: 120, verbose: true })
    expectGolden(`views/plan/${name}/verbose.txt`, text)
  })

  it('is the same bytes for the same plan', () => {
    for (const format of planFormats) {
      const again = JSON.parse(JSON.stringify(plan)) as Plan
      expect(planDocument(again, { ...options, format })).toBe(planDocument(plan, { ...options, format }))
    }
  })
})

it.each([64, 80, 200])('text of every sample keeps to %i columns, but for words that are longer', (width) => {
  for (const [name, plan] of samples) {
    if (name === 'hostile') continue
    const lines = planDocument(plan, { ...options, format: 'text', width }).split('\n')
    const tooWide = lines.filter(
      (line) => displayWidth(line) > width && line.trim().includes(' ') && !line.startsWith('Plan: '),
    )
    expect(tooWide).toEqual([])
  }
})

describe('forty hosts after an update of nixpkgs', () => {
  const plan = upgrade()

  it.each(['text', 'markdown', 'html'] as const)('as %s', (format) => {
    expectGolden(`views/plan/upgrade/plan.${endings[format]}`, planDocument(plan, { ...options, format }))
  })

  it('on a narrow screen', () => {
    expectGolden('views/plan/upgrade/narrow.txt', planDocument(plan, { ...options, format: 'text', width: 40 }))
  })

  it('hold the change of 36 hosts once, and of the other one only how it differs', () => {
    for (const format of ['text', 'markdown', 'html'] as const) {
      const page = planDocument(plan, { ...options, format })
      expect(page.match(/systemd/g)?.length).toBe({ text: 1, markdown: 2, html: 2 }[format])
      expect(page).toMatch(/36 hosts/)
    }
  })
})

it('other keys among the options are not read', () => {
  const [plan, more] = [nothingKnown(), { plan: 'plan.json', groups: [], column: 3, paint: null }]
  for (const format of planFormats)
    expect(planDocument(plan, { ...options, ...more, format })).toBe(planDocument(plan, { ...options, format }))
})

it('no form for everybody holds an address, a login or a token', () => {
  for (const format of ['markdown', 'html'] as const) {
    const text = planDocument(everything(), { ...options, format })
    expect(text).toContain('a laptop; ask Ana to open the lid')
    for (const secret of ['10.99.0.8', 'rascal.example.net', 'deployer', 's3cr3t', 'sma@'])
      expect(text).not.toContain(secret)
  }
  expect(planDocument(everything(), { ...options, format: 'text' })).not.toContain('s3cr3t')
})

it('a fleet of a thousand hosts has a page in every form, and the comment fits', () => {
  const plan = synthetic(1000)
  for (const format of planFormats) expect(planDocument(plan, { ...options, format })).toContain('host-00')
  expect(Buffer.byteLength(planDocument(plan, { ...options, format: 'markdown' }))).toBeLessThanOrEqual(60_000)
})
