import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { type Lab, startLab } from '../../lab/lab.ts'
import { checked } from '../../rig/files/schema.ts'
import { lastLine, Operator } from '../fleet.ts'

const hosts = ['alpha', 'beta', 'gamma'] as const
const nothing = { services: [] }
const profile = '/nix/var/nix/profiles/system'

let lab: Lab
let operator: Operator
let before: readonly { system: string; profile: string }[]

beforeAll(async () => {
  lab = await startLab({ hosts: { alpha: nothing, beta: nothing, gamma: nothing } })
  operator = new Operator(lab)
  operator.write('waves:\n  - { name: canary, hosts: [alpha] }\n  - { name: rest, hosts: ["*"] }\n')
  before = await running()
  const answer = await operator.fleet('apply', '--auto-approve')
  expect(answer.code, answer.stdout).toBe(0)
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

function running() {
  return Promise.all(hosts.map((host) => operator.runs(host)))
}

it('rolls the latest run back, by path, through the same waves, and leaves alone a host that changed since', async () => {
  // Somebody puts gamma on a system that the run neither found nor left there.
  const other = (await lab.inside('gamma', 'readlink -f /run/current-system')).stdout.trim()
  const strange = `${other}-strange`
  await lab.inside('gamma', `cp -rP ${other} /tmp/strange && nix-store --add /tmp/strange > /tmp/path`)
  const path = (
    await lab.inside('gamma', `cat /tmp/path && ln -sfn "$(cat /tmp/path)" /run/current-system`)
  ).stdout.trim()
  expect(path, strange).toMatch(/^\/nix\/store\//)
  const file = join(operator.directory, 'back.json')
  const planned = await operator.fleet('rollback', '-o', file)
  expect(planned.code, planned.stderr).toBe(0)
  expect(planned.stdout).toContain('changed since run')
  expect(planned.stdout).toContain('gamma')
  const { body } = checked('plan', JSON.parse(readFileSync(file, 'utf8')) as Plan)
  expect(Object.values(body.hosts).map(({ action }) => action)).toEqual(['change', 'change', 'excluded'])
  const alpha = body.hosts['alpha']
  expect(alpha?.action === 'change' ? [alpha.to.drv, alpha.to.system] : []).toEqual([null, before[0]?.system])
  const applied = await operator.fleet('apply', file)
  expect(applied.code, applied.stdout).toBe(0)
  expect(applied.stdout).toMatch(/wave canary finished[^]*wave rest finished/)
  expect(lastLine(applied.stdout)).toBe('Apply complete: 2 changed, 0 failed, 0 not started.')
  const after = await running()
  expect(after.slice(0, 2).map(({ system }) => system)).toEqual(before.slice(0, 2).map(({ system }) => system))
  expect(after[2]?.system).toBe(path)
  await lab.inside('gamma', `ln -sfn ${other} /run/current-system`)
})

it('rolls back from what it rolled out itself, with a word of it in the history', async () => {
  const history = await operator.fleet('history', '--json')
  const { runs } = JSON.parse(history.stdout) as { runs: readonly { run: string; end: { outcome: string } | null }[] }
  expect(runs.map(({ end }) => end?.outcome)).toEqual(['complete', 'complete'])
  const [back] = runs
  const told = await operator.fleet('history', back?.run.slice(-4) ?? '')
  expect(told.stdout).toContain(`fleet rollback --run ${back?.run.slice(-4)}`)
  const forth = await operator.fleet('rollback', '--auto-approve', '--on', 'alpha')
  expect(forth.code, forth.stdout).toBe(0)
  expect((await operator.runs('alpha')).system).not.toBe(before[0]?.system)
})

it('refuses what it cannot roll back, with nothing touched', async () => {
  const was = await running()
  const nobody = await operator.fleet('rollback')
  expect([nobody.code, /no terminal/.test(nobody.stderr)]).toEqual([64, true])
  const unknown = await operator.fleet('rollback', '--run', 'nonesuch', '--auto-approve')
  expect([unknown.code, /no such run/.test(unknown.stderr)]).toEqual([64, true])
  // What alpha ran before is gone from it: its own generation of that is deleted and collected.
  const found = await operator.fleet('rollback', '--on', 'alpha', '-o', join(operator.directory, 'gone.json'))
  expect(found.code, found.stderr).toBe(0)
  await lab.inside(
    'alpha',
    `for link in ${profile}-*-link; do [ "$(readlink -f $link)" != "${before[0]?.system}" ] || rm "$link"; done; rm -rf /nix/var/nix/gcroots/fleet; nix-store --delete ${before[0]?.system}`,
  )
  const gone = await operator.fleet('apply', join(operator.directory, 'gone.json'))
  expect(gone.code, gone.stdout).not.toBe(0)
  expect(gone.stdout).toContain('Apply failed: 0 changed')
  expect(await running()).toEqual(was)
})

it('plays a rollout without a host, a file or a program', async () => {
  const empty = new Operator(lab)
  try {
    const answer = await empty.fleet('apply', '--simulate', '--faults', 'fail=0.5', '--seed', '7', '--json')
    expect([0, 3]).toContain(answer.code)
    expect(answer.stdout.trimEnd().split('\n').length).toBeGreaterThan(20)
    expect(existsSync(join(empty.directory, '.fleet'))).toBe(false)
    const again = await empty.fleet('apply', '--simulate', '--faults', 'fail=0.5', '--seed', '7', '--json')
    expect(again.code).toBe(answer.code)
    expect(await running()).toHaveLength(3)
  } finally {
    empty.close()
  }
})
