import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import type { Event } from '../../../src/model/run/event-schema.ts'
import { Operator, eventsOf } from '../fleet.ts'
import { openStage } from '../stage.ts'

const probe = fileURLToPath(new URL('../../rig/lab/loop-probe.ts', import.meta.url))
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const hosts = ['loud', 'chatty', 'alpha', 'beta'] as const
const calm = 'checks: [ssh], activation: { timeout: 4m, confirmTimeout: 2m }'
const rollout = `
checks:
  pours: { type: command, run: "head -c 104857600 /dev/zero | tr '\\\\0' '\\\\033'", interval: 1s, timeout: 60s, deadline: 60s }
waves: [{ name: all, hosts: ['*'], maxParallel: 4, maxFailures: 2 }]
`

const stage = openStage({
  hosts: Object.fromEntries(hosts.map((host) => [host, { services: [] }])),
  rollout,
  settings: {
    alpha: calm,
    beta: calm,
    // Who floods is left alone, and rolls back when nobody has confirmed.
    loud: 'checks: [ssh], activation: { timeout: 4m, confirmTimeout: 10s }',
    chatty: 'checks: [ssh, pours], activation: { timeout: 4m, confirmTimeout: 2m }',
  },
})

/** One turn of the event loop, in milliseconds; `at`: when it ended, Unix time. */
interface Turn {
  readonly at: number
  readonly cpu: number
  readonly wall: number
}

function turnsIn(file: string): readonly Turn[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [at = 0, cpu = 0, wall = 0] = line.split(' ').map(Number)
      return { at, cpu, wall }
    })
}

/** The type of each host's ending. */
function endingsOf(events: readonly Event[]): Readonly<Record<string, string>> {
  const types = ['host.succeeded', 'host.failed', 'host.rolled-back', 'host.unknown']
  const endings = events.flatMap((event) =>
    'host' in event && types.includes(event.type) ? [[event.host, event.type]] : [],
  )
  return Object.fromEntries(endings) as Readonly<Record<string, string>>
}

it('one host prints 100 MB in one line, and a check of another does: the others finish, and fleet never stands still', async () => {
  await stage.lab.break('loud', 'pours')
  const { file } = await stage.operator.plan()
  const measured = join(stage.operator.directory, 'loop')
  const operator = new Operator(stage.lab, '', { FLEET_TEST_LOOP: measured })
  const running = operator.startWith(['--import', tsx, '--import', probe], 'apply', file, '--json')
  await running.end()
  operator.close()
  const events = eventsOf(running.stdout)
  expect(endingsOf(events)).toEqual({
    alpha: 'host.succeeded',
    beta: 'host.succeeded',
    chatty: 'host.succeeded',
    loud: 'host.rolled-back',
  })
  const began = Date.parse(events.find(({ type }) => type === 'run.started')?.at ?? '')
  const longest = turnsIn(measured).filter(({ at, cpu }) => at > began && cpu > 100)
  expect(longest).toEqual([])
})
