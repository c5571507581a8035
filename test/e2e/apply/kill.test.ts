import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../lab/eventually.ts'
import { type Lab, startLab } from '../../lab/lab.ts'
import { eventsOf, Operator } from '../fleet.ts'
import { killAt, kindOf } from './kill-at.ts'

/** Pairs of hosts that are worked on at once, each by an operator of its own; `a` is the canary, `b` comes after. */
const lanes = [1, 2, 3] as const
const settings = 'checks: [ssh, quick], activation: { timeout: 4m, confirmTimeout: 2m }'
const rollout = `
checks:
  quick: { type: systemd, timeout: 60s, interval: 1s, deadline: 60s }
waves:
  - { name: canary, hosts: ["a*"], bakeTime: 1s }
  - { name: rest, hosts: ["b*"] }
`
const profile = '/nix/var/nix/profiles/system'

/** A line of the journal at which fleet is killed, and whether only half of it is there. */
type Point = readonly [kind: string, half: boolean]

/** One operator, their two hosts, and the plan that is applied again and again. */
interface Lane {
  readonly operator: Operator
  readonly hosts: readonly [string, string]
  readonly file: string
  readonly planned: Readonly<Record<string, string>>
  readonly before: Readonly<Record<string, string>>
}

let lab: Lab
const open: Lane[] = []
let kinds: readonly string[] = []

beforeAll(async () => {
  const services = { services: ['nginx'] }
  lab = await startLab({
    hosts: Object.fromEntries(
      lanes.flatMap((n) => [
        [`a${n}`, services],
        [`b${n}`, services],
      ]),
    ),
  })
  for (const n of lanes) open.push(await openLane([`a${n}`, `b${n}`]))
  const [first] = open
  if (first === undefined) throw new Error('no lane')
  // What a run tells when nobody disturbs it, less what it tells only where something is slow.
  const told = await first.operator.fleet('apply', first.file, '--json')
  expect(told.code, told.stdout).toBe(0)
  kinds = [...new Set(eventsOf(told.stdout).map(kindOf))].filter(
    (kind) => !/^(host\.(output|waiting)|lock\.waiting|diagnostic)/.test(kind),
  )
  await reset(first)
})

afterAll(async () => {
  for (const { operator } of open) operator.close()
  await lab?.stop()
})

async function openLane(hosts: readonly [string, string]): Promise<Lane> {
  const operator = new Operator(lab)
  operator.write(rollout, Object.fromEntries(lab.hosts.map(({ name }) => [name, settings])))
  const { file, plan } = await operator.plan('plan.json', ...hosts.flatMap((host) => ['--on', host]))
  const planned: Record<string, string> = {}
  const before: Record<string, string> = {}
  for (const host of hosts) {
    const found = plan.body.hosts[host]
    if (found?.action !== 'change') throw new Error(`${host} has nothing to do`)
    planned[host] = found.to.system
    before[host] = found.from.system
  }
  return { operator, hosts, file, planned, before }
}

/** Points that are tried at least. */
const least = 25

/** Every kind of line once, now of the canary and now of the other host, then others until there are enough; and half a line. */
function pointsOf(all: readonly string[]): readonly Point[] {
  const plain = (kind: string) => kind.replace(/ [ab]\d/, '')
  const kindsAlone = [...new Set(all.map(plain))]
  const once = kindsAlone.map((kind, index) => {
    const both = all.filter((one) => plain(one) === kind)
    return both[index % both.length] ?? kind
  })
  const rest = all.filter((kind) => !once.includes(kind))
  const half = all.filter((kind) => kind.startsWith('host.started'))
  return [
    ...[...once, ...rest].slice(0, Math.max(once.length, least - half.length)).map((kind): Point => [kind, false]),
    ...half.map((kind): Point => [kind, true]),
  ]
}

/** Brings the hosts of a lane back to where the plan found them, by hand, with an empty log of activations. */
async function reset({ hosts, before }: Lane): Promise<void> {
  const goBack = async (host: string) => {
    const back = `nix-env -p ${profile} --set ${before[host]} && ${before[host]}/bin/switch-to-configuration switch`
    const done = await lab.inside(
      host,
      `{ ${back}; } >/dev/null 2>&1; rm -f /run/lab/activations; readlink -f ${profile}`,
    )
    expect(done.stdout.trim()).toBe(before[host])
  }
  await Promise.all(hosts.map(goBack))
}

/** Kills fleet at that line, applies again, and looks at the hosts. */
async function survives(lane: Lane, kind: string, half: boolean): Promise<void> {
  const { operator, hosts, file, planned } = lane
  const where = `killed at ${half ? 'half of ' : ''}${kind}`
  // Lines of the first lane's run, as this lane's run tells them.
  const mine = kind.replace(/(?<= [ab])\d/, hosts[0].slice(1))
  const killed = operator.startWith(['--import', killAt(mine, half)], 'apply', file)
  expect(await killed.end(), where).toBeNull()
  const journal = readFileSync(journalOf(operator), 'utf8')
  const last = journal.endsWith('\n') ? journal.trimEnd().split('\n').at(-1) : undefined
  if (!half) expect(kindOf(JSON.parse(last ?? '') as object)).toBe(mine)
  const again = await operator.fleet('apply', file)
  expect(again.code, `${where}\n${again.stdout}\n${again.stderr}`).toBe(0)
  for (const host of hosts) {
    const asked = await lab.inside(host, `readlink -f /run/current-system ${profile}; cat /run/lab/activations`)
    const [system, set, ...activations] = asked.stdout.trimEnd().split('\n')
    expect([system, set], `${where}: ${host}`).toEqual([planned[host], planned[host]])
    expect(activations, `${where}: ${host}`).toEqual([planned[host]])
    // A process of the killed run ends as soon as it notices that its connection has gone.
    await eventually(`no lock on ${host}, ${where}`, async () => {
      const free = 'for lock in /run/fleet/*.lock; do [ ! -e "$lock" ] || flock -n "$lock" true || exit 1; done'
      return (await lab.inside(host, free)).code === 0
    })
  }
  const inFlight = /^(host\.started|host\.step \S+ (activate|verify|check))/.exec(mine)
  if (inFlight !== null && !half) expect(again.stdout, where).toContain(`was in flight when run`)
  await reset(lane)
}

function journalOf({ directory }: Operator): string {
  const runs = join(directory, '.fleet/runs')
  return join(runs, readdirSync(runs).toSorted().at(-1) ?? '', 'journal.jsonl')
}

describe('row 22: kill -9 at any line of the journal', () => {
  it('loses nothing: the next apply brings all hosts to the plan, activates none twice and leaves no lock', async () => {
    const points = pointsOf(kinds)
    expect(points.length).toBeGreaterThanOrEqual(least)
    const left = [...points]
    await Promise.all(
      open.map(async (lane) => {
        for (let point = left.shift(); point !== undefined; point = left.shift()) await survives(lane, ...point)
      }),
    )
  })
})
