import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startLab, type Lab } from '../lab/lab.ts'
import { because, noSystemd } from '../lab/systemd/on-systemd.ts'
import { happened, seenUnits } from '../lab/systemd/seen.ts'
import { lastLine, Operator } from './fleet.ts'

let lab: Lab
let operator: Operator

describe.skipIf(noSystemd)(`fleet on a host with a real systemd${because}`, { timeout: 240_000 }, () => {
  beforeAll(async () => {
    lab = await startLab({ hosts: { alpha: { services: ['nginx', 'forgejo'], init: 'systemd' } } })
  })

  beforeEach(() => {
    operator = new Operator(lab)
  })

  afterEach(() => {
    operator.close()
  })

  afterAll(async () => {
    await lab?.stop()
  })

  it('applies a plan with the engine nix, and what it predicted of services is what systemd did', async () => {
    const { file, plan } = await operator.plan()
    const planned = plan.body.hosts['alpha']
    if (planned?.action !== 'change') throw new Error('alpha was to change')
    const before = await seenUnits(lab, 'alpha')
    const answer = await operator.fleet('apply', file)
    expect(answer.stderr).toBe('')
    expect(answer.code).toBe(0)
    expect(lastLine(answer.stdout)).toBe('Apply complete: 1 changed, 0 failed, 0 not started.')
    const runs = await operator.runs('alpha')
    expect(runs).toEqual({ system: planned.to.system, profile: planned.to.system, generation: 'system-2-link' })
    const after = await seenUnits(lab, 'alpha')
    const services = [...after.keys()].filter((name) => /^(sshd|nix-daemon|nginx|forgejo|dbus|nftables)\./.test(name))
    const restarted = ['forgejo.service', 'nix-daemon.service', 'sshd.service']
    expect(happened(before, after, services)).toEqual({ restarted, started: [], stopped: [] })
    expect(planned.diff.units?.restarted.toSorted()).toEqual(restarted)
    expect((await operator.fleet('plan', '--detailed-exitcode')).code).toBe(0)
  })

  it('reboots it when a new kernel needs that', async () => {
    operator.write('', { alpha: 'reboot: when-needed' })
    await lab.set('alpha', 'kernel', '6.12.99')
    const bootId = async () => (await lab.ssh('alpha', 'cat /proc/sys/kernel/random/boot_id')).stdout
    const first = await bootId()
    const { file, plan } = await operator.plan()
    const answer = await operator.fleet('apply', file)
    expect(answer.code).toBe(0)
    const planned = plan.body.hosts['alpha']
    const booted = (await lab.ssh('alpha', 'readlink -f /run/booted-system')).stdout.trim()
    expect(booted).toBe(planned?.action === 'change' ? planned.to.system : 'no change was planned')
    expect(await bootId()).not.toBe(first)
  })

  it('takes the host back when the change stops sshd', async () => {
    const { system } = await operator.runs('alpha')
    operator.write('', { alpha: 'activation: { timeout: 30s, confirmTimeout: 5s }' })
    await lab.set('alpha', 'broken', 'sshd')
    const { file } = await operator.plan()
    const answer = await operator.fleet('apply', file)
    expect(answer.code).toBe(3)
    expect(lastLine(answer.stdout)).toBe('Apply failed: 0 changed, 1 failed (rolled back), 0 not started.')
    expect((await operator.runs('alpha')).system).toBe(system)
    expect((await lab.ssh('alpha', 'systemctl is-active sshd.service')).stdout).toBe('active\n')
  })
})
