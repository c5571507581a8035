import { expect, it } from 'vitest'
import { userUnitChanges } from '../../../../../src/pipeline/compare/diff/units/user-units.ts'
import { sampleSystem, withUnits } from '../../../../rig/samples/system.ts'

function user(texts: Readonly<Record<string, string>>, digit: number, wants: readonly string[] = []) {
  const { units, texts: known } = withUnits(
    texts,
    digit,
    wants.map((name) => ({ name: `default.target.wants/${name}`, target: `../${name}` })),
  )
  return sampleSystem({ userUnits: units, texts: known })
}

const states = [{ unit: 'user@1000.service', active: 'active', sub: 'running', fragment: '' }]
const before = user(
  { 'changed.service': '[Service]\nA=1', 'gone.service': '[Service]\nA=1', 'gone-too.service': '[Service]\nA=1' },
  1,
)
const after = {
  ...user({ 'changed.service': '[Service]\nA=2', 'new.service': '[Service]\nA=1' }, 2, ['new.service']),
}
const changes = {
  restarted: ['changed.service'],
  stopped: ['gone-too.service', 'gone.service'],
  started: ['new.service'],
  reloaded: [],
  notStopped: [],
}

it('units of users are stopped, restarted and started where their managers run', () => {
  expect(userUnitChanges(before, after, states, '26.11pre')).toEqual({ userUnits: { users: ['1000'], ...changes } })
})

it('before NixOS 26.11, and where no user is logged in, they change at the next login', () => {
  const later = { userUnits: { users: [], ...changes } }
  expect(userUnitChanges(before, after, states, '25.05.1')).toEqual(later)
  expect(userUnitChanges(before, after, [], '26.11')).toEqual(later)
})

it('nothing is said where none differs', () => {
  expect(userUnitChanges(before, before, states, '26.11')).toEqual({})
})
