import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAccounts } from '../../../src/model/host/accounts.ts'
import { type EtcEntry } from '../../../src/model/host/nixos-system.ts'
import { buildSystem, copySystem } from '../by-hand.ts'
import type { Lab } from '../lab.ts'
import { run } from '../run.ts'

/** What a switch said it does with units, each list in order. */
export interface SwitchActions {
  readonly stop: readonly string[]
  readonly skip: readonly string[]
  readonly reload: readonly string[]
  readonly restart: readonly string[]
  readonly start: readonly string[]
  /** Units that the targets brought. */
  readonly brought: readonly string[]
}

/** A system as it was built, read by other means than fleet's. */
export interface BuiltSystem {
  readonly toplevel: string
  readonly requisites: readonly string[]
  readonly etc: ReadonlyMap<string, EtcEntry>
  readonly links: Readonly<Record<'kernel' | 'initrd' | 'kernel-modules' | 'systemd', string>>
  readonly kernelParams: string
  readonly inhibitors: unknown
  readonly accounts: ReturnType<typeof parseAccounts>
  readonly firewall: string
}

/** Reads a built system's directory. */
export async function readBuilt(toplevel: string): Promise<BuiltSystem> {
  const link = (name: string) => readlink(join(toplevel, name))
  const activate = await readFile(join(toplevel, 'activate'), 'utf8')
  const named = (name: string) => new RegExp(`/nix/store/\\w{32}-${name}`).exec(activate)?.[0] ?? ''
  const [kernel, initrd, modules, systemd] = await Promise.all(
    ['kernel', 'initrd', 'kernel-modules', 'systemd'].map(link),
  )
  return {
    toplevel,
    requisites: (await run('nix-store', ['-q', '--requisites', toplevel])).trim().split('\n'),
    etc: await readEtc(join(toplevel, 'etc')),
    links: { kernel: kernel ?? '', initrd: initrd ?? '', 'kernel-modules': modules ?? '', systemd: systemd ?? '' },
    kernelParams: await readFile(join(toplevel, 'kernel-params'), 'utf8'),
    inhibitors: JSON.parse(await readFile(join(toplevel, 'switch-inhibitors'), 'utf8')) as unknown,
    accounts: parseAccounts(await readFile(named('users-groups.json'), 'utf8')),
    firewall: await readFile(named('firewall-start'), 'utf8'),
  }
}

async function readEtc(directory: string, below = ''): Promise<ReadonlyMap<string, EtcEntry>> {
  const entries = new Map<string, EtcEntry>()
  for (const entry of await readdir(join(directory, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) for (const [inner, found] of await readEtc(directory, path)) entries.set(inner, found)
    if (!entry.isSymbolicLink()) continue
    const beside = async (kind: string, otherwise: string) =>
      (await readFile(join(directory, `${path}.${kind}`), 'utf8').catch(() => otherwise)).trim()
    entries.set(path, {
      source: await readlink(join(directory, path)),
      mode: await beside('mode', 'symlink'),
      user: await beside('uid', '+0'),
      group: await beside('gid', '+0'),
    })
  }
  return entries
}

/** Builds what the flake wants on a host and copies it there. */
export async function buildAndCopy(lab: Lab, host: string): Promise<string> {
  const system = await buildSystem(lab, host)
  const copied = await copySystem(lab, host, system)
  if (copied.code !== 0) throw new Error(copied.stderr)
  return system
}

/** Asks the system's own program what it would do, then does it; inhibitors are overruled. */
export async function switchAndListen(lab: Lab, host: string, system: string): Promise<SwitchActions> {
  const command = (action: string) => `sudo -n env NIXOS_NO_CHECK=1 ${system}/bin/switch-to-configuration ${action}`
  const dry = await lab.ssh(host, command('dry-activate'))
  if (dry.code !== 0) throw new Error(`dry-activate on ${host}: ${dry.stderr}`)
  const set = await lab.ssh(
    host,
    `sudo -n nix-env -p /nix/var/nix/profiles/system --set ${system} && ${command('switch')}`,
  )
  if (set.code !== 0) throw new Error(`switch on ${host}: ${set.stderr}`)
  const list = (text: string, words: string) =>
    (new RegExp(`^${words}: (.*)$`, 'm').exec(text)?.[1] ?? '')
      .split(', ')
      .filter((unit) => unit !== '')
      .toSorted()
  return {
    stop: list(dry.stderr, 'would stop the following units'),
    skip: list(dry.stderr, 'would NOT stop the following changed units'),
    reload: list(dry.stderr, 'would reload the following units'),
    restart: list(dry.stderr, 'would restart the following units'),
    start: list(dry.stderr, 'would start the following units'),
    brought: list(set.stderr, 'the following new units were started'),
  }
}
