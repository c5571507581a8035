import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { hostShell } from '../../../src/adapters/checks/host-shell.ts'
import { httpCheck } from '../../../src/adapters/checks/http.ts'
import { networkAddress } from '../../../src/adapters/checks/network-address.ts'
import { type SshRemote, sshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { HttpCheck } from '../../../src/model/plan/plan-schema.ts'
import type { Measurement } from '../../../src/ports/check.ts'
import { checkContract } from '../../contracts/check.ts'
import { DoubleSsh } from '../../rig/doubles/ssh.ts'
import { httpCheckOf } from '../../rig/samples/checks.ts'
import { sampleSettings } from '../../rig/samples/plan.ts'
import { sampleAttempt } from '../../rig/samples/subject.ts'
import { startWebServer, type WebServer } from '../../rig/servers/web-server.ts'

const places = ['operator', 'host'] as const
const hostile = '\u001b]0;owned\u0007\u202e'

/** What the server answers at each path. */
function answer({ url = '/', method, headers }: IncomingMessage, response: ServerResponse): void {
  const say = (status: number, body: string, more: Readonly<Record<string, string>> = {}) =>
    response.writeHead(status, more).end(body)
  if (url === '/') say(200, 'welcome to forgejo\n')
  else if (url === '/gone') say(503, 'sorry')
  else if (url === '/moved') say(302, '', { location: '/login' })
  else if (url === '/hostile') say(302, hostile, { location: `/\u009b2J${'x'.repeat(2000)}` })
  else if (url === '/big') say(200, `${'x'.repeat(1024 * 1024)}\nend`)
  else if (url === '/told') say(200, `${method} ${String(headers['x-token'])} ${headers.host}`)
  else if (url === '/slow-body') response.writeHead(200).write('begun')
  else if (url === '/evil') say(200, `${'a'.repeat(60)}!`)
  // At /slow nothing is ever said.
}

let ssh: DoubleSsh
let remote: SshRemote
let plain: WebServer
let tls: WebServer

beforeAll(async () => {
  ssh = new DoubleSsh({ '127.0.0.1': 'login "$command"\n' })
  remote = sshRemote('/')
  plain = await startWebServer(answer)
  tls = await startWebServer(answer, 'tls')
})

afterAll(async () => {
  await plain?.close()
  await tls?.close()
  await remote?.close()
  ssh?.close()
})

const typeOf = () => httpCheck(hostShell(remote, systemClock), networkAddress(remote))

function measure(check: HttpCheck, vars: Readonly<Record<string, string>> = {}): Promise<Measurement> {
  const settings = sampleSettings('web', { address: ['127.0.0.1'], vars })
  return typeOf().measure(check, sampleAttempt({ settings }), new AbortController().signal)
}

for (const from of places) {
  checkContract(`http, from the ${from}`, `no-mark-${process.pid}`, async () => {
    const host = new DoubleSsh({ web: 'login "$command"\n' })
    const connection = sshRemote('/')
    const server = await startWebServer(answer)
    return {
      type: httpCheck(hostShell(connection, systemClock), networkAddress(connection)),
      passes: httpCheckOf(server.url, { from }),
      fails: httpCheckOf(`${server.url}/gone`, { from }),
      cannotMeasure: httpCheckOf('http://{{vars.nobody}}/', { from }),
      hangs: { check: httpCheckOf(`${server.url}/slow`, { from, timeoutMs: 2_000 }), says: 'fail' },
      hostile: httpCheckOf(`${server.url}/hostile`, { from }),
      megabyte: { check: httpCheckOf(`${server.url}/big`, { from }), says: 'pass' },
      close: async () => {
        await server.close()
        await connection.close()
        host.close()
      },
    }
  })
}

describe.each(places)('from the %s', (from) => {
  test('a status that is not expected fails, and one that is passes', async () => {
    expect(await measure(httpCheckOf(`${plain.url}/gone`, { from }))).toEqual({
      result: 'fail',
      message: 'HTTP 503, expected 200',
    })
    expect(await measure(httpCheckOf(`${plain.url}/gone`, { from, expectStatus: [200, 503] }))).toEqual({
      result: 'pass',
      message: 'HTTP 503',
    })
  })

  test('a redirect is an answer, and is not followed', async () => {
    const moved = await measure(httpCheckOf(`${plain.url}/moved`, { from }))
    expect(moved.result).toBe('fail')
    expect(moved.message).toMatch(/^HTTP 302 \(to (http:\/\/127\.0\.0\.1:\d+)?\/login\), expected 200$/)
    expect(await measure(httpCheckOf(`${plain.url}/moved`, { from, expectStatus: [302] }))).toMatchObject({
      result: 'pass',
    })
  })

  test('the body must match', async () => {
    const body = (expectBody: string, path = '/') => measure(httpCheckOf(plain.url + path, { from, expectBody }))
    expect(await body('forgejo$|forgejo')).toMatchObject({ result: 'pass' })
    expect(await body('jellyfin')).toEqual({
      result: 'fail',
      message: 'HTTP 200, but the body does not match /jellyfin/',
    })
    expect(await body('no such thing', '/big')).toMatchObject({ result: 'error' })
  })

  test('a pattern that takes for ever ends as an error', async () => {
    expect(await measure(httpCheckOf(`${plain.url}/evil`, { from, expectBody: '^(a+)+$' }))).toEqual({
      result: 'error',
      message: '/^(a+)+$/ takes too long on this answer',
    })
  })

  test('method, headers and placeholders reach the server', async () => {
    const check = httpCheckOf(`http://{{host.address}}:${plain.port}/{{vars.path}}`, {
      from,
      method: 'POST',
      headers: { 'X-Token': 'for {{host.name}}' },
      expectBody: `^POST for web 127.0.0.1:${plain.port}$`,
    })
    expect(await measure(check, { path: 'told' })).toMatchObject({ result: 'pass' })
  })

  test('a certificate that nobody vouches for fails, unless that is allowed', async () => {
    const refused = await measure(httpCheckOf(tls.url, { from }))
    expect(refused.result).toBe('fail')
    expect(refused.message).toMatch(/self[- ]signed certificate/)
    expect(await measure(httpCheckOf(tls.url, { from, insecure: true }))).toEqual({
      result: 'pass',
      message: 'HTTP 200',
    })
  })

  test('nobody there, and a name that does not resolve, fail', async () => {
    const closed = await startWebServer(answer)
    await closed.close()
    const refused = await measure(httpCheckOf(closed.url, { from }))
    expect(refused).toMatchObject({ result: 'fail' })
    expect(refused.message).toMatch(/ECONNREFUSED|Failed to connect|Could not connect|Connection refused/)
    expect(await measure(httpCheckOf('http://no-such-host.invalid/', { from }))).toMatchObject({ result: 'fail' })
  })

  test('an answer whose body does not end is too late, where the body matters', async () => {
    const slow = httpCheckOf(`${plain.url}/slow-body`, { from, timeoutMs: 2_000, expectBody: 'x' })
    expect(await measure(slow)).toEqual({ result: 'fail', message: 'no answer within 2s' })
  })
})

test('a host without curl cannot measure', async () => {
  ssh.plays(
    '127.0.0.1',
    'PATH=/nowhere; command=$(echo "$command" | /usr/bin/sed s/curl/no-curl-here/)\nlogin "$command"\n',
  )
  const measured = await measure(httpCheckOf(plain.url, { from: 'host' }))
  expect(measured).toMatchObject({ result: 'error' })
  ssh.plays('127.0.0.1', 'login "$command"\n')
})
