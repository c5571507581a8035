import { expect, it } from 'vitest'
import type { Doctor } from '../../../src/model/host/doctor-schema.ts'
import { finding, problem } from '../../../src/model/host/finding.ts'
import { doctorText } from '../../../src/views/doctor/text.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { checked } from '../../rig/files/schema.ts'

const found: Doctor = checked('doctor', {
  format: '1.0',
  fleet: 'home-lab',
  checkedAt: '2026-11-28T00:57:19.325Z',
  ready: false,
  findings: [
    finding({ host: null, about: 'nix', says: 'nix (Nix) 2.26.3' }),
    problem({
      host: null,
      about: 'key',
      stops: true,
      says: 'others may read /home/sma/.ssh/id_ed25519_admin, so ssh refuses it',
      next: 'chmod 600 /home/sma/.ssh/id_ed25519_admin',
    }),
    problem({ host: null, about: 'cache', stops: false, says: 'https://cache.example does not answer', next: null }),
    finding({ host: 'web-1', about: 'reach', says: 'answers, and its key is the known one' }),
    finding({ host: 'web-1', about: 'clock', state: 'unknown', says: 'the host did not say the time' }),
    finding({ host: 'web-2', about: 'reach', says: 'answers, and its key is the known one' }),
    problem({
      host: 'web-3\u001B[2J',
      about: 'reach',
      stops: true,
      says: 'connection refused\nby port 22',
      next: 'Is sshd running?',
    }),
  ],
})

it('is a table of this machine and of what is wrong with hosts', () => {
  expectGolden('views/doctor/doctor.txt', doctorText(found, { color: false, width: 80, verbose: false }))
})

it('tells everything with --verbose', () => {
  expectGolden('views/doctor/verbose.txt', doctorText(found, { color: false, width: 80, verbose: true }))
})

it('ends with one of three sentences', () => {
  const last = (more: Partial<Doctor>) =>
    doctorText({ ...found, ...more }, { color: false, width: 80, verbose: false })
      .trimEnd()
      .split('\n')
      .at(-1)
  expect(last({})).toBe('Doctor: 2 problems would stop an apply, 1 more.')
  const small = found.findings.filter(({ stops }) => !stops)
  expect(last({ ready: true, findings: small })).toBe('Doctor: ready, with 1 problem.')
  expect(last({ ready: true, findings: small.filter(({ state }) => state === 'ok') })).toBe('Doctor: ready.')
})
