import { statfs, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { compareVersions } from '../../model/nix/package-version.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import type { Finding } from '../../model/host/doctor-schema.ts'
import { finding, problem } from '../../model/host/finding.ts'
import { maskCredentials } from '../../model/text/secret.ts'
import { cleanLine } from '../../model/text/text.ts'
import { nix } from '../nix/command.ts'
import { run } from '../process.ts'
import { nixSettings } from './nix-settings.ts'

/** Milliseconds that a cache may take to answer. */
const cacheTime = 10_000
/** Bytes that builds and copies should find free here. */
const room = 2 * 1024 ** 3
const oldestNix = '2.8'
const host = null

/** What can be told of this machine without asking a host: its programs, its keys, its room, its caches. `platforms`: what the hosts are. */
export async function thisMachine(
  fleet: Pick<Fleet, 'hosts' | 'directory'>,
  platforms: readonly string[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const nixFinding = await nixOf(signal)
  const settings = nixFinding.state === 'problem' ? null : await nixSettings(signal)
  const caches = await Promise.all((settings?.substituters ?? []).map((url) => cacheOf(url, signal)))
  return [
    nixFinding,
    ...(settings === null ? [] : [featuresOf(settings.features), ...buildersOf(settings.platforms, platforms)]),
    await sshOf(signal),
    await diskOf(),
    ...(await keysOf(fleet)),
    ...caches,
  ]
}

async function nixOf(signal: AbortSignal): Promise<Finding> {
  const ended = await run({ program: 'nix', args: ['--version'], timeoutMs: 10_000 }, signal)
  const about = 'nix'
  const version = / (\d[\d.]*)$/.exec(ended.stdout.trim())?.[1]
  if (ended.how !== 'exited' || version === undefined)
    return problem({
      host,
      about,
      stops: true,
      says: '`nix --version` does not answer',
      next: 'Install Nix (https://nixos.org/download), or put it on PATH.',
    })
  const says = cleanLine(ended.stdout.trim())
  return compareVersions(version, oldestNix) < 0
    ? problem({ host, about, stops: true, says, next: `fleet takes Nix ${oldestNix} or newer: update Nix.` })
    : finding({ host, about, says })
}

function featuresOf(features: readonly string[]): Finding {
  const says = features.includes('flakes')
    ? 'flakes are switched on'
    : 'flakes are not switched on in nix.conf; fleet switches them on for what it runs'
  return finding({ host, about: 'features', says })
}

function buildersOf(own: readonly string[], wanted: readonly string[]): readonly Finding[] {
  return [...new Set(wanted)].toSorted().map((platform) =>
    own.includes(platform)
      ? finding({ host, about: 'builders', says: `${platform} can be built` })
      : problem({
          host,
          about: 'builders',
          // What a cache has need not be built.
          stops: false,
          says: `nothing here builds for ${platform}`,
          next: `Name a builder in nix.conf (builders = ssh://HOST ${platform}), emulate it (boot.binfmt.emulatedSystems), or set buildOn: target.`,
        }),
  )
}

async function sshOf(signal: AbortSignal): Promise<Finding> {
  const ended = await run({ program: 'ssh', args: ['-V'], timeoutMs: 10_000 }, signal)
  if (ended.how === 'exited' && ended.code === 0)
    return finding({ host, about: 'ssh', says: cleanLine((ended.stderr || ended.stdout).split(',')[0] ?? '') })
  return problem({
    host,
    about: 'ssh',
    stops: true,
    says: '`ssh -V` does not answer',
    next: 'Install OpenSSH, or put it on PATH.',
  })
}

async function diskOf(): Promise<Finding> {
  const about = 'disk'
  const store = process.env['NIX_STORE_DIR'] ?? '/nix/store'
  const found = await statfs(store).catch(() => null)
  if (found === null) return finding({ host, about, state: 'unknown', says: `${store} could not be looked at` })
  const free = found.bavail * found.bsize
  const says = `${(free / 1024 ** 3).toFixed(1)} GiB free on ${store}`
  return free >= room
    ? finding({ host, about, says })
    : problem({ host, about, stops: false, says, next: 'nix-collect-garbage --delete-older-than 30d' })
}

/** Keys that fleet.yaml names: ssh refuses one that others may read. */
async function keysOf({ hosts, directory }: Pick<Fleet, 'hosts' | 'directory'>): Promise<readonly Finding[]> {
  const named = hosts.flatMap(({ enabled, settings: { ssh } }) =>
    enabled && ssh.identityFile !== null ? [ssh.identityFile] : [],
  )
  return Promise.all([...new Set(named)].map((file) => keyOf(file, directory)))
}

async function keyOf(file: string, directory: string): Promise<Finding> {
  const path = file.startsWith('~/')
    ? join(homedir(), file.slice(2))
    : isAbsolute(file)
      ? file
      : resolve(directory, file)
  const about = { host, about: 'key', stops: true } as const
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error)
    return problem({
      ...about,
      says: `${path} cannot be read (${found.code ?? found.message})`,
      next: 'Correct ssh.identityFile, or put the key there.',
    })
  // The public half stands for a key that ssh-agent holds.
  const isOpen = !path.endsWith('.pub') && (found.mode & 0o077) !== 0
  if (isOpen)
    return problem({ ...about, says: `others may read ${path}, so ssh refuses it`, next: `chmod 600 ${path}` })
  return finding({ host, about: 'key', says: `${path} is there, for its owner alone` })
}

/** Whether a cache answers is no reason not to apply: what it has can be built. `nix store ping` is `nix store info` since 2.19, and answers to both. */
async function cacheOf(url: string, signal: AbortSignal): Promise<Finding> {
  const ended = await nix(['store', 'ping', '--store', url], signal, { timeoutMs: cacheTime })
  const says = maskCredentials(url)
  if (ended.how === 'exited' && ended.code === 0) return finding({ host, about: 'cache', says: `${says} answers` })
  return problem({
    host,
    about: 'cache',
    stops: false,
    says: `${says} does not answer`,
    next: 'Look at the network, or take it out of substituters in nix.conf; everything would be built meanwhile.',
  })
}
