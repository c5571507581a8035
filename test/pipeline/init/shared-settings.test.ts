import { expect, test } from 'vitest'
import { sharedSettings } from '../../../src/pipeline/init/shared-settings.ts'

test('what most hosts have alike is said once', () => {
  const hosts = [
    { ssh: { user: 'sma', port: 22_022 } },
    { ssh: { user: 'sma', port: 22_022 }, sudo: 'doas -n' },
    { ssh: { user: 'anna', port: 22_022 } },
  ]
  expect(sharedSettings(hosts)).toEqual({
    defaults: { ssh: { user: 'sma', port: 22_022 } },
    rest: [{}, { sudo: 'doas -n' }, { ssh: { user: 'anna' } }],
  })
})

test('a host that says nothing keeps the others from deciding for it', () => {
  const hosts = [{ ssh: { user: 'sma' } }, { ssh: { user: 'sma' } }, {}]
  expect(sharedSettings(hosts)).toEqual({ defaults: {}, rest: hosts })
})

test('a host alone, and hosts of which no two agree, share nothing', () => {
  for (const hosts of [[{ sudo: 'doas -n' }], [{ sudo: 'doas -n' }, { sudo: 'run0' }]])
    expect(sharedSettings(hosts)).toEqual({ defaults: {}, rest: hosts })
})
