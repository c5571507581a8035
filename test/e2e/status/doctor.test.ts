import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Doctor, Finding } from '../../../src/model/host/doctor-schema.ts'
import { startLab, type Lab } from '../../lab/lab.ts'
import { checked } from '../../rig/files/schema.ts'
import { lastLine, Operator } from '../fleet.ts'
import { loginsOf, watchLogins } from '../logins.ts'

let lab: Lab
let operator: Operator

beforeAll(async () => {
  lab = await startLab({
    hosts: { alpha: { services: [] }, beta: { services: [] }, gamma: { services: [] } },
    storeSize: '2g',
  })
  operator = new Operator(lab)
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

async function doctor(...args: readonly string[]): Promise<{ readonly code: number | null; readonly found: Doctor }> {
  const answer = await operator.fleet('doctor', '--json', ...args)
  return { code: answer.code, found: checked('doctor', JSON.parse(answer.stdout) as Doctor) }
}

const about = ({ findings }: Doctor, host: string | null, what: Finding['about']) =>
  findings.filter((one) => one.host === host && one.about === what)

it('finds a whole fleet ready, with one login a host', async () => {
  await watchLogins(lab, 'alpha')
  const { code, found } = await doctor()
  expect(code, JSON.stringify(found, null, 1)).toBe(0)
  expect(found.ready).toBe(true)
  for (const host of ['alpha', 'beta', 'gamma'])
    expect(found.findings.flatMap((one) => (one.host === host ? [`${one.about} ${one.state}`] : []))).toEqual([
      'reach ok',
      'sudo ok',
      'trusted-user ok',
      'disk ok',
      'clock ok',
    ])
  expect(await loginsOf(lab, 'alpha')).toBe(1)
  expect(about(found, null, 'builders')).toMatchObject([{ state: 'ok', says: 'x86_64-linux can be built' }])
  expect(about(found, null, 'nix')).toMatchObject([{ state: 'ok' }])
})

it('says what would stop an apply, host by host, and what to do; exit 1', async () => {
  await lab.break('alpha', 'no-sudo')
  await lab.break('beta', 'refuses-login')
  await lab.inside('gamma', "sed -i 's/^trusted-users.*/trusted-users = root/' /etc/nix/nix.conf")
  try {
    const { code, found } = await doctor()
    expect(code).toBe(1)
    expect(about(found, 'alpha', 'sudo')).toMatchObject([{ state: 'problem', stops: true }])
    expect(about(found, 'beta', 'reach')).toMatchObject([{ state: 'problem', stops: true }])
    expect(about(found, 'gamma', 'trusted-user')).toMatchObject([{ state: 'problem', stops: true }])
    const text = (await operator.fleet('doctor')).stdout
    expect(text).toContain('nix.settings.trusted-users')
    expect(lastLine(text)).toMatch(/^Doctor: 3 problems would stop an apply, \d+ more\.$/)
  } finally {
    await lab.mend('alpha')
    await lab.mend('beta')
  }
}, 120_000)

it('--offline asks no host, and tells of a key that others may read', async () => {
  const key = join(operator.directory, 'key')
  const yaml = join(operator.directory, 'fleet.yaml')
  const text = readFileSync(yaml, 'utf8')
  copyFileSync(/identityFile: "(.*)"/.exec(text)?.[1] ?? '', key)
  chmodSync(key, 0o644)
  writeFileSync(yaml, text.replace(/identityFile: ".*"/, `identityFile: "${key}"`))
  const { code, found } = await doctor('--offline')
  expect(code).toBe(1)
  expect(about(found, null, 'key')).toMatchObject([{ state: 'problem', stops: true, next: `chmod 600 ${key}` }])
  expect(found.findings.every(({ host }) => host === null)).toBe(true)
  chmodSync(key, 0o600)
  expect((await doctor('--offline')).code).toBe(0)
})
