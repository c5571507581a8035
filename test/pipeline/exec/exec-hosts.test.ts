import { describe, expect, it, test } from 'vitest'
import type { HostExec } from '../../../src/model/host/exec-schema.ts'
import { execHosts, exitCodeOf } from '../../../src/pipeline/exec/exec-hosts.ts'
import type { CommandAnswer, Commands } from '../../../src/ports/remote.ts'
import { fleetOf } from '../../rig/files/fleet-file.ts'

const printed = { stdout: 'hello\n', stderr: '', isCut: false, isErrorCut: false }
const failure = { code: 'ssh/no-answer', summary: 'no answer', detail: '' } as const
const { hosts } = fleetOf('hosts: { a: { address: a }, b: { address: b }, c: { address: c } }\n')
const waveOf = new Map(hosts.map(({ name }) => [name, 'all']))
const command = { run: ['true'], environment: {}, stdin: null }

function request(parallelism: number, onHost: (host: string, phase: 'begun' | 'done') => void = () => {}) {
  return { hosts, waveOf, parallelism, command, asRoot: false, timeoutMs: 1000, onHost }
}

describe('many hosts', () => {
  it('are asked no more at a time than is allowed, in their order', async () => {
    let [now, most] = [0, 0]
    const commands: Commands = {
      async run() {
        now += 1
        most = Math.max(most, now)
        await Promise.resolve()
        now -= 1
        return { how: 'exited', code: 0, ...printed }
      },
    }
    const told: string[] = []
    const found = await execHosts(
      request(2, (host, phase) => told.push(`${host} ${phase}`)),
      commands,
      new AbortController().signal,
    )
    expect({ most, hosts: [...found.keys()] }).toEqual({ most: 2, hosts: ['a', 'b', 'c'] })
    expect(told.toSorted()).toEqual(['a begun', 'a done', 'b begun', 'b done', 'c begun', 'c done'])
  })

  it('say after an interrupt what was under way and what had not started', async () => {
    const stop = new AbortController()
    const commands: Commands = {
      run: ({ name }) => {
        if (name === 'b') stop.abort()
        const ended: CommandAnswer = { how: 'exited', code: 0, ...printed }
        return Promise.resolve(name === 'b' ? { how: 'no-answer', begun: true, failure } : ended)
      },
    }
    const found = await execHosts(request(1), commands, stop.signal)
    expect([...found].map(([name, { result }]) => `${name} ${result}`)).toEqual([
      'a ended',
      'b interrupted',
      'c not-started',
    ])
  })
})

const wave = 'all'
const good: HostExec = { result: 'ended', wave, exitCode: 0, ...printed }
const bad: HostExec = { ...good, exitCode: 2 }
const away: HostExec = { result: 'unreachable', wave, failure }
const late: HostExec = { result: 'timed-out', wave, isEnded: true, ...printed }

test.each([
  ['all ended with 0', [good, good], 0],
  ['one with another code', [good, bad], 3],
  ['one was not reached', [good, away], 3],
  ['one took too long', [good, late], 3],
  ['none was reached', [away, away], 1],
  ['the only one that was reached took too long', [away, late], 3],
  ['interrupted', [good, { result: 'interrupted', wave }], 130],
  ['interrupted before anything', [{ result: 'not-started', wave }], 130],
] satisfies [string, HostExec[], number][])('%s', (_, all, code) => {
  expect(exitCodeOf(all)).toBe(code)
})
