import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eventsOf } from '../fleet.ts'
import { openStage } from '../stage.ts'

const hosts = ['sleeper-service', 'grey-area', 'reverse-proxy'] as const
const quick = 'activation: { timeout: 4m, confirmTimeout: 2m }'
const wave = (rollback: string) =>
  `waves: [{ name: servers, hosts: [${hosts.join(', ')}], maxParallel: 1, rollback: ${rollback} }]\n`

const stage = openStage({ hosts: Object.fromEntries(hosts.map((host) => [host, { services: ['nginx'] }])) })

const running = () => Promise.all(hosts.map(async (host) => (await stage.operator.runs(host)).system))

/** A check that passes on the system that grey-area runs now and fails on any other. */
async function wantsTheOld(): Promise<string> {
  const { system } = await stage.operator.runs('grey-area')
  return `checks:
  old: { type: command, run: 'test "$(readlink -f /run/current-system)" = ${system} || { echo "it is another"; exit 1; }', interval: 1s, timeout: 20s, deadline: 20s }
`
}

describe('a check that fails after the change', () => {
  it('takes grey-area back, verified, halts the wave and leaves reverse-proxy untouched', async () => {
    stage.operator.write((await wantsTheOld()) + wave('host'), {
      ...Object.fromEntries(hosts.map((host) => [host, quick])),
      'grey-area': `${quick}, checks: [ssh, units, old]`,
    })
    const before = await running()
    const answer = await stage.operator.fleet('apply', '--auto-approve', '--json')
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
    stage.operator.write((await wantsTheOld()) + wave('wave'), {
      ...Object.fromEntries(hosts.map((host) => [host, quick])),
      'grey-area': `${quick}, checks: [ssh, units, old]`,
    })
    const before = await running()
    const answer = await stage.operator.fleet('apply', '--auto-approve')
    expect(answer.code, answer.stdout + answer.stderr).toBe(3)
    expect(await running()).toEqual(before)
  })

  it('condemns nothing where it failed before; the plan says so', async () => {
    const checks =
      'checks:\n  bad: { type: command, run: "echo broken since last week; exit 1", timeout: 20s, deadline: 20s }\n'
    stage.operator.write(checks + wave('host'), { 'grey-area': `${quick}, checks: [ssh, units, bad]` })
    await stage.lab.inside('grey-area', 'printf "failed\\n" > /run/lab/units/old.service')
    const { answer } = await stage.operator.plan('plan.json', '--on', 'grey-area')
    expect(answer.stdout.replaceAll(/\s+/g, ' ')).toContain('check bad fails before the change')
    const applied = await stage.operator.fleet('apply', '--auto-approve', '--on', 'grey-area')
    expect(applied.code, applied.stdout + applied.stderr).toBe(0)
    await stage.lab.inside('grey-area', 'rm /run/lab/units/old.service')
  })

  it('that must pass first keeps the host as it is', async () => {
    const checks =
      'checks:\n  backup: { type: command, run: "echo no backup; exit 1", precondition: true, interval: 1s, timeout: 20s, deadline: 20s }\n'
    stage.operator.write(checks + wave('host'), { 'grey-area': `${quick}, checks: [ssh, backup]` })
    const before = await running()
    const answer = await stage.operator.fleet('apply', '--auto-approve', '--on', 'grey-area')
    expect(answer.code, answer.stdout + answer.stderr).toBe(1)
    expect(answer.stdout).toContain('no backup')
    expect(await running()).toEqual(before)
  })
})

describe('hooks', () => {
  /** A hook beside fleet.yaml. */
  const hook = (name: string, body: string) => {
    writeFileSync(join(stage.operator.directory, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(stage.operator.directory, name), 0o755)
  }

  it('are told of events with one JSON document each, and a gate decides', async () => {
    hook('tell.sh', 'printf "%s %s %s\\n" "$FLEET_EVENT" "$FLEET_HOST" "$(head -c 20)" >> told')
    hook('gate.sh', 'echo "$FLEET_EVENT $1" >> asked')
    stage.operator.write(
      `${wave('host')}
hooks:
  - { on: [run.started, host.succeeded, run.finished], run: [./tell.sh] }
  - { on: [before.host], run: [./gate.sh, "{{host.name}}"] }
`,
      { 'grey-area': quick },
    )
    const answer = await stage.operator.fleet('apply', '--auto-approve', '--on', 'grey-area')
    expect(answer.code, answer.stdout + answer.stderr).toBe(0)
    const lines = (file: string) => readFileSync(join(stage.operator.directory, file), 'utf8').trimEnd().split('\n')
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
    stage.operator.write(`${wave('host')}\nhooks: [{ on: [before.run], run: [./gate.sh] }]\n`)
    const before = await running()
    const answer = await stage.operator.fleet('apply', '--auto-approve')
    expect(answer.code, answer.stdout + answer.stderr).toBe(5)
    expect(answer.stdout).toContain('frozen until Monday')
    expect(await running()).toEqual(before)
  })
})
