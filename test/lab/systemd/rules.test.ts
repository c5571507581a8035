import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HostDescription } from '../description.ts'
import { commitFlake } from '../flake.ts'
import { startLab, type Lab } from '../lab.ts'
import { buildAndCopy } from '../prediction/reality.ts'
import { because, noSystemd } from './on-systemd.ts'
import { happened, seenUnits, type Happened, type SeenUnit } from './seen.ts'
import { toyHost, toys } from './toys.ts'

type Edit = (host: HostDescription) => HostDescription

interface Switched extends Happened {
  readonly code: number | null
  readonly said: string
  readonly before: ReadonlyMap<string, SeenUnit>
  readonly after: ReadonlyMap<string, SeenUnit>
}

const watched = [...Object.keys(toys).filter((name) => !name.includes('@.')), 'inst@b.service', 'new.service']
const mounts = ['mnt-t.mount', 'mnt-u.mount', 'mnt-v.mount']

let lab: Lab

async function edit(change: Edit): Promise<void> {
  const file = join(lab.flake, 'hosts.json')
  const hosts = JSON.parse(await readFile(file, 'utf8')) as Record<string, HostDescription>
  const host = hosts['alpha']
  if (host === undefined) throw new Error('bug: the lab has no alpha')
  await writeFile(file, JSON.stringify({ ...hosts, alpha: change(host) }))
  await commitFlake(lab.layout, 'An edit of the test')
}

/** Makes the edit, switches to what comes of it, and tells what became of the units. */
async function switched(change: Edit, names: readonly string[] = watched): Promise<Switched> {
  await edit(change)
  const system = await buildAndCopy(lab, 'alpha')
  const before = await seenUnits(lab, 'alpha')
  const profile = '/nix/var/nix/profiles/system'
  const command = `nix-env -p ${profile} --set ${system} && ${system}/bin/switch-to-configuration switch`
  const answer = await lab.inside('alpha', command)
  const after = await seenUnits(lab, 'alpha')
  return { ...happened(before, after, names), code: answer.code, said: answer.stderr, before, after }
}

/** The host with one unit changed in some keys, or taken away (null). */
function withUnit(name: string, change: Readonly<Record<string, unknown>> | null): Edit {
  return (host) => {
    const { [name]: old, ...others } = host.units ?? {}
    return { ...host, units: change === null ? others : { ...others, [name]: { ...old, ...change } } }
  }
}

function withArgument(name: string, argument: string): Edit {
  return (host) => {
    const unit = host.units?.[name] ?? {}
    const service = { ...(unit['service'] as object), ExecStart: `/lab/bin/program ${argument}` }
    return withUnit(name, { service })(host)
  }
}

function all(...edits: readonly Edit[]): Edit {
  return (host) => edits.reduce((changed, each) => each(changed), host)
}

const nothing = { code: 0, restarted: [], started: [], stopped: [] }

