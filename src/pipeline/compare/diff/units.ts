import type { NixosSystem, UnitFiles, UnitSet } from '../../../model/host/nixos-system.ts'
import { parsePackageName } from '../../../model/nix/package-name.ts'
import type { UnitChanges } from '../../../model/plan/plan-schema.ts'
import { storeObject } from '../../../model/nix/store-path.ts'
import type { UnitState } from '../../../model/host/system.ts'
import { parseUnit } from '../../../model/host/unit-file.ts'
import { differInPathsOnly } from './masked.ts'
import { mountActions } from './mounts.ts'
import { decide, noActions, type UnitActions, type UnitRules, type UnitWorld } from './unit-actions.ts'
import { templateOf } from '../../../model/host/unit-name.ts'

/** What activation does to units; null when one side's units, or which of them run, are not known. */
export function compareUnitSets(
  before: NixosSystem,
  after: NixosSystem,
  states: readonly UnitState[] | null,
  rules: UnitRules = 'texts',
): UnitChanges | null {
  if (before.units.how === 'unknown' || after.units.how === 'unknown' || states === null) return null
  const [old, planned] = [before.units.value, after.units.value]
  const active = new Set(states.filter(({ active }) => active !== 'inactive').map(({ unit }) => unit))
  const running = states.filter((state) => ['active', 'activating'].includes(state.active)).map(({ unit }) => unit)
  const world: UnitWorld = {
    isActive: (unit) => active.has(unit),
    isInNewSystem: (unit) => planned.files.get(unit)?.main != null && !isMasked(planned.files.get(unit)),
  }
  const actions = noActions()
  const pathsOnly = new Set<string>()
  for (const name of running.toSorted()) {
    const files = filesOf(name, old)
    if (files === null) continue
    const next = nextFiles(name, planned)
    const texts = {
      before: textsOf(files, before),
      after: next === 'gone' ? null : textsOf(next, after, { files, system: before }),
    }
    if (next !== 'gone' && samePaths(files, next)) continue
    if (
      texts.before !== null &&
      texts.after !== null &&
      differInPathsOnly(texts.before.join('\n'), texts.after.join('\n'))
    )
      pathsOnly.add(name)
    const parsed = texts.after === null ? null : parseUnit(texts.after)
    decide(
      {
        name,
        before: texts.before === null ? null : parseUnit(texts.before),
        after: next === 'gone' ? 'gone' : parsed,
      },
      world,
      actions,
      rules,
    )
  }
  mountActions(before, after, actions)
  const changes = changesOf(actions, pathsOnly, newlyWanted(old, planned, new Set(running), world))
  const opaque = [...new Set(planned.opaque.map((path) => parsePackageName(path).name))].toSorted()
  return opaque.length === 0 ? changes : { ...changes, opaque }
}

function changesOf(actions: UnitActions, pathsOnly: ReadonlySet<string>, wanted: readonly string[]): UnitChanges {
  const { stop, start, restart, reload, skip, unclear } = actions
  const inOrder = (units: Iterable<string>) => [...new Set(units)].toSorted()
  const both = [...stop].filter((unit) => start.has(unit))
  const shown = new Set([...stop, ...start, ...restart, ...reload, ...skip])
  return {
    restarted: inOrder([...restart, ...both]),
    stopped: inOrder([...stop].filter((unit) => !start.has(unit))),
    started: inOrder([...[...start].filter((unit) => !stop.has(unit)), ...wanted]),
    reloaded: inOrder(reload),
    notStopped: inOrder(skip),
    pathsOnly: inOrder([...pathsOnly].filter((unit) => shown.has(unit))),
    ...(unclear.size > 0 ? { unclear: inOrder(unclear) } : {}),
  }
}

/** Units that a running target begins to want, and that do not run: starting the target again brings them. */
function newlyWanted(
  old: UnitSet,
  planned: UnitSet,
  running: ReadonlySet<string>,
  world: UnitWorld,
): readonly string[] {
  const found = new Set<string>()
  for (const [target, wants] of planned.wants) {
    if (!running.has(target) || !world.isInNewSystem(target)) continue
    const before = new Set(old.wants.get(target))
    for (const unit of wants) {
      const isNew = !before.has(unit) || filesOf(unit, old) === null
      if (isNew && !running.has(unit) && !unit.endsWith('.target') && (world.isInNewSystem(unit) || unit.includes('@')))
        found.add(unit)
    }
  }
  return [...found]
}

function isMasked(files: UnitFiles | undefined): boolean {
  return files?.main === '/dev/null'
}

/** The file of a unit, an instance's from its template; null where the unit is none of NixOS'. Drop-ins of both count. */
function filesOf(name: string, { files }: UnitSet): UnitFiles | null {
  const own = files.get(name)
  if (own?.main != null) return own
  const template = templateOf(name)
  const base = template === name ? undefined : files.get(template)
  return base?.main == null ? null : { main: base.main, dropIns: [...base.dropIns, ...(own?.dropIns ?? [])] }
}

function nextFiles(name: string, units: UnitSet): UnitFiles | 'gone' {
  const files = filesOf(name, units)
  return files === null || isMasked(files) ? 'gone' : files
}

function samePaths(one: UnitFiles, other: UnitFiles): boolean {
  return one.main === other.main && one.dropIns.join('\n') === other.dropIns.join('\n')
}

/**
 * The texts of a unit and its drop-ins; null when one is not known. A file of a package that is not built yet is taken to be
 * the old package's file with the new package's path in it: what such files hold beside paths rarely changes.
 */
function textsOf(
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
