import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import type { Status } from '../../../src/model/host/status-schema.ts'
import { startLab, type Lab } from '../../lab/lab.ts'
import { checked } from '../../rig/files/schema.ts'
import { lastLine, Operator } from '../fleet.ts'

let lab: Lab
let operator: Operator

const waves = `waves:
  - { name: canary, hosts: [alpha] }
  - { name: rest, hosts: ['*'] }
`

beforeAll(async () => {
  lab = await startLab({
    hosts: { alpha: { services: ['nginx'] }, beta: { services: ['forgejo'] }, gamma: { services: [] } },
    start: 'converged',
  })
  operator = new Operator(lab, waves)
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

async function statusOf(...args: readonly string[]): Promise<Status> {
  const answer = await operator.fleet('status', '--json', ...args)
  expect(answer.code).toBe(0)
  return checked('status', JSON.parse(answer.stdout) as Status)
}

/** The body without what says where the observations came from. */
function withoutOrigin({ body }: Plan): unknown {
  const { observedAt: _, ...rest } = body
  return { ...rest, notes: body.notes.filter(({ code }) => code !== 'plan/observed') }
}

describe('fleet status', () => {
  it('says what every host runs, lists disabled hosts with their note, and finds no drift', async () => {
    operator.write(waves, { gamma: "enabled: false, note: 'in repair'" })
    try {
      const answer = await operator.fleet('status', '--detailed-exitcode')
      expect(answer.code).toBe(0)
      expect(answer.stdout).toMatch(/gamma +disabled \(in repair\)/)
      expect(lastLine(answer.stdout)).toBe('Status: 2 reachable, 1 disabled, no drift.')
      const { hosts } = await statusOf()
      const alpha = hosts['alpha']
      if (alpha?.reach !== 'answered') throw new Error('alpha did not answer')
      const runs = await operator.runs('alpha')
      expect(alpha.observation).toMatchObject({ system: runs.system, profile: runs.profile, generation: 1 })
      const { stdout } = await lab.inside('alpha', 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')
      expect(stdout).toContain(alpha.observation.hostKey)
    } finally {
      operator.write(waves)
    }
  })

  it('says who put a system there, and calls another one drift', async () => {
    await lab.set('beta', 'motd', 'rolled out')
    const applied = await operator.fleet('apply', '--auto-approve', '--wave', 'canary', '--wave', 'rest')
    expect(applied.stdout.trimEnd()).toMatch(/^Apply complete: 1 changed, 0 failed.*$/m)
    const { hosts } = await statusOf()
    const beta = hosts['beta']
    expect(beta).toMatchObject({ reach: 'answered', drifted: false, lastRun: { ending: 'succeeded', mode: 'switch' } })
    // Somebody goes back by hand.
    const first = '$(readlink -f /nix/var/nix/profiles/system-1-link)'
    await lab.inside('beta', `${first}/bin/switch-to-configuration test`)
    const answer = await operator.fleet('status', '--detailed-exitcode')
    expect(answer.code).toBe(2)
    expect(answer.stdout).toMatch(/! beta +runs another system than it would boot/)
    expect(lastLine(answer.stdout)).toBe('Status: 3 reachable, 1 drifted.')
  })

  it('shows the mix of a wave that is half done, and who is not to be reached', async () => {
    await lab.break('gamma', 'unreachable')
    try {
      const answer = await operator.fleet('status')
      expect(answer.code).toBe(0)
      expect(answer.stdout).toMatch(/gamma +unreachable: connection refused/)
      expect((await statusOf('--on', 'alpha')).hosts).not.toHaveProperty('gamma')
    } finally {
      await lab.mend('gamma')
    }
  })
})

describe('fleet plan --observed', () => {
  it('makes the same plan as asking the hosts, which may be applied', async () => {
    await lab.set('alpha', 'packages.nginx', '1.99.0')
    await lab.set('gamma', 'tcpPorts', '8443')
    const file = join(operator.directory, 'status.json')
    writeFileSync(file, (await operator.fleet('status', '--json')).stdout)
    const asked = await operator.plan('asked.json')
    await lab.break('alpha', 'unreachable')
    try {
      const saved = await operator.plan('saved.json', '--observed', file)
      expect(saved.plan.changeDigest).toBe(asked.plan.changeDigest)
      expect(withoutOrigin(saved.plan)).toEqual(withoutOrigin(asked.plan))
      expect(saved.answer.stdout).toContain('compared with what the hosts said at')
    } finally {
      await lab.mend('alpha')
    }
    const applied = await operator.fleet('apply', join(operator.directory, 'saved.json'), '--wave', 'canary')
    expect(applied.stdout.trimEnd()).toMatch(/^Apply complete: 1 changed, 0 failed.*$/m)
  })

  it('refuses what is not what fleet wrote, with the place', async () => {
    const file = join(operator.directory, 'status.json')
    const good = readFileSync(file, 'utf8')
    const system = /"system": "([^"]+)"/.exec(good)?.[1] ?? ''
    for (const [text, said] of [
      [good.replace(`"system": "${system}"`, '"system": "/etc/\\u001b[31mpasswd"'), 'observation/system'],
      [good.replace(/"failedUnits": \[\]/, '"failedUnits": "x"'), 'must be array'],
      [good.slice(0, -20), 'not JSON'],
      [good.replace('"name": "lab"', '"name": "other"'), 'this fleet is "lab"'],
      ['{"format":"2.0","hosts":{}}', 'format 2.0'],
      ['[]', 'not what `fleet status --json` writes'],
    ] as const) {
      writeFileSync(file, text)
      const answer = await operator.fleet('plan', '--observed', file)
      expect({ said, code: answer.code, stdout: answer.stdout }).toEqual({ said, code: 1, stdout: '' })
      expect(answer.stderr).toContain(said)
      // oxlint-disable-next-line no-control-regex -- that there are none is what is looked for
      expect(answer.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
    }
  })
})

describe('fleet plan --base without --offline', () => {
  it('compares with the hosts and tells what changed since', async () => {
    await lab.set('gamma', 'motd', 'newer')
    const { plan, answer } = await operator.plan('since.json', '--base', 'HEAD~1')
    expect(answer.stdout).toContain('since HEAD~1: another system for gamma (1 of 3)')
    expect(plan.body.since).toMatchObject({ ref: 'HEAD~1' })
    expect(plan.body.base).toBeUndefined()
    expect(answer.stdout).toContain('1 commit since')
    expect((await operator.fleet('apply', join(operator.directory, 'since.json'), '--wave', 'canary')).code).toBe(0)
  })
})