describe.skipIf(noSystemd)(`switch-to-configuration on a real systemd${because}`, { timeout: 240_000 }, () => {
  beforeAll(async () => {
    lab = await startLab({ hosts: { alpha: toyHost }, start: 'converged' })
  })

  afterAll(async () => {
    await lab?.stop()
  })

  it('touches no unit that did not change', async () => {
    expect(await switched((host) => ({ ...host, motd: 'Another greeting' }))).toMatchObject(nothing)
  })

  it('stops and starts, restarts, reloads and leaves alone changed services as their units ask', async () => {
    const changed = ['args.service', 'nostop.service', 'reloader.service', 'norestart.service']
    const done = await switched(all(...changed.map((name) => withArgument(name, 'changed 2'))))
    expect(done).toMatchObject({ ...nothing, restarted: ['args.service', 'nostop.service'] })
    expect(done.said).toContain('stopping the following units: args.service\n')
    expect(done.said).toContain('NOT restarting the following changed units: norestart.service\n')
    expect(done.said).toContain('reloading the following units: reloader.service\n')
    expect(done.said).toContain('restarting the following units: nostop.service\n')
    expect(done.said).toContain('starting the following units: args.service\n')
  })

  it('restarts what requires, is bound to and is part of a service that restarts', async () => {
    const done = await switched(withArgument('toy.service', 'toy 2'))
    expect(done).toMatchObject({
      ...nothing,
      restarted: ['bound.service', 'needs.service', 'part.service', 'toy.service'],
    })
  })

  it('stops services that are gone, unless they ask to be kept, and starts new ones', async () => {
    const done = await switched(
      all(
        withUnit('gone.service', null),
        withUnit('keep.service', null),
        withUnit('new.service', {
          description: 'New',
          wantedBy: ['multi-user.target'],
          service: { ExecStart: '/lab/bin/program new 1' },
        }),
      ),
    )
    expect(done).toMatchObject({ ...nothing, stopped: ['gone.service'], started: ['new.service'] })
  })

  it('restarts a service whose trigger changed', async () => {
    const done = await switched((host) => ({ ...host, etc: { 'trig.conf': 'second\n' } }))
    expect(done).toMatchObject({ ...nothing, restarted: ['trig.service'] })
  })

  it('stops an instance that loses its drop-in though its template stays, and starts a new one', async () => {
    const done = await switched(
      all(
        withUnit('inst@a.service', null),
        withUnit('inst@b.service', {
          description: 'Another',
          overrideStrategy: 'asDropin',
          wantedBy: ['multi-user.target'],
        }),
      ),
    )
    expect(done).toMatchObject({ ...nothing, stopped: ['inst@a.service'], started: ['inst@b.service'] })
  })

  it('stops a unit that is masked and starts it when it is not any more', async () => {
    const masked = await switched(withUnit('mask.service', { enable: false }))
    expect(masked).toMatchObject({ ...nothing, stopped: ['mask.service'] })
    const unmasked = await switched(withUnit('mask.service', { enable: true }))
    expect(unmasked).toMatchObject({ ...nothing, started: ['mask.service'] })
  })

  it('stops a changed service with its socket and starts the socket alone', async () => {
    expect((await lab.inside('alpha', 'systemctl start sock.service')).code).toBe(0)
    const done = await switched(withArgument('sock.service', 'sock 2'))
    expect(done).toMatchObject({ ...nothing, restarted: ['sock.socket'], stopped: ['sock.service'] })
  })

  it('restarts a changed timer', async () => {
    const done = await switched(withUnit('tick.timer', { timer: { OnCalendar: 'monthly' } }))
    expect(done).toMatchObject({ ...nothing, restarted: ['tick.timer'] })
  })

  it('starts again what targets want and somebody stopped', async () => {
    expect((await lab.inside('alpha', 'systemctl stop by-hand.service')).code).toBe(0)
    const done = await switched((host) => ({ ...host, motd: 'A third greeting' }))
    expect(done).toMatchObject({ ...nothing, started: ['by-hand.service'] })
    expect(done.said).toContain('the following new units were started: by-hand.service\n')
  })

  it('stops and starts a target that asks for it, without naming it', async () => {
    await switched(withUnit('again.target', { unit: { 'X-StopOnReconfiguration': 'true' } }))
    const done = await switched((host) => ({ ...host, motd: 'A fourth greeting' }))
    expect(done).toMatchObject({ ...nothing, restarted: ['again.target'] })
    expect(done.said).not.toContain('again.target')
    await switched(withUnit('again.target', { unit: {} }))
  })

  it('mounts what is new in fstab, remounts what has another device, reloads options and unmounts what is gone', async () => {
    const line = (device: string, place: string, options: string) => [device, place, 'tmpfs', options, '0', '0']
    const options = await switched(
      (host) => ({
        ...host,
        fstab: [line('lab-t', '/mnt/t', 'size=2m'), line('other', '/mnt/u', 'size=1m'), line('lab-v', '/mnt/v', 'ro')],
      }),
      mounts,
    )
    expect(options).toMatchObject({ ...nothing, restarted: ['mnt-u.mount'], started: ['mnt-v.mount'] })
    expect(options.said).toContain('reloading the following units: mnt-t.mount\n')
    const gone = await switched((host) => ({ ...host, fstab: [line('other', '/mnt/u', 'size=1m')] }), mounts)
    expect(gone).toMatchObject({ ...nothing, stopped: ['mnt-t.mount', 'mnt-v.mount'] })
  })

  it('restarts systemd when its settings change, and no unit with it', async () => {
    const done = await switched((host) => ({ ...host, systemConf: 'DefaultTimeoutStopSec=9s\n' }))
    expect(done).toMatchObject(nothing)
    expect(done.said).toContain('restarting systemd...\n')
  })

  it('restarts changed units of a user who lingers', async () => {
    const before = await seenUnits(lab, 'alpha', 1001)
    const done = await switched((host) => ({
      ...host,
      userUnits: { 'uu.service': { ...host.userUnits?.['uu.service'], service: { ExecStart: '/usr/bin/sleep 1d' } } },
    }))
    expect(done).toMatchObject(nothing)
    expect(happened(before, await seenUnits(lab, 'alpha', 1001), ['uu.service']).restarted).toEqual(['uu.service'])
    expect(done.said).toContain('reloading user units for sma...\n')
  })

  it('names every unit that is failed at the end, also one that the change did not touch, with exit 4', async () => {
    const fails = {
      description: 'Fails',
      wantedBy: ['multi-user.target'],
      service: { Type: 'oneshot', ExecStart: '/usr/bin/false' },
    }
    const first = await switched(withUnit('fails.service', fails))
    expect(first.code).toBe(4)
    const second = await switched((host) => ({ ...host, motd: 'A fifth greeting' }))
    expect(second.code).toBe(4)
    expect(second.said).toContain('warning: the following units failed: fails.service\n')
    expect(await switched(withUnit('fails.service', null))).toMatchObject({ code: 0 })
  })

  it('refuses a system with an inhibitor of another value, and none with one that is only new', async () => {
    const added = await switched((host) => ({ ...host, inhibitors: { 'dbus-implementation': 'broker', thing: 'one' } }))
    expect(added).toMatchObject(nothing)
    const changed = await switched((host) => ({
      ...host,
      inhibitors: { 'dbus-implementation': 'broker', thing: 'two' },
    }))
    expect(changed).toMatchObject({ ...nothing, code: 1 })
    expect(changed.said).toContain('  - thing: one -> two\n')
    expect(changed.said).toMatch(/Pre-switch checks failed\n$/)
    const removed = await switched((host) => ({ ...host, inhibitors: { 'dbus-implementation': 'broker' } }))
    expect(removed).toMatchObject(nothing)
  })
})
