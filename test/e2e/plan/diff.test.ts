import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { startLab, type Lab } from '../../lab/lab.ts'
import { ask } from '../../lab/run.ts'
import { checked } from '../../rig/files/schema.ts'
import { lastLine, Operator } from '../fleet.ts'

let lab: Lab
let operator: Operator

beforeAll(async () => {
  lab = await startLab({ hosts: { 'web-1': { services: ['nginx'] }, 'web-2': { services: ['nginx', 'forgejo'] } } })
  operator = new Operator(lab)
  const { file } = await operator.plan('first.json', '--on', 'web-1')
  const applied = await operator.fleet('apply', file)
  expect(applied.code, applied.stderr).toBe(0)
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

/** The comparison as JSON, held against the schema. */
async function diff(...operands: readonly string[]): Promise<Plan> {
  const answer = await operator.fleet('diff', ...operands, '--json')
  expect(answer.code, answer.stderr).toBe(0)
  return checked('plan', JSON.parse(answer.stdout) as Plan)
}

function changeIn({ body }: Plan) {
  const [host] = Object.values(body.hosts)
  if (host?.action !== 'change') throw new Error('the systems are the same')
  return host
}

describe('fleet diff', () => {
  it('compares two hosts as they run', async () => {
    const { diff: found, from, to } = changeIn(await diff('web-2', 'web-1'))
    expect([from.system, to.system]).toEqual([
      (await operator.runs('web-2')).system,
      (await operator.runs('web-1')).system,
    ])
    expect(found.exact).toBe(true)
    expect(found.packages).toContainEqual(expect.objectContaining({ name: 'forgejo', direction: 'removed' }))
    expect(found.units?.stopped).toEqual(['forgejo.service'])
    expect(found.users).toMatchObject({ removed: ['forgejo'] })
    expect(found.firewall).toMatchObject({ closed: ['tcp/3000'] })
    expect(found.etc?.map(({ path }) => path)).toContain('os-release')
  })

  it('compares a generation of a host with what it runs, as built', async () => {
    const plan = await diff('web-1@1', 'web-1')
    const { diff: found } = changeIn(plan)
    expect(plan.body.comparison).toMatchObject({ from: { is: 'generation 1' }, to: { is: 'as it runs' } })
    expect(found).toMatchObject({ exact: true, reboot: { needed: true, because: ['kernel 6.12.41 → 6.12.58'] } })
    expect(found.packages).toContainEqual(expect.objectContaining({ name: 'nginx', from: ['1.27.5'], to: ['1.28.0'] }))
    const back = changeIn(await diff('web-1', 'web-1@booted'))
    expect(back.to.system).toBe(plan.body.comparison?.from.system)
    expect(back.diff.packages).toContainEqual(expect.objectContaining({ name: 'nginx', direction: 'down' }))
  })

  it('finds no difference between what runs, the system profile, and what the flake says of an up-to-date host', async () => {
    for (const operands of [['web-1'], ['web-1', 'web-1@profile'], ['main#web-1'], ['web-1@2', 'HEAD#web-1']]) {
      const answer = await operator.fleet('diff', ...operands, '--detailed-exitcode')
      expect(answer.code, answer.stderr).toBe(0)
      expect(lastLine(answer.stdout)).toBe('Diff: the same system.')
    }
  })

  it('compares a revision with the flake as it is, both predicted, and the same back again', async () => {
    await lab.set('web-1', 'tcpPorts', '8443')
    await lab.set('web-1', 'etc.lab.conf', 'answer = 42')
    const forth = changeIn(await diff('main~2#web-1'))
    expect(forth.diff.firewall).toMatchObject({ opened: ['tcp/8443'] })
    expect(forth.diff.etc).toContainEqual(expect.objectContaining({ path: 'lab.conf', change: 'added' }))
    const back = changeIn(await diff('#web-1', 'main~2#web-1'))
    expect(back.diff.firewall).toMatchObject({ closed: ['tcp/8443'] })
    const running = changeIn(await diff('#web-1', 'web-1'))
    expect(running.diff.firewall).toEqual(back.diff.firewall)
    expect(running.diff.etc).toContainEqual(expect.objectContaining({ path: 'lab.conf', change: 'removed' }))
    expect(running.to.drv).toBeNull()
  })

  it('compares store paths of this machine', async () => {
    const attribute = 'nixosConfigurations.web-2.config.system.build.toplevel'
    const result = join(operator.directory, 'result')
    const features = ['--extra-experimental-features', 'nix-command flakes']
    const flake = `git+file://${lab.flake}#${attribute}`
    const environment = { ...process.env, ...lab.environment }
    const built = await ask('nix', ['build', ...features, '--out-link', result, flake], { environment })
    expect(built.code, built.stderr).toBe(0)
    expect(changeIn(await diff('web-2', result)).diff).toMatchObject({ exact: true, reboot: { needed: true } })
    expect(lastLine((await operator.fleet('diff', result, '#web-2')).stdout)).toBe('Diff: the same system.')
    expect(lastLine((await operator.fleet('diff', result, result)).stdout)).toBe('Diff: the same system.')
  })

  it('has every form of a plan, and is none: apply refuses it', async () => {
    for (const [format, title] of [
      ['text', 'lab  diff   made '],
      ['markdown', '<!-- fleet-diff '],
      ['html', '<!doctype html>'],
    ]) {
      const answer = await operator.fleet('diff', 'web-2', 'web-1', '--format', format ?? '', '--detailed-exitcode')
      expect(answer.code, answer.stderr).toBe(2)
      expect(answer.stdout.startsWith(title ?? '')).toBe(true)
      expect(answer.stdout).toContain('Diff: different systems, a reboot between them.')
      expect(answer.stdout).not.toContain('fleet apply')
    }
    const file = join(operator.directory, 'diff.json')
    writeFileSync(file, (await operator.fleet('diff', 'web-2', 'web-1', '--json')).stdout)
    expect(readFileSync(file, 'utf8')).toContain('"comparison"')
    const refused = await operator.fleet('apply', file)
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('[apply/comparison]')])
    expect(lastLine((await operator.fleet('show', file)).stdout)).toBe(
      'Diff: different systems, a reboot between them.',
    )
  })

  it('says which side it could not find, of both at once', async () => {
    const answer = await operator.fleet('diff', 'web-1@77', 'nowhere#web-2')
    expect(answer.code).toBe(1)
    expect(answer.stderr).toContain('web-1 has no generation 77')
    expect(answer.stderr).toContain('git knows no commit `nowhere`')
    for (const [operands, said] of [
      [['web-3'], 'Did you mean `web-1`?'],
      [['/nix/store'], 'A store path names no host'],
      [['/nix/store', 'web-1'], 'is not a NixOS system'],
      [['web-1', './nothing'], 'There is no `./nothing` on this machine.'],
    ] as const) {
      const wrong = await operator.fleet('diff', ...operands)
      expect(wrong.stderr).toContain(said)
      expect(wrong.code).not.toBe(0)
    }
  })
})
