import type { NixosSystem, UnitFiles, UnitSet } from '../../../../model/host/nixos-system.ts'
import { templateOf } from '../../../../model/host/unit-name.ts'
import { parsePackageName } from '../../../../model/nix/package-name.ts'
import { storeObject } from '../../../../model/nix/store-path.ts'

/** True for a unit that is switched off by a link to /dev/null. */
export function isMasked(files: UnitFiles | null | undefined): boolean {
  return files?.main === '/dev/null'
}

/** The file of a unit, an instance's from its template; null where the unit is none of NixOS'. Drop-ins of both count. */
export function filesOf(name: string, { files }: UnitSet): UnitFiles | null {
  const own = files.get(name)
  if (own?.main != null) return own
  const template = templateOf(name)
  const base = template === name ? undefined : files.get(template)
  return base?.main == null ? null : { main: base.main, dropIns: [...base.dropIns, ...(own?.dropIns ?? [])] }
}

/**
 * The files that a unit will have. An instance that lives by drop-ins of its own is gone with them, though its template stays
 * (nixpkgs switch-to-configuration-ng src/main.rs, `dropins_removed`).
 */
export function nextFiles(name: string, old: UnitSet, planned: UnitSet): UnitFiles | 'gone' {
  const files = filesOf(name, planned)
  if (files === null || isMasked(files)) return 'gone'
  const [before, after] = [old.files.get(name), planned.files.get(name)]
  const isInstance = templateOf(name) !== name && before?.main == null && after?.main == null
  const livedByDropIns = isInstance && (before?.dropIns.length ?? 0) > 0
  return livedByDropIns && (after?.dropIns.length ?? 0) === 0 ? 'gone' : files
}

/** True where both are the same files of the store. */
export function samePaths(one: UnitFiles, other: UnitFiles): boolean {
  return one.main === other.main && one.dropIns.join('\n') === other.dropIns.join('\n')
}

/**
 * The texts of a unit and its drop-ins; null when one is not known. A file of a package that is not built yet is taken to be
 * the old package's file with the new package's path in it: what such files hold beside paths rarely changes.
 */
export function textsOf(
  files: UnitFiles,
  system: NixosSystem,
  counterpart: { readonly files: UnitFiles; readonly system: NixosSystem } | null = null,
): readonly string[] | null {
  const found = [files.main ?? '', ...files.dropIns].map((path) => {
    const text = system.texts.get(path)
    return text ?? (counterpart === null ? null : ledText(path, counterpart.files, counterpart.system))
  })
  return found.every((text): text is string => text !== null) ? found : null
}

function ledText(path: string, files: UnitFiles, system: NixosSystem): string | null {
  const object = storeObject(path)
  for (const old of [files.main ?? '', ...files.dropIns]) {
    const [oldObject, text] = [storeObject(old), system.texts.get(old)]
    if (object === null || oldObject === null || text === undefined) continue
    const sameFile = old.slice(oldObject.length) === path.slice(object.length)
    if (sameFile && parsePackageName(oldObject).name === parsePackageName(object).name)
      return text.replaceAll(oldObject, object)
  }
  return null
}
