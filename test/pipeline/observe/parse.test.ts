import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseObservation } from '../../../src/pipeline/observe/parse.ts'
import type { Observation } from '../../../src/model/host/system.ts'

const nonce = '6a1f0c1e-8d2b-4f55-9d5e-0c7c5b2f9a11'
const system = '/nix/store/0c0a0b1d2f3g4h5i6j7k8l9m0n1p2q3r-nixos-system-web-25.05'
const kernel = '/nix/store/1c0a0b1d2f3g4h5i6j7k8l9m0n1p2q3r-linux-6.6.41/bzImage'

const whole = [
  `system=${system}`,
  `profile=${system}`,
  `next-boot=${system}`,
  `booted=${system}`,
  'generation=41',
  'profile-age=3600',
  `booted-kernel=${kernel}`,
  'booted-kernel-params=init=/init  console=ttyS0 quiet',
  'hostname=web',
  'kernel-release=6.6.41',
  'platform=x86_64-linux',
  'release=25.05.20251129.abcdef',
  'revision=4f2c9d1e',
  'machine=5e1f',
  'boot-id=d3b07384',
  'system-state=degraded',
  'failed-unit=b.service',
  'failed-unit=a.service',
  'free-nix=1024',
  'free-boot=2',
  'activating=yes',
  `selected=${system}`,
  'selected=/etc/passwd',
  'root=yes',
]

function framed(lines: readonly string[]): string {
  return [`fleet-observation 1 ${nonce}`, ...lines, `fleet-observation end ${nonce}`, ''].join('\n')
}

function read(stdout: string): Observation {
  const found = parseObservation(stdout, nonce)
  if (!found.ok) throw new Error(found.failure.detail)
  return found.value
}

function refusal(stdout: string): string | null {
  const found = parseObservation(stdout, nonce)
  return found.ok ? null : found.failure.code
}

/** A sound answer in which one key says something else. */
function saying(key: string, value: string): Observation {
  return read(framed([...whole.filter((line) => !line.startsWith(`${key}=`)), `${key}=${value}`]))
}

test('a whole answer is understood', () => {
  expect(read(framed(whole))).toMatchObject({
    system,
    profile: system,
    nextBoot: system,
    booted: system,
    generation: 41,
    profileAgeSeconds: 3600,
    failedUnits: ['a.service', 'b.service'],
    hostname: 'web',
    platform: 'x86_64-linux',
    machine: '5e1f',
    release: '25.05.20251129.abcdef',
    revision: '4f2c9d1e',
    systemState: 'degraded',
    bootId: 'd3b07384',
    kernelRelease: '6.6.41',
    bootLinks: { kernel, initrd: null, kernelModules: null, kernelParams: ['init=/init', 'console=ttyS0', 'quiet'] },
    freeBytes: { nix: 1_048_576, boot: 2048 },
    activating: true,
    selectedPackages: [system],
    mayActAsRoot: true,
  })
})

test('a host that tells the least there is leaves the rest unknown', () => {
  expect(read(framed([`system=${system}`, 'hostname=web']))).toMatchObject({
    profile: null,
    generation: null,
    failedUnits: [],
    systemState: 'unknown',
    kernelRelease: 'unknown',
    bootLinks: { kernel: null, initrd: null, kernelModules: null, kernelParams: null },
    freeBytes: { nix: null, boot: null },
    activating: false,
    selectedPackages: null,
    mayActAsRoot: null,
  })
})

test('what a login shell prints before and after is no part of the answer', () => {
  const motd = `Welcome!\nsystem=/nix/store/evil\nfleet-observation 1 other\nhostname=db\n`
  expect(read(`${motd}${framed(whole)}hostname=db\n`).hostname).toBe('web')
})

test.each([
  ['nothing at all', ''],
  ['a shell that says no', 'This account is currently not available.\n'],
  ['an answer that was cut short', framed(whole).slice(0, -60)],
  ['an answer to another question', framed(whole).replaceAll(nonce, 'other')],
  ['the end before the beginning', `fleet-observation end ${nonce}\nfleet-observation 1 ${nonce}\n`],
])('%s is no answer', (_, stdout) => expect(refusal(stdout)).toBe('observe/no-answer'))

