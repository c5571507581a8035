import type { IncomingMessage, ServerResponse } from 'node:http'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startLab, type Lab } from '../../lab/lab.ts'
import { startWebServer, type WebServer } from '../../rig/servers/web-server.ts'
import { eventsOf, lastLine, Operator } from '../fleet.ts'

const hosts = ['sleeper-service', 'grey-area', 'reverse-proxy'] as const
const quick = 'activation: { timeout: 4m, confirmTimeout: 2m }'
const wave = (rollback: string) =>
  `waves: [{ name: servers, hosts: [${hosts.join(', ')}], maxParallel: 1, rollback: ${rollback} }]\n`

let lab: Lab
let operator: Operator
let revision = 0

beforeAll(async () => {
  lab = await startLab({ hosts: Object.fromEntries(hosts.map((host) => [host, { services: ['nginx'] }])) })
})

// Each test begins with a fleet whose hosts all have something to do.
beforeEach(async () => {
  operator = new Operator(lab)
  revision += 1
  await lab.set('*', 'motd', `revision ${revision}`)
})

afterEach(() => operator.close())

afterAll(async () => {
  await lab?.stop()
})

const running = () => Promise.all(hosts.map(async (host) => (await operator.runs(host)).system))

/** A check that passes on the system that grey-area runs now and fails on any other. */
async function wantsTheOld(): Promise<string> {
  const { system } = await operator.runs('grey-area')
  return `checks:
  old: { type: command, run: 'test "$(readlink -f /run/current-system)" = ${system} || { echo "it is another"; exit 1; }', interval: 1s, timeout: 20s, deadline: 20s }
`
}

describe('a check that fails after the change', () => {
  it('takes grey-area back, verified, halts the wave and leaves reverse-proxy untouched', async () => {
    operator.write((await wantsTheOld()) + wave('host'), {
      ...Object.fromEntries(hosts.map((host) => [host, quick])),
      'grey-area': `${quick}, checks: [ssh, units, old]`,
    })
    const before = await running()
    const answer = await operator.fleet('apply', '--auto-approve', '--json')
    const after = await running()
    expect(answer.code, answer.stdout + answer.stderr).toBe(3)
    expect([after[0] === before[0], after[1] === before[1], after[2] === before[2]]).toEqual([false, true, true])
    const events = eventsOf(answer.stdout)
    expect(events.find(({ type }) => type === 'host.rolled-back')).toMatchObject({
      host: 'grey-area',
      code: 'check/unhealthy',
      system: before[1],
    })
    expect(events.some(({ type }) => type === 'wave.halted')).toBe(true)
    // One line for each change of state, not for each attempt.
    const told = events.filter((event) => event.type === 'check.finished' && event.check === 'old')
    expect(told.map((event) => (event.type === 'check.finished' ? [event.phase, event.result] : []))).toEqual([
      ['before', 'pass'],
      ['after', 'fail'],
      ['rollback', 'pass'],
    ])
  })

  it('with rollback: wave, takes sleeper-service back too', async () => {
    operator.write((await wantsTheOld()) + wave('wave'), {
      ...Object.fromEntries(hosts.map((host) => [host, quick])),
      'grey-area': `${quick}, checks: [ssh, units, old]`,
    })
    const before = await running()
    const answer = await operator.fleet('apply', '--auto-approve')
    expect(answer.code, answer.stdout + answer.stderr).toBe(3)
    expect(await running()).toEqual(before)
  })

  it('condemns nothing where it failed before; the plan says so', async () => {
    const checks =
      'checks:\n  bad: { type: command, run: "echo broken since last week; exit 1", timeout: 20s, deadline: 20s }\n'
    operator.write(checks + wave('host'), { 'grey-area': `${quick}, checks: [ssh, units, bad]` })
    await lab.inside('grey-area', 'printf "failed\\n" > /run/lab/units/old.service')
    const { answer } = await operator.plan('plan.json', '--on', 'grey-area')
    expect(answer.stdout.replaceAll(/\s+/g, ' ')).toContain('Check bad fails before the change')
    const applied = await operator.fleet('apply', '--auto-approve', '--on', 'grey-area')
    expect(applied.code, applied.stdout + applied.stderr).toBe(0)
    await lab.inside('grey-area', 'rm /run/lab/units/old.service')
  })

  it('that must pass first keeps the host as it is', async () => {
    const checks =
      'checks:\n  backup: { type: command, run: "echo no backup; exit 1", precondition: true, interval: 1s, timeout: 20s, deadline: 20s }\n'
    operator.write(checks + wave('host'), { 'grey-area': `${quick}, checks: [ssh, backup]` })
    const before = await running()
    const answer = await operator.fleet('apply', '--auto-approve', '--on', 'grey-area')
    expect(answer.code, answer.stdout + answer.stderr).toBe(1)
    expect(answer.stdout).toContain('no backup')
    expect(await running()).toEqual(before)
  })
})

