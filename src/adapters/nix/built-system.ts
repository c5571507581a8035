import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { EtcMode, Link, SystemContents } from '../../model/host/system.ts'

/** What a toplevel in the local store consists of, read as a host reads its own; null where it is not there. */
export async function readBuiltSystem(toplevel: string): Promise<SystemContents | null> {
  const at = (...steps: readonly string[]) => join(toplevel, ...steps)
  const place = await leadsTo(toplevel)
  if (place === null) return null
  const [etc, units] = await Promise.all([leadsTo(at('etc')), leadsTo(at('etc/systemd/system'))])
  const [tree, unitTree, kernel, initrd, kernelModules, systemd, softwarePath] = await Promise.all([
    etc === null ? Promise.resolve(null) : treeOf(etc),
    units === null ? Promise.resolve(null) : treeOf(units),
    ...['kernel', 'initrd', 'kernel-modules', 'systemd', 'sw'].map((name) => leadsTo(at(name))),
  ] as const)
  const [params, inhibitors, ...scripts] = await Promise.all(
    ['kernel-params', 'switch-inhibitors', 'activate', ...firewallUnits].map((name) => textOf(at(name))),
  )
  const named = scripts.flatMap((text) => [...(text ?? '').matchAll(namedFiles)].map(([path]) => path))
  return {
    etc: tree?.links ?? null,
    etcModes: tree === null || etc === null ? new Map() : await modesIn(etc, tree.files),
    unitLinks: unitTree?.links ?? null,
    links: {
      kernel: kernel ?? null,
      initrd: initrd ?? null,
      kernelModules: kernelModules ?? null,
      kernelParams: params?.split(/\s+/).filter((word) => word !== '') ?? null,
    },
    systemd: systemd ?? null,
    softwarePath: softwarePath ?? null,
    inhibitors: inhibitors ?? null,
    usersFile: named.find((path) => path.endsWith('.json')) ?? null,
    firewallFile: named.find((path) => !path.endsWith('.json')) ?? null,
  }
}

const firewallUnits = ['etc/systemd/system/firewall.service', 'etc/systemd/system/nftables.service']
const namedFiles = /\/[^\s"=@]*-(?:users-groups\.json|firewall-start(?:\/bin\/firewall-start)?|nftables-rules)/g

interface Tree {
  readonly links: readonly Link[]
  /** Names of plain files. */
  readonly files: readonly string[]
}

async function treeOf(directory: string, prefix = ''): Promise<Tree> {
  const entries = await readdir(join(directory, prefix), { withFileTypes: true })
  const parts = await Promise.all(
    entries.map(async (entry): Promise<Tree> => {
      const name = prefix + entry.name
      if (entry.isSymbolicLink()) return { links: [{ name, target: await readlink(join(directory, name)) }], files: [] }
      return entry.isDirectory() ? treeOf(directory, `${name}/`) : { links: [], files: [name] }
    }),
  )
  return { links: parts.flatMap(({ links }) => links), files: parts.flatMap(({ files }) => files) }
}

/** An entry that is no plain link has small files beside it (nixpkgs nixos/modules/system/etc/etc.nix). */
async function modesIn(etc: string, files: readonly string[]): Promise<SystemContents['etcModes']> {
  const names = files.flatMap((name) => (name.endsWith('.mode') ? [name.slice(0, -'.mode'.length)] : []))
  const word = async (name: string) => ((await textOf(join(etc, name))) ?? '').trim()
  const modes = await Promise.all(
    names.map(async (name): Promise<[string, EtcMode]> => {
      const [mode, user, group] = await Promise.all([word(`${name}.mode`), word(`${name}.uid`), word(`${name}.gid`)])
      return [name, { mode, user, group }]
    }),
  )
  return new Map(modes)
}

function leadsTo(path: string): Promise<string | null> {
  return realpath(path).catch(nothingWhenGone)
}

function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(nothingWhenGone)
}

function nothingWhenGone(error: NodeJS.ErrnoException): null {
  if (['ENOENT', 'ENOTDIR'].includes(error.code ?? '')) return null
  throw error
}
