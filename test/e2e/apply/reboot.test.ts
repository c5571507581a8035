import { describe, expect, it } from 'vitest'
import { openStage } from '../stage.ts'
import { eventsOf, lastLine } from '../fleet.ts'

const hosts = ['canary', 'web-1', 'web-2'] as const
const stage = openStage({
  hosts: Object.fromEntries(hosts.map((host) => [host, { services: [] }])),
  rollout: 'waves:\n  - { name: first, hosts: [canary] }\n  - { name: rest, hosts: ["*"] }\n',
})

/** The boot of each host, as it tells it. */
async function boots(): Promise<readonly string[]> {
  const answers = await Promise.all(
    hosts.map((host) => stage.lab.ssh(host, 'cat /proc/sys/kernel/random/boot_id; readlink -f /run/booted-system')),
  )
  return answers.map(({ stdout }) => stdout)
}

/** Puts a system with another kernel on hosts, which they have not booted. */
async function newKernel(...on: readonly string[]): Promise<void> {
  await stage.lab.set('*', 'kernel', `6.12.${100 + stage.revision}`)
  const selected = on.flatMap((host) => ['--on', host])
  const applied = await stage.operator.fleet('apply', '--auto-approve', ...selected)
  expect(applied.code, applied.stdout).toBe(0)
}

describe('fleet reboot', () => {
  it('reboots in waves the hosts that need it, one at a time, and no other', async () => {
    await newKernel('canary', 'web-1')
    const before = await boots()
    const rebooted = await stage.operator.fleet('reboot', '--yes')
    expect(rebooted.code, rebooted.stdout + rebooted.stderr).toBe(0)
    expect(rebooted.stdout).toContain('! reboot  2 hosts: kernel 6.12.41 → 6.12.101 (canary, web-1)')
    expect(rebooted.stdout).toContain('Plan: 2 to reboot.')
    expect(rebooted.stdout).toMatch(/wave first finished[^]*wave rest finished/)
    expect(lastLine(rebooted.stdout)).toBe('Apply complete: 2 changed, 0 failed, 0 not started.')
    const after = await boots()
    expect(after.map((boot, index) => boot !== before[index])).toEqual([true, true, false])
    const again = await stage.operator.fleet('reboot', '--yes')
    expect({ code: again.code, last: lastLine(again.stdout) }).toEqual({ code: 0, last: 'Plan: no host to reboot.' })
  })

  it('reboots all selected hosts where it is told to', async () => {
    const before = await boots()
    const rebooted = await stage.operator.fleet('reboot', '--all', '--on', 'web-2', '--yes', '--json')
    expect(rebooted.code, rebooted.stdout).toBe(0)
    const steps = eventsOf(rebooted.stdout).flatMap((event) =>
      event.type === 'host.step' && event.status === 'started' ? [event.step] : [],
    )
    expect(steps).not.toContain('activate')
    expect(steps).toContain('reboot')
    expect((await boots()).map((boot, index) => boot !== before[index])).toEqual([false, false, true])
  })

  it('boots what the system profile holds, where that waits for a boot', async () => {
    const set = await stage.operator.fleet('apply', '--auto-approve', '--on', 'web-1', '--mode', 'boot')
    expect(set.code, set.stdout).toBe(0)
    const { profile, system } = await stage.operator.runs('web-1')
    expect(system).not.toBe(profile)
    const rebooted = await stage.operator.fleet('reboot', '--on', 'web-1', '--yes')
    expect(rebooted.code, rebooted.stdout).toBe(0)
    expect((await stage.operator.runs('web-1')).system).toBe(profile)
  })

  it('asks no host that does not answer to be passed over in silence', async () => {
    await stage.lab.break('web-2', 'unreachable')
    const refused = await stage.operator.fleet('reboot', '--yes')
    expect(refused.code).toBe(5)
    expect(refused.stderr).toContain("--on '!web-2'")
    expect(lastLine(refused.stdout)).toBe('Apply refused: the host does not say what it has booted.')
  })

  it('killed in the middle, it is resumed with the plan: no host reboots twice', async () => {
    await newKernel()
    const before = await boots()
    const file = `${stage.operator.directory}/reboot.json`
    const saved = await stage.operator.fleet('reboot', '-o', file)
    expect(saved.code, saved.stderr).toBe(0)
    const running = stage.operator.start('apply', file, '--json')
    await running.until('"type":"wave.finished"')
    running.child.kill('SIGKILL')
    await running.end()
    const between = await boots()
    expect(between[0]).not.toBe(before[0])
    const resumed = await stage.operator.fleet('apply', file)
    expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0)
    const after = await boots()
    expect(after[0]).toBe(between[0])
    expect(after.slice(1).map((boot, index) => boot !== before[index + 1])).toEqual([true, true])
  })
})
