import { expect, test } from 'vitest'
import { hostShell } from '../../../src/adapters/checks/host-shell.ts'
import { httpCheck } from '../../../src/adapters/checks/http.ts'
import { networkAddress } from '../../../src/adapters/checks/network-address.ts'
import { systemClock } from '../../../src/adapters/clock.ts'
import { sshRemote } from '../../../src/adapters/ssh/remote.ts'
import { verify } from '../../../src/pipeline/health/verify.ts'
import { httpCheckOf } from '../../rig/samples/checks.ts'
import { sampleSubject } from '../../rig/samples/subject.ts'
import { startWebServer } from '../../rig/servers/web-server.ts'

/** Checks a real web server, by the machine's own clock; it answers by the number of the request. */
async function checked(status: (request: number) => number) {
  let requests = 0
  const server = await startWebServer((_, response) => {
    requests += 1
    response.writeHead(status(requests)).end()
  })
  const times = { timeoutMs: 1000, intervalMs: 100, stableForMs: 400, deadlineMs: 1500 }
  const remote = sshRemote('/')
  const checkTypes = { http: httpCheck(hostShell(remote), networkAddress(remote)) }
  const told: string[] = []
  const health = await verify(
    {
      subject: sampleSubject(),
      checks: { site: httpCheckOf(server.url, times) },
      onReport: ({ result }) => told.push(result),
    },
    { clock: systemClock, checkTypes },
    new AbortController().signal,
  )
  await server.close()
  return { health: health.health, told }
}

test('a service that starts, answers once and dies is unhealthy', async () => {
  expect(await checked((request) => (request === 1 ? 200 : 503))).toEqual({
    health: 'unhealthy',
    told: ['pass', 'fail'],
  })
})

test('one that flaps within its budget is healthy', async () => {
  expect(await checked((request) => (request === 2 ? 503 : 200))).toEqual({
    health: 'healthy',
    told: ['pass', 'fail', 'pass'],
  })
})
