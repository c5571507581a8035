import type { NixosSystem, UnitSet } from '../../../model/host/nixos-system.ts'
import { parseStorePath } from '../../../model/nix/store-path.ts'
import type { HostDetail, SystemContents } from '../../../model/host/system.ts'
import { filesOf } from '../diff/units/unit-files.ts'

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
  const users = userUnitTexts(before, after)
  const etc = etcTexts(before, after)
  const inStore = (paths: readonly string[]) =>
    [...new Set(paths)].filter((path) => parseStorePath(path) !== null && !path.includes('*'))
  return {
    before: inStore([...accounts(detail), ...units.before, ...users.before, ...etc.before]),
    after: inStore([...accounts(built), ...units.after, ...users.after, ...etc.after]),
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
  const differing = running
    .map(({ unit }) => ({ from: pathsOf(unit, old), to: pathsOf(unit, planned) }))
    .filter(({ from, to }) => from.join('\n') !== to.join('\n'))
  return { before: differing.flatMap(({ from }) => from), after: differing.flatMap(({ to }) => to) }
}

function userUnitTexts(before: NixosSystem, after: NixosSystem): WantedTexts {
  if (before.userUnits.how === 'unknown' || after.userUnits.how === 'unknown') return { before: [], after: [] }
  const [old, planned] = [before.userUnits.value, after.userUnits.value]
  const differing = [...old.files.keys()]
    .map((name) => ({ from: pathsOf(name, old), to: pathsOf(name, planned) }))
    .filter(({ from, to }) => from.join('\n') !== to.join('\n'))
  return { before: differing.flatMap(({ from }) => from), after: differing.flatMap(({ to }) => to) }
}

function pathsOf(name: string, set: UnitSet): readonly string[] {
  const files = filesOf(name, set)
  return files === null ? [] : [files.main ?? '', ...files.dropIns]
}