test('a machine that is no NixOS is told as that', () => {
  expect(refusal(framed(['hostname=web']))).toBe('observe/not-nixos')
  expect(refusal(framed(['system=/usr/lib/systemd', 'hostname=web']))).toBe('observe/not-nixos')
})

test('a machine without a name is told as that', () => {
  expect(refusal(framed([`system=${system}`]))).toBe('observe/no-hostname')
  expect(refusal(framed([`system=${system}`, 'hostname=\u001B[0m '])), 'a name of escapes alone').toBe(
    'observe/no-hostname',
  )
})

describe('a hostile host', () => {
  test.each([
    '/nix/store/short-name',
    '/etc/passwd',
    `${system};reboot`,
    `${system} $(reboot)`,
    `--option ${system}`,
    'relative/0c0a0b1d2f3g4h5i6j7k8l9m0n1p2q3r-x',
    `/nix/st ore/0c0a0b1d2f3g4h5i6j7k8l9m0n1p2q3r-x`,
  ])('cannot pass %j off as a store path', (path) => expect(saying('profile', path).profile).toBeNull())

  test.each(['-1', '1e9', '0x10', '99999999999999999999', 'NaN', ''])('cannot pass %j off as a number', (text) => {
    expect(saying('generation', text).generation).toBeNull()
  })

  test('writes no escape sequences, bells or other lines to a terminal', () => {
    expect(saying('hostname', 'web\u001B]0;owned\u0007\u001B[2J\u009B31m\rdb').hostname).toBe('web db')
    expect(saying('failed-unit', '\u001B[31ma\u202Eb').failedUnits).toEqual(['ab'])
  })

  test('that says a thing twice is believed the first time', () => {
    expect(read(framed([...whole, 'hostname=db', `system=${kernel}`]))).toMatchObject({ hostname: 'web', system })
  })

  test('cannot make a text longer than is sensible', () => {
    expect(saying('release', 'x'.repeat(1_000_000)).release).toHaveLength(4096)
  })

  test('is read in no time, whatever the length and number of its lines', () => {
    const path = `/nix/store/${'0'.repeat(32)}-a`
    const flood = [
      `selected=${path.repeat(30_000)}!`,
      `profile=${'/'.repeat(1_000_000)}`,
      `release=${'\u001B['.repeat(500_000)}`,
      ...Array.from({ length: 300_000 }, () => 'other='),
    ]
    expect(read(framed([...flood, `system=${system}`, 'hostname=web']))).toMatchObject({ system, hostname: 'web' })
  })

  test('names of every object are ordinary keys', () => {
    expect(read(framed([...whole, '__proto__=x', 'constructor=y', '=z', 'no answer']))).toMatchObject({
      hostname: 'web',
    })
  })
})

/** Control characters in any text of a value, keys included. */
function controls(value: unknown): boolean {
  // oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
  return /[\u0000-\u001F\u007F-\u009F]|\\u00[01]/.test(JSON.stringify(value))
}

describe('whatever the host prints', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\u001B', '[', '\u009B', 'm', '/', '=', '\r', 'a') }),
  )

  test('it is read without an exception', () => {
    fc.assert(
      fc.property(text, (stdout) => {
        expect(typeof parseObservation(stdout, nonce).ok).toBe('boolean')
      }),
    )
  })

  test('no control character comes through', () => {
    const keys = fc.constantFrom(...whole.map((line) => line.slice(0, line.indexOf('='))))
    const lines = fc.array(fc.tuple(keys, text).map(([key, value]) => `${key}=${value}`))
    fc.assert(
      fc.property(lines, fc.boolean(), (first, isSound) => {
        const answer = framed(isSound ? [...first, ...whole] : first)
        expect(controls(parseObservation(answer, nonce))).toBe(false)
      }),
    )
  })
})