describe('hooks', () => {
  /** A hook beside fleet.yaml. */
  const hook = (name: string, body: string) => {
    writeFileSync(join(operator.directory, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(operator.directory, name), 0o755)
  }

  it('are told of events with one JSON document each, and a gate decides', async () => {
    hook('tell.sh', 'printf "%s %s %s\\n" "$FLEET_EVENT" "$FLEET_HOST" "$(head -c 20)" >> told')
    hook('gate.sh', 'echo "$FLEET_EVENT $1" >> asked')
    operator.write(
      `${wave('host')}
hooks:
  - { on: [run.started, host.succeeded, run.finished], run: [./tell.sh] }
  - { on: [before.host], run: [./gate.sh, "{{host.name}}"] }
`,
      { 'grey-area': quick },
    )
    const answer = await operator.fleet('apply', '--auto-approve', '--on', 'grey-area')
    expect(answer.code, answer.stdout + answer.stderr).toBe(0)
    const lines = (file: string) => readFileSync(join(operator.directory, file), 'utf8').trimEnd().split('\n')
    expect(lines('told').map((line) => line.split(' ', 2).join(' '))).toEqual([
      'run.started ',
      'host.succeeded grey-area',
      'run.finished ',
    ])
    expect(lines('told').every((line) => line.includes('{"v":1,"seq":'))).toBe(true)
    expect(lines('asked')).toEqual(['before.host grey-area'])
  })

  it('may refuse the run before anything happens', async () => {
    hook('gate.sh', 'echo "frozen until Monday"; exit 1')
    operator.write(`${wave('host')}\nhooks: [{ on: [before.run], run: [./gate.sh] }]\n`)
    const before = await running()
    const answer = await operator.fleet('apply', '--auto-approve')
    expect(answer.code, answer.stdout + answer.stderr).toBe(5)
    expect(answer.stdout).toContain('frozen until Monday')
    expect(await running()).toEqual(before)
  })
})

describe('fleet check', () => {
  let tls: WebServer
  const answer = ({ url }: IncomingMessage, response: ServerResponse) => {
    if (url === '/moved') response.writeHead(302, { location: '/login' }).end()
    else if (url === '/gone') response.writeHead(503).end()
    else if (url !== '/slow') response.end('welcome')
  }
  beforeAll(async () => {
    tls = await startWebServer(answer, 'tls')
  })
  afterAll(() => tls?.close())

  const web = (checks: string) => `checks:\n${checks}\n${wave('host')}`
  const http = (name: string, path: string, more = '') =>
    `  ${name}: { type: http, url: "${tls.url}${path}", timeout: ${path === '/slow' ? '1s' : '60s'}, interval: 1s, deadline: 60s${more} }\n`

  it('asks a real web server over TLS: a redirect, a slow answer, a wrong status', async () => {
    operator.write(
      web(
        http('trusted', '/') +
          http('site', '/', ', insecure: true') +
          http('moved', '/moved', ', insecure: true, expectStatus: [302]') +
          http('gone', '/gone', ', insecure: true') +
          http('slow', '/slow', ', insecure: true') +
          '  port: { type: tcp, port: 7022, from: host }\n  said: { type: command, run: [printf, "\\e[2Jhi\\n"] }\n',
      ),
      { 'grey-area': 'checks: [ssh, units, trusted, site, moved, gone, slow, port, said]' },
    )
    const asked = await operator.fleet('check', '--on', 'grey-area')
    expect(asked.code, asked.stderr).toBe(3)
    const states = new Map(
      Array.from(asked.stdout.matchAll(/(\S+) +(pass|FAIL|error) +[\d.]+ s {2}(.*)/g), ([, name, state, said]) => [
        name,
        `${state} ${said}`,
      ]),
    )
    expect(Object.fromEntries(states)).toMatchObject({
      ssh: 'pass a new connection answers',
      units: 'pass no unit has failed',
      site: 'pass HTTP 200',
      moved: 'pass HTTP 302 (to /login)',
      gone: 'FAIL HTTP 503, expected 200',
      slow: 'FAIL no answer within 1 s',
      said: 'pass hi',
    })
    expect(states.get('trusted')).toMatch(/^FAIL self[- ]signed certificate/)
    expect(states.get('port')).toMatch(/^pass 127\./)
    expect(lastLine(asked.stdout)).toBe('Healthy: 0 of 1. Unhealthy: grey-area.')
  })

  it('tells pass, fail and error apart, whatever a program on the host does', async () => {
    const programs = {
      absent: '{ type: command, run: [no-such-program] }',
      hangs: `{ type: command, run: "trap '' TERM; sleep 1000 & sleep 1000; wait", timeout: 8s }`,
      loud: `{ type: command, run: "head -c 1048576 /dev/zero | tr '\\\\0' x; echo; echo fine" }`,
      escapes: `{ type: command, run: "printf '\\\\033[2J\\\\033]0;x\\\\007red\\\\n'; exit 1" }`,
      unsure: '{ type: command, run: "echo not measured; exit 75" }',
      broken: `{ type: command, run: "echo '{\\"status\\":'", protocol: json }`,
      nagios: '{ type: command, run: "echo \'DISK WARNING | /=9\'; exit 1", protocol: nagios }',
    }
    operator.write(
      web(
        Object.entries(programs)
          .map(([name, check]) => `  ${name}: ${check}\n`)
          .join(''),
      ),
      {
        'grey-area': `checks: [${Object.keys(programs).join(', ')}]`,
      },
    )
    const asked = await operator.fleet('check', '--on', 'grey-area', '--json')
    const { checked } = JSON.parse(asked.stdout) as {
      checked: readonly { checks: readonly { check: string; result: string; message: string }[] }[]
    }
    const said = checked[0]?.checks.map(({ check, result, message }) => [check, result, message])
    expect(said).toEqual([
      ['absent', 'error', expect.stringMatching(/^its program could not be run: .*no-such-program: not found/)],
      ['hangs', 'error', 'it did not end within 8 s'],
      ['loud', 'pass', 'fine'],
      ['escapes', 'fail', 'red'],
      ['unsure', 'error', 'not measured'],
      ['broken', 'error', expect.stringMatching(/^its answer is not JSON: SyntaxError/)],
      ['nagios', 'pass', 'warning: DISK WARNING'],
    ])
    expect((await lab.inside('grey-area', 'pgrep -f "sleep 100[0]"')).stdout).toBe('')
  })

  it('exits 0 where all is well, 4 where something cannot be measured, and tells it as JSON', async () => {
    operator.write(web('  down: { type: command, run: "echo the monitoring is down; exit 75" }'))
    expect((await operator.fleet('check')).code).toBe(0)
    operator.write(web('  down: { type: command, run: "echo the monitoring is down; exit 75" }'), {
      'grey-area': 'checks: [down]',
    })
    const asked = await operator.fleet('check', '--json')
    expect(asked.code).toBe(4)
    const { checked } = JSON.parse(asked.stdout) as { checked: readonly { host: string; health: string }[] }
    expect(checked.map(({ host, health }) => [host, health])).toEqual([
      ['sleeper-service', 'healthy'],
      ['grey-area', 'inconclusive'],
      ['reverse-proxy', 'healthy'],
    ])
  })

  it('names the programs that are missing here before anything is asked, as the plan does', async () => {
    operator.write(
      web('  own: { type: command, from: operator, run: [./no-such-check] }\n  mod: { type: module, path: ./no.mjs }'),
      {
        'grey-area': 'checks: [own, mod]',
      },
    )
    for (const command of ['check', 'plan']) {
      const asked = await operator.fleet(command)
      expect(asked.code, command).toBe(1)
      expect(asked.stderr).toContain('Check own: ./no-such-check is not there')
      expect(asked.stderr).toContain('Check mod: ./no.mjs cannot be read')
    }
    expect(existsSync(join(operator.directory, 'plan.json'))).toBe(false)
  })

  it('a host that refuses the login is asked once', async () => {
    operator.write(web('  up: { type: command, run: [uptime] }'), { 'grey-area': 'checks: [ssh, units, up]' })
    await lab.break('grey-area', 'refuses-login')
    const asked = await operator.fleet('check', '--on', 'grey-area')
    await lab.mend('grey-area')
    expect(asked.code).toBe(3)
    expect(asked.stdout.match(/login refused/g)).toHaveLength(3)
  })
})
