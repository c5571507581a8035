import type { IncomingMessage, ServerResponse } from 'node:http'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWebServer, type WebServer } from '../../rig/servers/web-server.ts'
import { lastLine } from '../fleet.ts'
import { openStage } from '../stage.ts'

const hosts = ['sleeper-service', 'grey-area', 'reverse-proxy'] as const
const wave = `waves: [{ name: servers, hosts: [${hosts.join(', ')}] }]\n`

const stage = openStage({ hosts: Object.fromEntries(hosts.map((host) => [host, { services: ['nginx'] }])) })

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

  const web = (checks: string) => `checks:\n${checks}\n${wave}`
  const http = (name: string, path: string, more = '') =>
    `  ${name}: { type: http, url: "${tls.url}${path}", timeout: ${path === '/slow' ? '1s' : '60s'}, interval: 1s, deadline: 60s${more} }\n`

  it('asks a real web server over TLS: a redirect, a slow answer, a wrong status', async () => {
    stage.operator.write(
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
    const asked = await stage.operator.fleet('check', '--on', 'grey-area')
    expect(asked.code, asked.stderr).toBe(3)
    const states = new Map(
      Array.from(asked.stdout.matchAll(/(\S+) +(pass|fail|no result) +[\d.]+s {2}(.*)/g), ([, name, state, said]) => [
        name,
        `${state} ${said}`,
      ]),
    )
    expect(Object.fromEntries(states)).toMatchObject({
      ssh: 'pass a new connection answers',
      units: 'pass no unit has failed',
      site: 'pass HTTP 200',
      moved: 'pass HTTP 302 (to /login)',
      gone: 'fail HTTP 503, expected 200',
      slow: 'fail no answer within 1s',
      said: 'pass hi',
    })
    expect(states.get('trusted')).toMatch(/^fail self[- ]signed certificate/)
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
    stage.operator.write(
      web(
        Object.entries(programs)
          .map(([name, check]) => `  ${name}: ${check}\n`)
          .join(''),
      ),
      {
        'grey-area': `checks: [${Object.keys(programs).join(', ')}]`,
      },
    )
    const asked = await stage.operator.fleet('check', '--on', 'grey-area', '--json')
    const { checked } = JSON.parse(asked.stdout) as {
      checked: readonly { checks: readonly { check: string; result: string; message: string }[] }[]
    }
    const said = checked[0]?.checks.map(({ check, result, message }) => [check, result, message])
    expect(said).toEqual([
      ['absent', 'error', expect.stringMatching(/^its program could not be run: .*no-such-program: not found/)],
      ['hangs', 'error', 'it did not end within 8s'],
      ['loud', 'pass', 'fine'],
      ['escapes', 'fail', 'red'],
      ['unsure', 'error', 'not measured'],
      ['broken', 'error', expect.stringMatching(/^its answer is not JSON: SyntaxError/)],
      ['nagios', 'pass', 'warning: DISK WARNING'],
    ])
    expect((await stage.lab.inside('grey-area', 'pgrep -f "sleep 100[0]"')).stdout).toBe('')
  })

  it('exits 0 where all is well, 4 where something cannot be measured, and tells it as JSON', async () => {
    stage.operator.write(web('  down: { type: command, run: "echo the monitoring is down; exit 75" }'))
    expect((await stage.operator.fleet('check')).code).toBe(0)
    stage.operator.write(web('  down: { type: command, run: "echo the monitoring is down; exit 75" }'), {
      'grey-area': 'checks: [down]',
    })
    const asked = await stage.operator.fleet('check', '--json')
    expect(asked.code).toBe(4)
    const { checked } = JSON.parse(asked.stdout) as { checked: readonly { host: string; health: string }[] }
    expect(checked.map(({ host, health }) => [host, health])).toEqual([
      ['sleeper-service', 'healthy'],
      ['grey-area', 'inconclusive'],
      ['reverse-proxy', 'healthy'],
    ])
  })

  it('names the programs that are missing here before anything is asked, as the plan does', async () => {
    stage.operator.write(
      web('  own: { type: command, from: operator, run: [./no-such-check] }\n  mod: { type: module, path: ./no.mjs }'),
      {
        'grey-area': 'checks: [own, mod]',
      },
    )
    for (const command of ['check', 'plan']) {
      const asked = await stage.operator.fleet(command)
      expect(asked.code, command).toBe(1)
      expect(asked.stderr).toContain('Check own: ./no-such-check does not exist')
      expect(asked.stderr).toContain('Check mod: ./no.mjs cannot be read')
    }
    expect(existsSync(join(stage.operator.directory, 'plan.json'))).toBe(false)
  })

  it('a host that refuses the login is asked once', async () => {
    stage.operator.write(web('  up: { type: command, run: [uptime] }'), { 'grey-area': 'checks: [ssh, units, up]' })
    await stage.lab.break('grey-area', 'refuses-login')
    const asked = await stage.operator.fleet('check', '--on', 'grey-area')
    await stage.lab.mend('grey-area')
    expect(asked.code).toBe(3)
    expect(asked.stdout.match(/login refused/g)).toHaveLength(3)
  })
})
