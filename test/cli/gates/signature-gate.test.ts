import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepPlan } from '../../../src/cli/open/keep-plan.ts'
import { signatureGate } from '../../../src/cli/gates/signature-gate.ts'
import { openPlan } from '../../../src/cli/open/plan.ts'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { planIdOf } from '../../../src/pipeline/plan/sign.ts'
import { changed, samplePlan } from '../../rig/samples/plan.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-signed-'))
const { signal } = new AbortController()
const at = (name: string) => join(folder, name)
const opened = (file: string) =>
  openPlan(file, (text) => signatureGate(text, { file, allowedSigners: at('allowed'), signal }))
const draft = samplePlan({ web: changed('web') })
const plan: Plan = { ...draft, planId: planIdOf(draft.body) }

beforeAll(() => {
  for (const name of ['ann', 'eve'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', at(name)])
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', at('locked')])
  writeFileSync(at('allowed'), `ann@office ${readFileSync(at('ann.pub'), 'utf8')}`)
})
afterAll(() => rmSync(folder, { recursive: true }))

it('a plan that an allowed signer signed is opened', async () => {
  expect(await keepPlan(at('signed.json'), plan, at('ann'), signal)).toEqual([])
  expect(await opened(at('signed.json'))).toEqual({ ok: true, value: plan, diagnostics: [] })
})

it('one without a signature, by another key, for another use, or changed since is refused', async () => {
  const codes = async (file: string) => {
    const found = await opened(file)
    return found.ok ? [] : found.diagnostics.map(({ code }) => code)
  }
  await keepPlan(at('bare.json'), plan, null, signal)
  await keepPlan(at('eves.json'), plan, at('eve'), signal)
  await keepPlan(at('changed.json'), plan, at('ann'), signal)
  writeFileSync(at('changed.json'), readFileSync(at('changed.json'), 'utf8').replace('home-lab', 'their-lab'))
  await keepPlan(at('mail.json'), plan, null, signal)
  execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', 'email', '-f', at('ann'), at('mail.json')], { stdio: 'pipe' })
  for (const name of ['bare', 'eves', 'changed', 'mail'])
    expect(await codes(at(`${name}.json`))).toEqual(['plan/signature'])
})

it('a key that cannot sign is said, asks nobody for a passphrase, and leaves the plan', async () => {
  for (const key of ['locked', 'missing']) {
    const problems = await keepPlan(at('unsigned.json'), plan, at(key), signal)
    expect(problems).toMatchObject([{ code: 'plan/not-signed' }])
    expect((await openPlan(at('unsigned.json'))).ok).toBe(true)
  }
})
