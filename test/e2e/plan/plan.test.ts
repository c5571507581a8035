import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
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
  lab = await startLab({
    hosts: { alpha: { services: ['nginx'] }, beta: { services: ['forgejo'] }, gamma: { services: ['tailscaled'] } },
  })
  operator = new Operator(lab)
})

afterAll(async () => {
  operator?.close()
  await lab?.stop()
})

/** A fleet.yaml beside the flake: what is evaluated as a stranger's may name no other directory. */
function inCheckout(): readonly string[] {
  const file = join(lab.flake, 'fleet.yaml')
  copyFileSync(join(operator.directory, 'fleet.yaml'), file)
  return ['-f', file]
}

describe('fleet plan', () => {
  it('says for each host what it runs and what it should run, and changes nothing', async () => {
    const before = await Promise.all(['alpha', 'beta', 'gamma'].map((host) => operator.runs(host)))
    const answer = await operator.fleet('plan', '--json')
    expect(answer.code).toBe(0)
    const plan = checked('plan', JSON.parse(answer.stdout) as Plan)
    for (const [index, host] of ['alpha', 'beta', 'gamma'].entries())
      expect(plan.body.hosts[host]).toMatchObject({
        action: 'change',
        from: { system: before[index]?.system, profile: before[index]?.profile, generation: 1, hostname: host },
      })
    expect(await Promise.all(['alpha', 'beta', 'gamma'].map((host) => operator.runs(host)))).toEqual(before)
  })

  it('names the packages that change and the kernel that takes a reboot', async () => {
    const { plan } = await operator.plan()
    const alpha = plan.body.hosts['alpha']
    if (alpha?.action !== 'change') throw new Error('alpha does not change')
    expect(alpha.diff.packages?.find(({ name }) => name === 'nginx')).toMatchObject({
      from: ['1.27.5'],
      to: ['1.28.0'],
      direction: 'up',
      selected: true,
    })
    expect(alpha.diff.reboot).toEqual({ needed: true, because: ['kernel 6.12.41 → 6.12.58'], state: 'needed' })
  })

  it('predicts units, /etc, users and ports without building anything', async () => {
    await lab.set('beta', 'tcpPorts', '8443')
    await lab.set('beta', 'etc.lab.conf', 'password = hunter2')
    const { plan } = await operator.plan()
    const beta = plan.body.hosts['beta']
    if (beta?.action !== 'change') throw new Error('beta does not change')
    const { units, etc, users, firewall, kind, provenance } = beta.diff
    expect(units).toMatchObject({ restarted: ['forgejo.service', 'nix-daemon.service', 'sshd.service'], stopped: [] })
    expect(units?.pathsOnly).toEqual(units?.restarted)
    expect(etc).toContainEqual({ path: 'lab.conf', change: 'added', inherited: false, patch: null })
    expect(etc?.find(({ path }) => path === 'os-release')?.patch).toContain('+BUILD_ID="25.05.20251101.a1b2c3d"')
    expect(users).toEqual({ added: [], removed: [], changed: [] })
    expect(firewall).toEqual({ opened: ['tcp/8443'], closed: [], enabled: null })
    expect(kind).toBe('reboot')
    expect(Object.values(provenance ?? {})).toContain('predicted')
    expect(JSON.stringify(plan)).not.toContain('hunter2')
    const built = await ask('nix-store', ['--check-validity', beta.to.system])
    expect(built.code).not.toBe(0)
  })

  it('saves a plan that its owner alone can read, the same for the same world', async () => {
    const [first, second] = [await operator.plan('first.json'), await operator.plan('second.json')]
    expect(statSync(first.file).mode & 0o777).toBe(0o600)
    expect(second.plan.body).toEqual(first.plan.body)
    expect(second.plan.planId).toBe(first.plan.planId)
    expect((await operator.fleet('show', first.file)).stdout).toContain('Plan: 3 to change')
  })

  it('exits 2 with --detailed-exitcode when there are changes', async () => {
    const answer = await operator.fleet('plan', '--detailed-exitcode')
    expect(answer.code).toBe(2)
    expect(lastLine(answer.stdout)).toBe('Plan: 3 to change (3 reboots), 0 unchanged.')
  })

  it('leaves out what is not selected', async () => {
    const { plan } = await operator.plan('some.json', '--on', '*', '--on', '!beta')
    expect(Object.values(plan.body.hosts).map(({ action }) => action)).toEqual(['change', 'excluded', 'change'])
  })

  it('plans the others when one does not answer; --strict makes that exit 7', async () => {
    await lab.break('beta', 'unreachable')
    try {
      const { plan, answer } = await operator.plan()
      expect(answer.code).toBe(0)
      expect(plan.body.complete).toBe(false)
      expect(plan.body.hosts['beta']).toMatchObject({
        action: 'unreachable',
        failure: { code: 'ssh/connection-refused' },
      })
      expect(lastLine(answer.stdout)).toBe('Plan: 2 to change (2 reboots), 0 unchanged, 1 unreachable.')
      expect((await operator.fleet('plan', '--strict')).code).toBe(7)
    } finally {
      await lab.mend('beta')
    }
  })

  it('asks a host that refuses the login once, and says why it does not ask again', async () => {
    await lab.break('beta', 'refuses-login')
    try {
      const { plan } = await operator.plan()
      const beta = plan.body.hosts['beta']
      if (beta?.action !== 'unreachable') throw new Error('beta answered')
      expect(beta.failure.code).toBe('ssh/refused-login')
      expect(beta.failure.detail).toContain('Permission denied (publickey)')
      expect(beta.failure.detail).toContain('does not try again')
    } finally {
      await lab.mend('beta')
    }
  })

  it('plans and saves the others when one configuration does not evaluate, and exits 1', async () => {
    await lab.set('gamma', 'broken', 'evaluation')
    try {
      const { plan, answer } = await operator.plan()
      expect(answer.code).toBe(1)
      expect(plan.body.hosts['gamma']?.action).toBe('evaluation-failed')
      expect(answer.stdout).not.toContain('… while')
      expect((await operator.fleet('plan', '--verbose')).stdout.length).toBeGreaterThan(answer.stdout.length)
      expect(lastLine(answer.stdout)).toBe('Plan: 2 to change (2 reboots), 0 unchanged, 1 failed to evaluate.')
      const refused = await operator.fleet('apply', join(operator.directory, 'plan.json'))
      expect(refused.code).toBe(5)
      expect(refused.stderr).toContain("--on '!gamma'")
    } finally {
      await lab.set('gamma', 'broken', 'no')
    }
  })

  it('marks a plan from a dirty tree, pins it to a copy, and apply refuses it without consent', async () => {
    await lab.set('alpha', 'motd', 'changed by hand', { commit: false })
    try {
      const { plan, file } = await operator.plan()
      expect(plan.body.source).toMatchObject({ dirty: true, rev: null })
      expect(plan.body.source.flake).toMatch(/^path:\/nix\/store\//)
      const answer = await operator.fleet('apply', file)
      expect(answer.code).toBe(5)
      expect(answer.stderr).toContain('--allow-dirty')
    } finally {
      await lab.set('alpha', 'motd', 'changed and committed')
    }
  })

  it('refuses what it does not know with exit 64, before anything else', async () => {
    for (const [args, said] of [
      [['plan', '--wvae', 'x'], 'Did you mean --wave?'],
      [['aply'], 'Did you mean apply?'],
      [['apply', '--dry-run'], '`fleet plan` shows what would change'],
      [['plan', '--wave', 'al'], 'Did you mean `all`?'],
      [['plan', '--on', 'alhpa'], 'Did you mean `alpha`?'],
      [['plan', 'extra'], 'too many arguments'],
      [['apply'], '--auto-approve'],
    ] as const) {
      const answer = await operator.fleet(...args)
      expect({ args, code: answer.code, stdout: answer.stdout }).toEqual({ args, code: 64, stdout: '' })
      expect(answer.stderr).toContain(said)
    }
  })

  it('says which file is missing when there is no fleet.yaml', async () => {
    const answer = await operator.fleet('-f', '/nonexistent/fleet.yaml', 'plan')
    expect(answer.code).toBe(1)
    expect(answer.stderr).toContain('/nonexistent/fleet.yaml: The file does not exist.')
  })

  it('refuses a plan that was changed after it was made', async () => {
    const { file, plan } = await operator.plan()
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"maxFailures": 0', '"maxFailures": 9'))
    const answer = await operator.fleet('apply', file)
    expect(plan.planId).toMatch(/^sha256:/)
    expect(answer.code).toBe(5)
    expect(answer.stderr).toContain('was changed after it was made')
  })

  it('compares with another revision without asking a host, and apply refuses that plan', async () => {
    await lab.set('beta', 'packages.forgejo', '11.9.0')
    await lab.break('alpha', 'unreachable')
    try {
      const { plan, file, answer } = await operator.plan(
        'base.json',
        '--offline',
        '--base',
        'HEAD~1',
        '--detailed-exitcode',
        ...inCheckout(),
      )
      expect(answer.code).toBe(2)
      expect(answer.stdout).toContain('compared with HEAD~1, not with the hosts')
      expect(lastLine(answer.stdout)).toBe('Plan: 1 to change, 2 unchanged.')
      const beta = plan.body.hosts['beta']
      if (beta?.action !== 'change') throw new Error('beta does not change')
      expect(beta.diff.packages).toMatchObject([{ name: 'forgejo', to: ['11.9.0'], direction: 'up' }])
      const refused = await operator.fleet('apply', file)
      expect(refused.code).toBe(5)
      expect(refused.stderr).toContain('does not say what they run')
      expect((await operator.fleet('plan', '--offline', '--base', 'HEAD')).stderr).toMatch(/outside\s+the\s+checkout/)
      const same = await operator.fleet('plan', '--offline', '--base', 'HEAD', ...inCheckout())
      expect(lastLine(same.stdout)).toBe('No changes. Every system is the same as at HEAD.')
    } finally {
      await lab.mend('alpha')
    }
  })

  it('tells from derivations alone what a base lacks: packages that nobody chose, units that a boot starts', async () => {
    await lab.set('gamma', 'services', 'tailscaled,nginx')
    const { plan } = await operator.plan('base.json', '--offline', '--base', 'HEAD~1', ...inCheckout())
    const gamma = plan.body.hosts['gamma']
    if (gamma?.action !== 'change') throw new Error('gamma does not change')
    expect(gamma.diff.units).toMatchObject({ started: ['nginx.service'], stopped: [] })
    expect(gamma.diff.packages).toContainEqual(expect.objectContaining({ name: 'nginx', from: [], to: ['1.28.0'] }))
    await lab.set('gamma', 'services', 'tailscaled')
  })

  it('knows the size of what it has built', async () => {
    const { plan } = await operator.plan('built.json', '--build', '--on', 'gamma')
    const gamma = plan.body.hosts['gamma']
    if (gamma?.action !== 'change') throw new Error('gamma does not change')
    expect(gamma.diff.provenance).toMatchObject({ packages: 'built', sizeDelta: 'built', download: 'built' })
    expect(gamma.diff.sizeDelta).not.toBeNull()
    // What was built was read: nothing but what activation does about it, and why it changed, is worked out.
    expect(gamma.diff.exact).toBe(true)
    const predicted = Object.entries(gamma.diff.provenance ?? {}).flatMap(([key, how]) =>
      how === 'built' ? [] : [key],
    )
    expect(predicted).toEqual(['units', 'causes'])
  })

  it('says of a host that does not build what its builder said', async () => {
    await lab.set('gamma', 'broken', 'build')
    const answer = await operator.fleet('plan', '--build', '--on', 'gamma')
    await lab.set('gamma', 'broken', 'no')
    expect(answer.code).toBe(1)
    expect(answer.stdout).toContain('gamma  does not build: the build failed')
    expect(answer.stdout).toContain('attribute or function missing in the module of gamma')
    expect(lastLine(answer.stdout)).toBe('Plan: 0 to change, 0 unchanged, 1 failed to build.')
  })

  it('is shown where it cannot be saved, and never called saved', async () => {
    const answer = await operator.fleet('plan', '--on', 'gamma', '-o', join(operator.directory, 'nowhere/plan.json'))
    expect(answer.code).toBe(1)
    expect(lastLine(answer.stdout)).toMatch(/^Plan: /)
    expect(answer.stderr).toContain('the plan could not be saved [plan/not-saved]')
    expect(answer.stderr).not.toMatch(/Saved to|bug in fleet/)
  })

  it('applies nothing but the plan that was approved', async () => {
    const { file, plan } = await operator.plan()
    const answer = await operator.fleet('apply', file, '--plan-id', `sha256:${'0'.repeat(64)}`)
    expect(answer.code).toBe(5)
    expect(answer.stderr).toContain(plan.planId)
  })

  it('writes the same plan as Markdown within the bytes it is given, and as one HTML file', async () => {
    const markdown = await operator.fleet('plan', '--format', 'markdown', '--max-bytes', '2000')
    expect(Buffer.byteLength(markdown.stdout)).toBeLessThanOrEqual(2000)
    expect(markdown.stdout).toContain('## Plan for lab')
    const { file } = await operator.plan()
    expect((await operator.fleet('show', file, '--format', 'html')).stdout).toMatch(/^<!doctype html>/i)
  })
})
