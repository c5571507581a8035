import { join } from 'node:path'
import type { EtcMode, SystemContents } from '../../model/host/system.ts'
import type { StoreFiles } from '../files/store-files.ts'

/** What a toplevel in the local store consists of, read as a host reads its own; null where it is not there. */
export async function readBuiltSystem(toplevel: string, files: StoreFiles): Promise<SystemContents | null> {
  const leadsTo = (path: string) => files.place(path)
  const treeOf = (path: string) => files.tree(path)
  const textOf = (path: string) => files.text(path, largestText)
  const at = (...steps: readonly string[]) => join(toplevel, ...steps)
  const place = await leadsTo(toplevel)
  if (place === null) return null
  const [etc, units, userUnits, children] = await Promise.all(
    ['etc', 'etc/systemd/system', 'etc/systemd/user', 'specialisation'].map((name) => leadsTo(at(name))),
  )
  const [tree, unitTree, userUnitTree, kernel, initrd, kernelModules, systemd, softwarePath] = await Promise.all([
    etc == null ? Promise.resolve(null) : treeOf(etc),
    units == null ? Promise.resolve(null) : treeOf(units),
    userUnits == null ? Promise.resolve(null) : treeOf(userUnits),
    ...['kernel', 'initrd', 'kernel-modules', 'systemd', 'sw'].map((name) => leadsTo(at(name))),
  ] as const)
  const specialisations = children == null ? null : await treeOf(children)
  const [params, inhibitors, ...scripts] = await Promise.all(
    ['kernel-params', 'switch-inhibitors', 'activate', ...firewallUnits].map((name) => textOf(at(name))),
  )
  const named = scripts.flatMap((text) => [...(text ?? '').matchAll(namedFiles)].map(([path]) => path))
  return {
    etc: tree?.links ?? null,
    etcModes: tree === null || etc == null ? new Map() : await modesIn(tree.files, (name) => textOf(join(etc, name))),
    unitLinks: unitTree?.links ?? null,
    userUnitLinks: userUnitTree?.links ?? null,
    links: {
      kernel: kernel ?? null,
      initrd: initrd ?? null,
      kernelModules: kernelModules ?? null,
      kernelParams: params?.split(/\s+/).filter((word) => word !== '') ?? null,
    },
    systemd: systemd ?? null,
    softwarePath: softwarePath ?? null,
    inhibitors: inhibitors ?? null,
    specialisations: (specialisations?.links ?? []).map(({ name }) => name),
    usersFile: named.find((path) => path.endsWith('.json')) ?? null,
    firewallFile: named.find((path) => !path.endsWith('.json')) ?? null,
  }
}

/** Bytes of one file that is read: activation scripts are the largest, with some hundred kilobytes. */
const largestText = 4 * 1024 * 1024
const firewallUnits = ['etc/systemd/system/firewall.service', 'etc/systemd/system/nftables.service']
const namedFiles =
  /(?<![^\s"=@])\/[^\s"=@]{1,300}-(?:users-groups\.json|firewall-start(?:\/bin\/firewall-start)?|nftables-rules)/g

/** An entry that is no plain link has small files beside it (nixpkgs nixos/modules/system/etc/etc.nix). */
async function modesIn(
  files: readonly string[],
  textOf: (name: string) => Promise<string | null>,
): Promise<SystemContents['etcModes']> {
  const names = files.flatMap((name) => (name.endsWith('.mode') ? [name.slice(0, -'.mode'.length)] : []))
  const word = async (name: string) => ((await textOf(name)) ?? '').trim()
  const modes = await Promise.all(
    names.map(async (name): Promise<[string, EtcMode]> => {
      const [mode, user, group] = await Promise.all([word(`${name}.mode`), word(`${name}.uid`), word(`${name}.gid`)])
      return [name, { mode, user, group }]
    }),
  )
  return new Map(modes)
}
