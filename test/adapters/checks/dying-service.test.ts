import { once } from 'node:events'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { hostShell } from '../../../src/adapters/checks/host-shell.ts'
import { httpCheck } from '../../../src/adapters/checks/http.ts'
import { networkAddress } from '../../../src/adapters/checks/network-address.ts'
import { sshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import { verify } from '../../../src/pipeline/health/verify.ts'
import { httpCheckOf } from '../../rig/samples/checks.ts'
import { sampleSubject } from '../../rig/samples/subject.ts'
import { startWebServer } from '../../rig/servers/web-server.ts'

/**
 * A clock that the pauses between attempts move, and nothing else: however slow the machine is, an attempt takes no time.
 * A sleep that is longer than any pause bounds an attempt, and lasts until that is over.
 */
function pausingClock(longestPause: number): Clock {
  let now = 0
  return {
    now: () => now,
    sleep: async (milliseconds, signal) => {
      if (milliseconds <= longestPause) now += milliseconds
      else if (!signal.aborted) await once(signal, 'abort')
    },
  }
}

/** Checks a real web server, which answers by the number of the request. */
async function checked(status: (request: number) => number) {
  let requests = 0
  const server = await startWebServer((_, response) => {
    requests += 1
    response.writeHead(status(requests)).end()
  })
  const times = { timeoutMs: 60_000, intervalMs: 10_000, stableForMs: 40_000, deadlineMs: 150_000 }
  const remote = sshRemote('/')
  const checkTypes = { http: httpCheck(hostShell(remote, systemClock), networkAddress(remote)) }
  const told: string[] = []
  const health = await verify(
    {
      subject: sampleSubject(),
      checks: { site: httpCheckOf(server.url, times) },
      onReport: ({ result }) => told.push(result),
    },
    { clock: pausingClock(times.intervalMs), checkTypes },
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
