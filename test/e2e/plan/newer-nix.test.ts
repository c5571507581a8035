import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLab, type Lab } from '../../lab/lab.ts'
import { ask } from '../../lab/run.ts'
import { Operator } from '../fleet.ts'

/** Unpacks Debian 13's Nix into the tests' cache; prints the folder of its programs. */
const script = fileURLToPath(new URL('../../../scripts/newer-nix.sh', import.meta.url))

let lab: Lab
let older: Operator
let newer: Operator

beforeAll(async () => {
  const unpacked = await ask('sh', [script])
  if (unpacked.code !== 0) throw new Error(unpacked.stderr)
  const programs = unpacked.stdout.trim()
  lab = await startLab({ hosts: { alpha: { services: ['nginx'] }, beta: { services: ['forgejo'] } } })
  await lab.set('beta', 'tcpPorts', '8443')
  await lab.set('beta', 'etc.lab.conf', 'answer = 42')
  older = new Operator(lab)
  newer = new Operator(lab, '', { PATH: `${programs}:${process.env['PATH']}` })
  const [one, other] = await Promise.all([ask('nix', ['--version']), ask(`${programs}/nix`, ['--version'])])
  expect(one.stdout, 'two different Nix').not.toBe(other.stdout)
})

afterAll(async () => {
  older?.close()
  newer?.close()
  await lab?.stop()
})

describe('the newer Nix of the test matrix', () => {
  it('makes the same plan', async () => {
    const [a, b] = [await older.plan(), await newer.plan()]
    expect(b.answer.code).toBe(a.answer.code)
    expect(b.plan.body).toEqual(a.plan.body)
    expect(b.plan.planId).toBe(a.plan.planId)
  })

  it('makes the same exact plan when it builds first', async () => {
    const [a, b] = [await older.plan('exact.json', '--build'), await newer.plan('exact.json', '--build')]
    expect(b.plan.body).toEqual(a.plan.body)
  })

  it('applies it', async () => {
    const { file, plan } = await newer.plan()
    const answer = await newer.fleet('apply', file)
    expect(answer.stdout).toContain('Apply complete: 2 changed, 0 failed, 0 not started.')
    expect(answer.code).toBe(0)
    for (const host of ['alpha', 'beta']) {
      const planned = plan.body.hosts[host]
      expect(planned?.action === 'change' && planned.to.system).toBe((await newer.runs(host)).system)
    }
    expect((await newer.fleet('plan', '--detailed-exitcode')).code).toBe(0)
  })
})
