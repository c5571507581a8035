import type { NixosSystem, UnitSet } from '../../../model/host/nixos-system.ts'
import { parseStorePath } from '../../../model/nix/store-path.ts'
import type { HostDetail, SystemContents } from '../../../model/host/system.ts'
import { templateOf } from '../../../model/host/unit-name.ts'

/** Files whose texts the comparison of two systems needs: those that differ, by side, the most telling first. */
export interface WantedTexts {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** Files in the store that differ between what a host runs and what it should run; `built` is the latter where it is built. */
export function wantedTexts(
  detail: HostDetail,
  before: NixosSystem,
  after: NixosSystem,
  built: SystemContents | null = null,
): WantedTexts {
  const accounts = (contents: SystemContents | null) =>
    [contents?.usersFile, contents?.firewallFile].filter((path) => path != null)
  const units = unitTexts(detail, before, after)
  const etc = etcTexts(before, after)
  const inStore = (paths: readonly string[]) =>
    [...new Set(paths)].filter((path) => parseStorePath(path) !== null && !path.includes('*'))
  return {
    before: inStore([...accounts(detail), ...units.before, ...etc.before]),
    after: inStore([...accounts(built), ...units.after, ...etc.after]),
  }
}

function etcTexts(before: NixosSystem, after: NixosSystem): WantedTexts {
  if (before.etc.how === 'unknown' || after.etc.how === 'unknown') return { before: [], after: [] }
  const entries = after.etc.value
  const differing = [...before.etc.value].flatMap(([path, from]) => {
    const to = entries.get(path)
    return to === undefined || path === 'systemd/system' || JSON.stringify(from) === JSON.stringify(to)
      ? []
      : [[from.source, to.source]]
  })
  const fstab = [before.etc.value.get('fstab')?.source ?? '', entries.get('fstab')?.source ?? '']
  const pairs = [fstab, ...differing]
  return { before: pairs.map(([source = '']) => source), after: pairs.map(([, source = '']) => source) }
}

/** Only units that run are compared; an instance's text is its template's. */
function unitTexts(detail: HostDetail, before: NixosSystem, after: NixosSystem): WantedTexts {
  if (before.units.how === 'unknown' || after.units.how === 'unknown') return { before: [], after: [] }
  const [old, planned] = [before.units.value, after.units.value]
  const running = (detail.unitStates ?? []).filter(({ active }) => ['active', 'activating'].includes(active))
  const names = new Set(running.flatMap(({ unit }) => [unit, templateOf(unit)]))
  const differing = [...names].filter((name) => filesOf(old, name).join('\n') !== filesOf(planned, name).join('\n'))
  return {
    before: differing.flatMap((name) => filesOf(old, name)),
    after: differing.flatMap((name) => filesOf(planned, name)),
  }
}

function filesOf({ files }: UnitSet, name: string): readonly string[] {
  const found = files.get(name)
  return found === undefined ? [] : [...(found.main === null ? [] : [found.main]), ...found.dropIns]
}
