import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Exec } from '../../src/model/host/exec-schema.ts'
import { eventually } from '../lab/eventually.ts'
import { checked } from '../rig/files/schema.ts'
import { lastLine } from './fleet.ts'
import { openStage } from './stage.ts'

const hosts = ['web-1', 'web-2', 'web-3'] as const
const stage = openStage({ hosts: Object.fromEntries(hosts.map((host) => [host, { services: ['nginx'] }])) })

const document = (stdout: string) => checked('exec', JSON.parse(stdout) as Exec)
/** Whether a process with these words runs in a host. */
const runs = async (host: string, words: string) =>
  (await stage.lab.inside(host, `pgrep -f '${words.replace(/.$/, '[$&]')}' > /dev/null`)).code === 0

describe('fleet exec', () => {
  it('runs the words as they are on every host, and shows once what all of them said', async () => {
    const words = ['a b', "it's", '$(reboot)', '*', '-x', '']
    const ran = await stage.operator.fleet('exec', '--', 'sh', '-c', 'printf "<%s>" "$@"', 'sh', ...words)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 0,
      stdout: `3 hosts: web-1, web-2, web-3\n  <a b><it's><$(reboot)><*><-x><>\n\nExec complete: 3 hosts ended with 0.\n`,
    })
  })

  it('tells the hosts apart that said another thing, ended otherwise, hang or refuse', async () => {
    await stage.lab.break('web-3', 'refuses-login')
    const script = 'case $(hostname) in web-1) echo well;; *) echo late; sleep 1000.7;; esac'
    const ran = await stage.operator.fleet('exec', '--timeout', '8s', '--', 'sh', '-c', script)
    expect(ran.code, ran.stderr).toBe(3)
    expect(ran.stdout).toContain('web-1\n  well\n')
    expect(ran.stdout).toContain('✗ web-2: timed out after 8s: ended on the host\n  late\n')
    expect(ran.stdout).toContain('✗ web-3: unreachable: login refused\n')
    expect(lastLine(ran.stdout)).toBe('Exec failed: 1 ended with 0, 1 timed out, 1 unreachable.')
    expect(await runs('web-2', 'sleep 1000.7')).toBe(false)
  })

  it('exits 1 where no host was reached, and 3 where a command ended with another code', async () => {
    await stage.lab.break('web-3', 'unreachable')
    expect((await stage.operator.fleet('exec', '--on', 'web-3', '--', 'true')).code).toBe(1)
    expect((await stage.operator.fleet('exec', '--on', 'web-1,web-3', '--', 'true')).code).toBe(3)
    expect((await stage.operator.fleet('exec', '--on', 'web-1', '--', 'sh', '-c', 'exit 255')).code).toBe(3)
  })

  it('becomes root where it is asked to, and says where that is refused', async () => {
    await stage.lab.break('web-2', 'no-sudo')
    const ran = await stage.operator.fleet('exec', '--sudo', '--json', '--', 'id', '-u')
    expect(ran.code).toBe(3)
    expect(document(ran.stdout).hosts).toMatchObject({
      'web-1': { result: 'ended', exitCode: 0, stdout: '0\n' },
      'web-2': { result: 'lost', failure: { code: 'exec/no-root' } },
      'web-3': { result: 'ended', exitCode: 0, stdout: '0\n' },
    })
  })

  it('as root, what takes too long is ended on the host, too', async () => {
    const ran = await stage.operator.fleet(
      'exec',
      '--on',
      'web-1',
      '--sudo',
      '--timeout',
      '3s',
      '--',
      'sleep',
      '1000.6',
    )
    expect(ran.stdout).toContain('timed out after 3s: ended on the host')
    expect(await runs('web-1', 'sleep 1000.6')).toBe(false)
  })

  it('sends a file to the shell, and what a host prints reaches no terminal as it is', async () => {
    const file = join(stage.operator.directory, 'look.sh')
    writeFileSync(file, "#!/bin/sh\nprintf '\\033[2J\\033]0;owned\\007red\\342\\200\\256\\n'\n")
    const ran = await stage.operator.fleet('exec', '--on', 'web-1', '--script', file)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 0,
      stdout: 'web-1\n  red\n\nExec complete: 1 host ended with 0.\n',
    })
  })

  it('ends soon after an interrupt, says what was under way, and leaves nothing on the hosts', async () => {
    const running = stage.operator.start('exec', '--parallelism', '2', '--', 'sleep', '1000.5')
    await eventually(
      'it runs on both',
      async () => (await runs('web-1', 'sleep 1000.5')) && runs('web-2', 'sleep 1000.5'),
    )
    running.child.kill('SIGINT')
    expect(await running.end()).toBe(130)
    expect(running.stdout).toContain('✗ 2 hosts (web-1, web-2): interrupted: its connection is closed')
    expect(running.stdout).toContain('✗ web-3: not started\n')
    for (const host of ['web-1', 'web-2'])
      await eventually(`nothing is left on ${host}`, async () => !(await runs(host, 'sleep 1000.5')))
  })
})

describe('fleet ssh', () => {
  it('runs the words as they are on the host, and ends as they do', async () => {
    const words = ['sh', '-c', 'hostname; printf "<%s>" "$@"; exit 7', 'sh', 'a b', "it's", '$(reboot)', '*']
    const ran = await stage.operator.fleet('ssh', 'web-1', '--', ...words)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 7,
      stdout: "web-1\n<a b><it's><$(reboot)><*>",
    })
  })

  it('ends with 255 and the words of ssh where the login is refused, with no second try', async () => {
    await stage.lab.break('web-3', 'refuses-login')
    const ran = await stage.operator.fleet('ssh', 'web-3', '--', 'true')
    expect(ran.code).toBe(255)
    expect(ran.stderr).toMatch(/^sma@\S+: Permission denied \(publickey\)\.\s*$/)
  })

  it('names the host that was meant', async () => {
    const ran = await stage.operator.fleet('ssh', 'web-11')
    expect(ran.code).toBe(64)
    expect(ran.stderr).toContain('Did you mean `web-1`?')
  })
})
