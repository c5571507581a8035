import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeDeployNodes } from '../../lab/flake.ts'
import { startLab, type Lab } from '../../lab/lab.ts'
import { ask } from '../../lab/run.ts'
import { installDeployRs } from '../../rig/lab/deploy-rs-target.ts'
import { writeDeploy } from '../../rig/doubles/engines/deploy-rs.ts'
import { isEnding } from '../../rig/properties/ending.ts'
import { eventsOf, lastLine, Operator } from '../fleet.ts'

/*
 * fleet with the engine deploy-rs over real ssh and real Nix. `deploy` and the host's program are doubles, or the real ones
 * where FLEET_TEST_DEPLOY and FLEET_TEST_ACTIVATE name them.
 */

const programs = mkdtempSync(join(tmpdir(), 'fleet-programs-'))
const { PATH } = process.env
const quick = 'engine: deploy-rs, checks: [ssh], activation: { timeout: 4m, confirmTimeout: 2m }'

let lab: Lab
let operator: Operator
let revision = 0

beforeAll(async () => {
  writeDeploy(programs)
  process.env['PATH'] = `${programs}:${PATH}`
  lab = await startLab({ hosts: { alpha: { services: ['nginx'] }, beta: { services: [] }, gamma: { services: [] } } })
  Object.assign(process.env, lab.environment)
  await installDeployRs(lab, 'alpha')
})

afterAll(async () => {
  process.env['PATH'] = PATH
  await lab?.stop()
  rmSync(programs, { recursive: true })
})

// Each test begins with nodes for all hosts, and a change of alpha.
beforeEach(async () => {
  operator = new Operator(lab)
  operator.write('', { alpha: quick, beta: quick, gamma: quick })
  revision += 1
  await lab.set('*', 'motd', `revision ${revision}`)
  await writeDeployNodes(lab.layout, nodes())
})

afterEach(async () => {
  await lab.mend('alpha')
  await lab.mend('beta')
  operator.close()
})

const nodes = () => Object.fromEntries(lab.hosts.map(({ name }) => [name, { hostname: `${name}.example.org` }]))

function planned(plan: Awaited<ReturnType<Operator['plan']>>['plan'], host: string) {
  const found = plan.body.hosts[host]
  if (found?.action !== 'change') throw new Error(`${host} is ${found?.action} in the plan`)
  return found
}

/** The log of the host's `deploy`, of the last run. */
function deployLog(host: string): string {
  const runs = join(operator.directory, '.fleet/runs')
  const files = readdirSync(runs, { recursive: true, encoding: 'utf8' })
  const logs = files.filter((file) => file.endsWith(join(host, 'deploy-rs.log'))).toSorted()
  return readFileSync(join(runs, logs.at(-1) ?? 'none'), 'utf8')
}

