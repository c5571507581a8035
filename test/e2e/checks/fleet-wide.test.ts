import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startLab, type Lab } from '../../lab/lab.ts'
import { examples, fleetOfExample } from '../../rig/files/example.ts'
import { library } from '../../rig/files/fleet-file.ts'
import { LabChecks } from '../../rig/lab/checks.ts'
import { Doubles } from '../../rig/doubles/stand-in.ts'
import { eventsOf, Operator } from '../fleet.ts'

const host = 'alpha'
let lab: Lab
let checks: LabChecks

beforeAll(async () => {
  lab = await startLab({ hosts: { [host]: { services: ['nginx'] } } })
  checks = new LabChecks(lab, host)
})

afterAll(async () => {
  await checks?.close()
  await lab?.stop()
})

describe('through the check types of fleet', () => {
  it('builtin/reachable passes a host that answers and fails one that does not', async () => {
    expect(await checks.measure('builtin/reachable')).toBe('pass: a new connection answers')
    await lab.break(host, 'unreachable')
    expect(await checks.measure('builtin/reachable')).toMatch(/^fail: .*refused/)
    await lab.mend(host, 'unreachable')
  })

  it('builtin/sshd passes while the unit is active and fails when it is not', async () => {
    expect(await checks.measure('builtin/sshd')).toBe('pass: active: sshd.service')
    await lab.inside(host, 'systemctl lab-fail sshd.service')
    expect(await checks.measure('builtin/sshd')).toBe('fail: not active: sshd.service (failed)')
    await lab.inside(host, 'systemctl start sshd.service')
  })

  it('a script passes, fails and cannot measure, with the variables of an entry', async () => {
    const disk = (vars: object) => checks.measure('disk', { disk: { use: 'builtin/disk-space', vars } })
    expect(await disk({ mounts: '/nix' })).toMatch(/^pass: \/nix \d+ % used, 90 % allowed$/)
    expect(await disk({ mounts: '/nix', maxUse: '0' })).toMatch(/^fail: \/nix \d+ % used, 0 % allowed$/)
    expect(await disk({ mounts: '/gone' })).toBe('error: df: /gone: No such file or directory')
  })

  it('a real Nagios plugin passes, warns, fails and cannot measure', async () => {
    const { inodes } = fleetOfExample('checks/nagios.yaml').checks
    if (inodes?.type !== 'command' || typeof inodes.run === 'string') throw new Error('bug: the example is another one')
    const { protocol, run } = inodes
    const plugin = (words: readonly string[], vars: object) =>
      checks.measure('inodes', { inodes: { type: 'command', protocol, run: words, vars } })
    const debian = { plugins: '/usr/lib/nagios/plugins', path: '/nix' }
    const needs = (warn: string, critical: string) => [
      run[0] ?? '',
      `--warning=${warn}`,
      `--critical=${critical}`,
      run[3] ?? '',
    ]
    expect(await plugin(run, debian)).toMatch(/^pass: DISK OK/)
    expect(await plugin(needs('100%', '0%'), debian)).toMatch(/^pass: warning: DISK WARNING/)
    expect(await plugin(needs('100%', '100%'), debian)).toMatch(/^fail: DISK CRITICAL/)
    expect(await plugin([run[0] ?? '', '--no-such-option'], debian)).toMatch(/^error: /)
    expect(await plugin(run, { ...debian, plugins: '/nowhere' })).toMatch(
      /^error: its program could not be run: .*not found/,
    )
  })
})

describe('by `fleet check`', () => {
  const body = `checks:
  room: { use: builtin/disk-space, vars: { mounts: /nix } }
  no-room: { use: builtin/disk-space, vars: { mounts: /nix, maxUse: "0" } }
  nowhere: { use: builtin/disk-space, vars: { mounts: /gone }, severity: warn }
`
  const named = (names: string) => ({ [host]: `checks: [${names}]` })

  it('what passes is exit 0, what fails exit 3, with the figures of both', async () => {
    const operator = new Operator(lab)
    operator.write(body, named('builtin/reachable, builtin/sshd, room'))
    expect(await operator.fleet('check')).toMatchObject({ code: 0 })
    operator.write(body, named('builtin/reachable, builtin/sshd, room, no-room, nowhere'))
    const { code, stdout } = await operator.fleet('check')
    expect(code).toBe(3)
    expect(stdout).toMatch(/room .*\/nix \d+ % used, 90 % allowed/)
    expect(stdout).toMatch(/no-room .*\/nix \d+ % used, 0 % allowed/)
    expect(stdout).toContain('df: /gone: No such file or directory')
    operator.close()
  })

  it('a plan holds the whole check, so that applying it reads no library', async () => {
    const operator = new Operator(lab)
    operator.write(body, named('builtin/load, no-room'))
    const { plan } = await operator.plan()
    expect(plan.body.checks['builtin/load']).toMatchObject({ run: expect.stringContaining('/proc/loadavg') as string })
    expect(plan.body.checks['no-room']).toMatchObject({ vars: { mounts: '/nix', maxUse: '0' } })
    operator.close()
  })

  it('lists every ready-made check', async () => {
    const operator = new Operator(lab)
    const { code, stdout } = await operator.fleet('check', '--list')
    expect(code).toBe(0)
    for (const name of library.names) expect(stdout).toContain(`${name} `)
    operator.close()
  })
})

describe('the example that drains a node', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('takes the work from a host before its activation and lets it in again after it', async () => {
    const doubles = new Doubles()
    const log = doubles.file('log', '')
    // kubectl 1.30, of a cluster in which every name is a node.
    doubles.write('kubectl', `echo "$1 $2" >>${log}\n[ "$1" != get ] || echo "node/$3"`)
    vi.stubEnv('PATH', doubles.path)
    const [drain] = fleetOfExample('hooks/drain.sh').hooks
    const hook = { on: drain?.on, run: [`${examples}/hooks/drain.sh`, '{{host.name}}'], timeout: '60s' }
    const operator = new Operator(lab, `hooks: ${JSON.stringify([hook])}\n`)
    const { code, stdout } = await operator.fleet('apply', '--auto-approve', '--json')
    expect(code).toBe(0)
    const story = eventsOf(stdout).flatMap((event) => {
      if (event.type === 'hook.finished') return [`${event.on}: ${event.message.split(': ').at(-1)}`]
      return event.type === 'host.step' && event.step === 'activate' ? [`activation ${event.status}`] : []
    })
    expect(story).toEqual([
      `before.host: ${host} is drained`,
      'activation started',
      'activation finished',
      `host.succeeded: ${host} takes work again`,
    ])
    expect(readFileSync(log, 'utf8')).toBe(`get node\ndrain ${host}\nget node\nuncordon ${host}\n`)
    operator.close()
    doubles.close()
  })
})
