import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planHtml } from '../../../src/views/plan/html/plan.ts'
import { planMarkdown } from '../../../src/views/plan/markdown/plan.ts'
import { planText } from '../../../src/views/plan/text/plan.ts'
import { changed, sampleDiff, samplePlan } from '../../rig/samples/plan.ts'
import { hostile } from './hostile-plan.ts'
import { checkHtml, checkMarkdown } from './markup-checks.ts'
import { anyPlan } from './arbitrary.ts'
import { everything, threeGroups } from './sample-plans.ts'

describe('a plan as Markdown', () => {
  it('fits, is whole and lets nothing out, whatever the plan and the room', () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 500, max: 60_000 }), (plan, maxBytes) => {
        const markdown = planMarkdown(plan, { maxBytes })
        expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(maxBytes)
        expect(Buffer.from(markdown).toString()).toBe(markdown)
        checkMarkdown(markdown)
      }),
      { numRuns: 100 },
    )
  })

  it.each([everything(), threeGroups(), hostile()])('of a sample is whole at every size', (plan) => {
    const whole = Buffer.byteLength(planMarkdown(plan, { maxBytes: Infinity }))
    for (let maxBytes = 500; maxBytes <= whole + 500; maxBytes += 511) {
      const markdown = planMarkdown(plan, { maxBytes })
      expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(maxBytes)
      expect(markdown.includes('"truncated":true')).toBe(maxBytes < whole)
      expect(/^_(?:Shortened to fit|Only the summary fits)/m.test(markdown)).toBe(maxBytes < whole)
      checkMarkdown(markdown)
    }
  })
})

describe('a plan as HTML', () => {
  it('is whole and lets nothing out, whatever the plan', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const html = planHtml(plan)
        expect(Buffer.from(html).toString()).toBe(html)
        checkHtml(html)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a plan as text', () => {
  it('draws nothing on the terminal but its own colours', () => {
    fc.assert(
      fc.property(anyPlan, fc.boolean(), (plan, verbose) => {
        const text = planText(plan, { color: false, width: 80, verbose })
        // oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
        expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/)
      }),
      { numRuns: 60 },
    )
  })
})

it('what is unknown of a change is named in every form', () => {
  const known = ['packages', 'units', 'etc', 'users', 'groups', 'firewall', 'inhibitors'] as const
  for (const key of known) {
    const plan = samplePlan({ one: changed('one', { ...sampleDiff(), [key]: null }) })
    const title = { etc: '/etc', inhibitors: 'switch inhibitors' }[key as string] ?? key
    expect(planText(plan, { color: false, width: 200, verbose: false })).toMatch(
      new RegExp(`^ +unknown +${title}$`, 'm'),
    )
    expect(planMarkdown(plan, { maxBytes: 60_000 })).toContain(`**unknown**: ${title}`)
    expect(planHtml(plan)).toContain(`<dt>unknown</dt><dd class="faint">${title}</dd>`)
  }
})
