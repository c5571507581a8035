import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { planIdOf } from '../../../src/pipeline/plan/sign.ts'
import { openStage } from '../stage.ts'

const calm = 'checks: [ssh], activation: { timeout: 4m, confirmTimeout: 2m }'
const stage = openStage({ hosts: { alpha: { services: [] } }, settings: { alpha: calm } })

const at = (name: string) => join(stage.operator.directory, name)

/** What alpha runs. */
const running = async () => (await stage.operator.runs('alpha')).system

/** A copy of a plan file with a hook added that leaves a mark, its id worked out anew, as whoever changes a plan would. */
function withHook(file: string): { readonly file: string; readonly planId: string } {
  const script = at('evil.sh')
  writeFileSync(script, `#!/bin/sh\ntouch ${at('ran')}\n`)
  chmodSync(script, 0o755)
  const plan = JSON.parse(readFileSync(file, 'utf8')) as Plan
  const body = {
    ...plan.body,
    hooks: [
      ...plan.body.hooks,
      { on: ['before.run' as const], run: [script] as [string], timeoutMs: 10_000, onError: 'fail' as const },
    ],
  }
  const planId = planIdOf(body)
  const changed = at('changed.json')
  writeFileSync(changed, JSON.stringify({ ...plan, planId, body }))
  return { file: changed, planId }
}

it('a plan that runs another program here than fleet.yaml is refused without a terminal, names it, and runs nothing', async () => {
  const { file } = await stage.operator.plan()
  const before = await running()
  const evil = withHook(file)
  const shown = await stage.operator.fleet('show', evil.file)
  expect(shown.stdout).toContain('evil.sh')
  for (const more of [[], ['--auto-approve'], ['--json'], ['--plan-id', `sha256:${'0'.repeat(64)}`]]) {
    const answer = await stage.operator.fleet('apply', evil.file, ...more)
    expect(answer.code, answer.stdout + answer.stderr).toBe(5)
    if (!more.includes('--plan-id')) expect(answer.stdout + answer.stderr).toContain('evil.sh')
  }
  expect(existsSync(at('ran'))).toBe(false)
  expect(await running()).toBe(before)
})

it('--plan-id names the very plan that was reviewed, and it is applied with what it runs', async () => {
  const { file } = await stage.operator.plan()
  const before = await running()
  const reviewed = withHook(file)
  const answer = await stage.operator.fleet('apply', reviewed.file, '--plan-id', reviewed.planId)
  expect(answer.code, answer.stdout + answer.stderr).toBe(0)
  expect(existsSync(at('ran'))).toBe(true)
  expect(await running()).not.toBe(before)
})

it('with --require-signature no plan is applied but one that an allowed signer signed, as it was signed', async () => {
  for (const name of ['ann', 'eve'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', at(name)])
  writeFileSync(at('allowed'), `ann@office ${readFileSync(at('ann.pub'), 'utf8')}`)
  const before = await running()
  const { file: bare } = await stage.operator.plan('bare.json')
  const { file: eves } = await stage.operator.plan('eves.json', '--sign-with', at('eve'))
  const { file: anns } = await stage.operator.plan('anns.json', '--sign-with', at('ann'))
  const { file: changed } = withHook(anns)
  copyFileSync(`${anns}.sig`, `${changed}.sig`)
  for (const file of [bare, eves, changed]) {
    const answer = await stage.operator.fleet('apply', file, '--require-signature', at('allowed'))
    expect([file, answer.code]).toEqual([file, 5])
    expect(answer.stderr).toContain('plan/signature')
  }
  expect(await running()).toBe(before)
  expect(existsSync(at('ran'))).toBe(false)
  const answer = await stage.operator.fleet('apply', anns, '--require-signature', at('allowed'))
  expect(answer.code, answer.stdout + answer.stderr).toBe(0)
  expect(await running()).not.toBe(before)
})
