import { expect, it } from 'vitest'
import type { Diff, EtcChange } from '../../../src/model/plan/plan-schema.ts'
import { tellChange } from '../../../src/views/plan/change-text.ts'
import { dangersOf } from '../../../src/views/plan/dangers.ts'
import { groupsOf } from '../../../src/views/plan/groups.ts'
import { topicsOf } from '../../../src/views/plan/topics.ts'
import { summaryOf } from '../../../src/views/terminal/danger.ts'
import { changed, sampleDiff, samplePlan } from '../../rig/samples/plan.ts'

function told(diff: Partial<Diff>): { readonly line: string; readonly dangers: readonly string[] } {
  const plan = samplePlan({ web: changed('web', sampleDiff(diff)) })
  const [group] = groupsOf(plan)
  if (group === undefined) throw new Error('nothing changes')
  return { line: tellChange(group), dangers: dangersOf(plan).map(summaryOf) }
}

const units = { restarted: [], stopped: [], started: [], reloaded: [] }

it('a unit that cannot be told without building is named, and so is a package that may bring units', () => {
  const { line } = told({ units: { ...units, unclear: ['a.service'], opaque: ['forgejo'] } })
  expect(line).toContain('unknown for a.service, units of forgejo')
})

it('a reboot that the change rolls back is no danger, and is said', () => {
  const { line, dangers } = told({ reboot: { needed: false, because: [], state: 'cleared' } })
  expect(line).toContain('reboot pending, and no longer needed')
  expect(dangers).toEqual([])
})

it('a reboot that is pending already is said to be', () => {
  const because = ['kernel 6.6.30 → 6.6.41 (pending already)']
  const { dangers } = told({ reboot: { needed: true, because, state: 'pending' } })
  expect(dangers).toEqual([expect.stringContaining('(pending already)') as string])
})

/** What a reader sees of the text of one changed file. */
function patchOf(change: Partial<EtcChange>): string | null | undefined {
  const etc: EtcChange[] = [{ path: 'motd', change: 'changed', inherited: false, ...change }]
  const [group] = groupsOf(samplePlan({ web: changed('web', sampleDiff({ etc })) }))
  const topic = group && topicsOf(group).find(({ about }) => about === 'etc')
  return topic?.parts.flatMap(({ items }) => items)[0]?.patch
}

it('no line of a file can look like two lines of its patch', () => {
  const patch = '@@ -1 +1 @@\n-old\r+forged\n+new\u2028-forged\u0085 forged\r\n'
  expect(patchOf({ patch })).toBe('@@ -1 +1 @@\n-old +forged\n+new -forged  forged ')
})

it('a file whose patch is not shown says why', () => {
  expect(patchOf({ patch: null, withheld: 'too-large' })).toContain('Too many lines differ')
  expect(patchOf({ patch: null, withheld: 'secrets' })).toContain('look like secrets')
  expect(patchOf({ patch: null })).toBeNull()
})
