import { expect, test } from 'vitest'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import { rolloutQuestion } from '../../../src/views/run/rollout-question.ts'
import { changed, samplePlan, unchanged } from '../../rig/samples/plan.ts'

function asked(changing: number, others: number): string {
  const names = Array.from({ length: changing + others }, (_, index) => `web-${String(index).padStart(2, '0')}`)
  const hosts = Object.fromEntries(
    names.map((name, index) => [name, index < changing ? changed(name) : unchanged(name)]),
  )
  return rolloutQuestion(samplePlan(hosts).body, [{ name: 'all', hosts: names }], noOverrides)
}

test('the question counts and names the hosts that change, not all that are selected', () => {
  expect(asked(1, 2)).toBe('Roll out this plan? 1 of 3 selected hosts changes: web-00.')
  expect(asked(2, 0)).toBe('Roll out this plan? 2 of 2 selected hosts change: web-00, web-01.')
})

test('of forty hosts the question names the first twelve', () => {
  expect(asked(40, 1)).toMatch(
    /^Roll out this plan\? 40 of 41 selected hosts change: web-00, .*, web-11 and 28 more\.$/,
  )
})

test('where nothing but a reboot is planned, the question says so', () => {
  const host = changed('web-00')
  const rebooting = { ...host, rebootFrom: 'b00t' }
  expect(
    rolloutQuestion(samplePlan({ 'web-00': rebooting }).body, [{ name: 'all', hosts: ['web-00'] }], noOverrides),
  ).toBe('Roll out this plan? 1 of 1 selected host reboots: web-00.')
})