describe('fleet with deploy-rs', () => {
  it('wraps with the flake that fleet.yaml names where the fleet has no deploy.nodes', async () => {
    await writeDeployNodes(lab.layout, null)
    const none = await operator.fleet('apply', '--auto-approve', '--on', 'gamma')
    expect(none.code, none.stderr).toBe(5)
    expect(none.stderr).toContain('the flake has no deploy.nodes')
    const wrap = `deployRs: { flake: "git+file://${lab.flake}?dir=deploy-rs" }`
    operator.write('', { gamma: `${quick}, ${wrap}` })
    const { file, plan, answer } = await operator.plan('plan.json', '--on', 'gamma')
    expect(answer.stdout).toContain('first deploy-rs deployment: automatic rollback impossible')
    const { to } = planned(plan, 'gamma')
    expect(to.deployRs?.source).toBe('deployRs.flake')
    const done = await operator.fleet('apply', file)
    expect(done.code, done.stdout).toBe(0)
    expect(await operator.runs('gamma')).toMatchObject({ system: to.system, profile: to.profile })
    expect(to.profile).not.toBe(to.system)
    expect((await operator.fleet('plan', '--on', 'gamma', '--detailed-exitcode')).code).toBe(0)
    const log = deployLog('gamma')
    const again = await operator.fleet('apply', file)
    expect(again.code).toBe(0)
    expect(deployLog('gamma')).toBe(log)
  })

  it('refuses a node that names another machine than fleet.yaml, with both names', async () => {
    await writeDeployNodes(lab.layout, { ...nodes(), alpha: { hostname: 'localhost' } })
    const before = await operator.runs('alpha')
    const answer = await operator.fleet('apply', '--auto-approve', '--on', 'alpha')
    expect(answer.code).toBe(5)
    const address = lab.hosts.find(({ name }) => name === 'alpha')?.address ?? ''
    expect(answer.stderr.replaceAll(/\s+/g, ' ')).toContain(
      `deploy.nodes."alpha".hostname is "localhost", fleet.yaml has "${address}" for alpha`,
    )
    expect(await operator.runs('alpha')).toEqual(before)
    expect(existsSync(join(operator.directory, '.fleet/runs'))).toBe(false)
  })

  it('tells of a change that cuts the host off, after which it came back by itself, and then deploys the same again', async () => {
    // Time enough to confirm the second time.
    operator.write('', { alpha: quick.replace('confirmTimeout: 2m', 'confirmTimeout: 15s') })
    const before = await operator.runs('alpha')
    const { file, plan } = await operator.plan('plan.json', '--on', 'alpha')
    await lab.break('alpha', 'sshd-stops', { parameter: 'stay' })
    const answer = await operator.fleet('apply', file, '--json')
    expect(answer.code, answer.stdout).toBe(3)
    const ending = eventsOf(answer.stdout).find(isEnding)
    expect(ending?.type).toBe('host.rolled-back')
    expect(ending?.message).toContain('activation not confirmed, rolled back')
    expect(ending?.message).toContain(`; now running ${before.system} (verified)`)
    expect(await operator.runs('alpha')).toEqual(before)
    // The file that nobody removed would take the host back again and again.
    expect((await lab.inside('alpha', 'ls /tmp/deploy-rs-canary-*')).code).toBe(0)
    await lab.mend('alpha')
    const again = await operator.fleet('apply', file)
    expect(again.code, again.stdout).toBe(0)
    expect((await operator.runs('alpha')).profile).toBe(planned(plan, 'alpha').to.profile)
  })

  it('waits for an activation that outlasts its time to end, and for the host to be back', async () => {
    operator.write('', { alpha: quick.replace('timeout: 4m, confirmTimeout: 2m', 'timeout: 2s, confirmTimeout: 3s') })
    const before = await operator.runs('alpha')
    await lab.break('alpha', 'hang-at-activate')
    const running = operator.start('apply', '--auto-approve', '--verbose', '--on', 'alpha')
    await running.until('Waiting over SSH resulted')
    await lab.mend('alpha')
    expect(await running.end(), running.stdout).toBe(3)
    expect(running.stdout).toContain('the activation took too long')
    expect(await operator.runs('alpha')).toEqual(before)
  })

  it('asks the host when the connection of an activation goes, which then neither is confirmed nor rolls back', async () => {
    operator.write('', { alpha: quick.replace('confirmTimeout: 2m', 'confirmTimeout: 3s') })
    const { file, plan } = await operator.plan('plan.json', '--on', 'alpha')
    await lab.break('alpha', 'drop-connection-at-activate')
    const answer = await operator.fleet('apply', file)
    expect(deployLog('alpha')).not.toContain('Activation succeeded!')
    expect(answer.code, answer.stdout).toBe(0)
    expect((await operator.runs('alpha')).system).toBe(planned(plan, 'alpha').to.system)
  })

  it('takes a host back that deploy-rs could not, since it had never been there, and leaves nobody waiting', async () => {
    const before = await operator.runs('beta')
    await lab.break('beta', 'activation-fails')
    const answer = await operator.fleet('apply', '--auto-approve', '--on', 'beta')
    expect(answer.code, answer.stdout).toBe(3)
    expect(deployLog('beta')).toContain('re-activating the last generation: No such file or directory')
    expect(lastLine(answer.stdout)).toBe('Apply failed: 0 changed, 1 failed (rolled back), 0 not started.')
    expect(await operator.runs('beta')).toMatchObject({ system: before.system, profile: before.profile })
    expect((await ask('pgrep', ['-f', `^ssh .*${operator.directory}.*activate-rs wait`])).stdout).toBe('')
  })

  it('lets two runs at once deploy a host once', async () => {
    const { file } = await operator.plan('plan.json', '--on', 'alpha')
    const generation = async () => Number(/system-(\d+)-link/.exec((await operator.runs('alpha')).generation)?.[1])
    const before = await generation()
    const answers = await Promise.all([operator.fleet('apply', file), operator.fleet('apply', file)])
    expect(await generation()).toBe(before + 1)
    expect(answers.map(({ code }) => code)).toContain(0)
  })
})
