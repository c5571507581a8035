import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isFailure } from '../../../src/model/run/event.ts'
import { isEnding } from '../../rig/properties/ending.ts'
import { eventsOf, lastLine, type Operator } from '../fleet.ts'
import { fourHosts, hosts, quick, rollout, settings } from './four-hosts.ts'

const stage = fourHosts()

it('makes a saved plan true, wave by wave, and then there is nothing left to do', async () => {
  const { file, plan } = await stage.operator.plan()
  const canary = await stage.operator.fleet('apply', file, '--wave', 'canary')
  expect(canary.code).toBe(0)
  expect(lastLine(canary.stdout)).toBe('Apply complete: 1 changed, 0 failed, 0 not started.')
  const rest = await stage.operator.fleet('apply', file)
  expect(rest.code).toBe(0)
  expect(lastLine(rest.stdout)).toBe('Apply complete: 3 changed, 0 failed, 0 not started.')
  for (const host of hosts) {
    const planned = plan.body.hosts[host]
    const { stdout } = await stage.lab.ssh(host, 'readlink -f /run/current-system /nix/var/nix/profiles/system')
    const path = planned?.action === 'change' ? planned.to.system : 'no change was planned'
    expect(stdout.trim().split('\n')).toEqual([path, path])
  }
  expect((await stage.operator.fleet('plan', '--detailed-exitcode')).code).toBe(0)
  const again = await stage.operator.fleet('apply', file)
  expect(again.code).toBe(0)
  expect(lastLine(again.stdout)).toBe('No changes. Every reachable host runs its planned system.')
  await stage.lab.set('beta', 'motd', 'one line')
  const change = await stage.operator.plan('later.json', '--detailed-exitcode')
  expect(change.answer.code).toBe(2)
  const beta = change.plan.body.hosts['beta']
  // The kernel of the rollout above has not been booted: this change is not what asks for it.
  expect(beta?.action === 'change' ? beta.diff.reboot.because : []).toEqual([
    'kernel 6.12.41 → 6.12.58 (pending already)',
  ])
})

it('goes on without a host that is off when it may be skipped', async () => {
  stage.operator.write(rollout, { ...settings, alpha: `onUnreachable: skip, ${quick}` })
  await stage.lab.break('alpha', 'unreachable')
  const answer = await stage.operator.fleet('apply', '--auto-approve')
  expect(answer.code).toBe(0)
  expect(lastLine(answer.stdout)).toBe('Apply complete: 3 changed, 0 failed, 1 skipped (unreachable), 0 not started.')
})

it('does not touch a host that moved since the plan', async () => {
  const { file } = await stage.operator.plan()
  const older = (await stage.lab.inside('alpha', 'readlink -f /nix/var/nix/profiles/system-1-link')).stdout.trim()
  await stage.lab.inside(
    'alpha',
    `nix-env -p /nix/var/nix/profiles/system --set ${older} && ${older}/bin/switch-to-configuration switch`,
  )
  const answer = await stage.operator.fleet('apply', file)
  expect(answer.code).toBe(5)
  expect(lastLine(answer.stdout)).toMatch(/^Apply refused: .*changed since the plan/)
  expect((await stage.operator.runs('alpha')).system).toBe(older)
})

it('refuses a wave before the ones that come first, having asked the hosts', async () => {
  const { file } = await stage.operator.plan()
  const answer = await stage.operator.fleet('apply', file, '--wave', 'rest')
  expect(answer.code).toBe(5)
  expect(answer.stderr).toContain('alpha of that wave does not run its planned system yet')
})

it('streams events that fit their schema, and keeps the same lines in the journal', async () => {
  await stage.lab.break('gamma', 'activation-fails')
  const { file } = await stage.operator.plan()
  const answer = await stage.operator.fleet('apply', file, '--json')
  expect(answer.code).toBe(3)
  const events = eventsOf(answer.stdout)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index))
  expect(events[0]?.type).toBe('run.started')
  const last = events.at(-1)
  expect(last).toMatchObject({ type: 'run.finished', outcome: 'failed', exitCode: 3 })
  if (last?.type === 'run.finished') expect(last.changedHosts.toSorted()).toEqual(['alpha', 'beta'])
  const started = events.flatMap((event) => (event.type === 'host.started' ? [event.host] : []))
  expect(started.toSorted()).toEqual(['alpha', 'beta', 'gamma'])
  const endings = events.filter(isEnding)
  expect(endings.map(({ host }) => host).toSorted()).toEqual(hosts.toSorted())
  expect(endings.filter(isFailure).map(({ host }) => host)).toEqual(['gamma'])
  expect(readFileSync(journals(stage.operator)[0] ?? '', 'utf8')).toBe(answer.stdout)
})

it('lets two runs at once change no host twice', async () => {
  const { file } = await stage.operator.plan()
  const before = await stage.operator.runs('alpha')
  const answers = await Promise.all([
    stage.operator.fleet('apply', file, '--wave', 'canary'),
    stage.operator.fleet('apply', file, '--wave', 'canary'),
  ])
  const generation = (text: string) => Number(/system-(\d+)-link/.exec(text)?.[1])
  expect(generation((await stage.operator.runs('alpha')).generation)).toBe(generation(before.generation) + 1)
  expect(answers.map(({ code }) => code)).toContain(0)
})

it('refuses a run that a hook of before.run refuses, before any host is touched', async () => {
  const hook = "hooks:\n  - { on: [before.run], run: [sh, -c, 'cat >/dev/null; echo change freeze; exit 1'] }\n"
  stage.operator.write(rollout + hook, settings)
  const before = await Promise.all(hosts.map((host) => stage.operator.runs(host)))
  const answer = await stage.operator.fleet('apply', '--auto-approve', '--json')
  expect(answer.code, answer.stderr).toBe(5)
  const events = eventsOf(answer.stdout)
  expect(events.at(0)?.type).toBe('run.started')
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', outcome: 'refused', exitCode: 5, changedHosts: [] })
  expect(events.at(-1)?.message).toContain('change freeze')
  expect(await Promise.all(hosts.map((host) => stage.operator.runs(host)))).toEqual(before)
})

function journals({ directory }: Operator): readonly string[] {
  const runs = join(directory, '.fleet/runs')
  return readdirSync(runs).map((run) => join(runs, run, 'journal.jsonl'))
}
