import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { eventually } from '../../../lab/eventually.ts'
import { type Lab, startLab } from '../../../lab/lab.ts'
import { eventsOf, Operator } from '../../fleet.ts'
import { killAt, kindOf } from './kill-at.ts'

const settings = 'checks: [ssh, quick], activation: { timeout: 4m, confirmTimeout: 2m }'
const rollout = `
checks:
  quick: { type: systemd, timeout: 60s, interval: 1s, deadline: 60s }
waves:
  - { name: canary, hosts: ["a*"], bakeTime: 1s }
  - { name: rest, hosts: ["b*"] }
`
const profile = '/nix/var/nix/profiles/system'

/** An operator, two hosts that nobody else touches, and the plan that is applied to them again and again. */
export interface Lane {
  readonly operator: Operator
  /** The canary and the one that comes after it. */
  readonly hosts: readonly [string, string]
  readonly file: string
  readonly planned: Readonly<Record<string, string>>
  readonly before: Readonly<Record<string, string>>
}

/** Two lanes in one lab, each with one test in it at a time. */
export class Lanes {
  readonly #free: Lane[] = []
  readonly #all: Lane[] = []
  readonly #waiting: ((lane: Lane) => void)[] = []
  #lab: Lab | null = null

  /** Opens the lanes for the tests of a file. */
  static ofFile(): Lanes {
    const lanes = new Lanes()
    beforeAll(() => lanes.#open())
    afterAll(() => lanes.#close())
    return lanes
  }

  /** Plays in a lane as soon as one is free, and brings its hosts back to where the plan found them. */
  async play(act: (lane: Lane) => Promise<void>): Promise<void> {
    const lane = this.#free.shift() ?? (await new Promise<Lane>((given) => this.#waiting.push(given)))
    try {
      await act(lane)
    } finally {
      await reset(lane)
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(lane)
      else next(lane)
    }
  }

  async #open(): Promise<void> {
    const services = { services: ['nginx'] }
    this.#lab = await startLab({ hosts: { a1: services, b1: services, a2: services, b2: services } })
    for (const hosts of [['a1', 'b1'] as const, ['a2', 'b2'] as const]) {
      const lane = await openLane(this.#lab, hosts)
      this.#all.push(lane)
      this.#free.push(lane)
    }
  }

  async #close(): Promise<void> {
    for (const { operator } of this.#all) operator.close()
    await this.#lab?.stop()
  }
}

async function openLane(lab: Lab, hosts: readonly [string, string]): Promise<Lane> {
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

/** Brings hosts back to where the plan found them, by hand, with an empty log of activations. */
async function reset({ operator, hosts, before }: Lane): Promise<void> {
  const goBack = async (host: string) => {
    const back = `nix-env -p ${profile} --set ${before[host]} && ${before[host]}/bin/switch-to-configuration switch`
    const done = await operator.lab.inside(
      host,
      `{ ${back}; } >/dev/null 2>&1; rm -f /run/lab/activations; readlink -f ${profile}`,
    )
    expect(done.stdout.trim()).toBe(before[host])
  }
  await Promise.all(hosts.map(goBack))
}

/** The kinds of line that a run tells which nobody disturbs, but for those that it tells only where something is slow. */
export async function kindsOfRun({ operator, file }: Lane): Promise<ReadonlySet<string>> {
  const told = await operator.fleet('apply', file, '--json')
  expect(told.code, told.stdout).toBe(0)
  const kinds = eventsOf(told.stdout).map(kindOf)
  return new Set(kinds.filter((kind) => !/^(host\.(output|waiting)|lock\.waiting|diagnostic)/.test(kind)))
}

/** Ends fleet at a line of the journal, `a` and `b` in it being the lane's hosts; what is in the journal then. */
export async function killed(lane: Lane, kind: string, half: boolean): Promise<string> {
  const { operator, hosts, file } = lane
  const mine = kind.replace(/(?<= )[ab](?= |$)/, (letter) => hosts[letter === 'a' ? 0 : 1])
  const run = operator.startWith(['--import', killAt(mine, half)], 'apply', file)
  expect(await run.end(), run.stdout).toBeNull()
  const journal = readFileSync(journalOf(operator), 'utf8')
  const last = journal.endsWith('\n') ? journal.trimEnd().split('\n').at(-1) : undefined
  if (!half) expect(kindOf(JSON.parse(last ?? '') as object)).toBe(mine)
  return journal
}

/** Applies once more: all is as planned then, each host was activated once, and no lock is left. */
export async function expectRecovery(lane: Lane): Promise<string> {
  const { operator, hosts, file, planned } = lane
  const again = await operator.fleet('apply', file)
  expect(again.code, `${again.stdout}\n${again.stderr}`).toBe(0)
  for (const host of hosts) {
    const asked = await operator.lab.inside(
      host,
      `readlink -f /run/current-system ${profile}; cat /run/lab/activations`,
    )
    const [system, set, ...activations] = asked.stdout.trimEnd().split('\n')
    expect([system, set], host).toEqual([planned[host], planned[host]])
    expect(activations, host).toEqual([planned[host]])
    // A process of the killed run ends as soon as it notices that its connection has gone.
    await eventually(`no lock on ${host}`, async () => {
      const free = 'for lock in /run/fleet/*.lock; do [ ! -e "$lock" ] || flock -n "$lock" true || exit 1; done'
      return (await operator.lab.inside(host, free)).code === 0
    })
  }
  return again.stdout
}

function journalOf({ directory }: Operator): string {
  const runs = join(directory, '.fleet/runs')
  return join(runs, readdirSync(runs).toSorted().at(-1) ?? '', 'journal.jsonl')
}
