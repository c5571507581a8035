import type { NixosSystem, UnitFiles, UnitSet } from '../../../../model/host/nixos-system.ts'
import { parsePackageName } from '../../../../model/nix/package-name.ts'
import type { UnitChanges } from '../../../../model/plan/plan-schema.ts'
import { parseUnit, unitFlag } from '../../../../model/host/unit-file.ts'
import { differInPathsOnly } from '../masked.ts'
import { type FindFilesBehind, filesBehind } from './files-behind.ts'
import { mountActions } from './mounts.ts'
import { reexecution } from './reexecution.ts'
import { decide, noActions, type UnitActions, type UnitRules, type UnitWorld, unitRulesOf } from './unit-actions.ts'
import { type ObservedUnits, type UnitEffects, unitEffects } from './unit-effects.ts'
import { userUnitChanges } from './user-units.ts'
import { filesOf, isMasked, nextFiles, samePaths, textsOf } from './unit-files.ts'

/** What activation does to units; null when one side's units, or which of them run, are not known. */
export function compareUnitSets(
  before: NixosSystem,
  after: NixosSystem,
  observed: ObservedUnits | null,
  release: string | null = null,
): UnitChanges | null {
  const rules = unitRulesOf(release)
  const states = observed?.unitStates ?? null
  if (before.units.how === 'unknown' || after.units.how === 'unknown' || observed === null || states === null)
    return null
  const [old, planned] = [before.units.value, after.units.value]
  const active = new Set(states.filter(({ active }) => active !== 'inactive').map(({ unit }) => unit))
  const running = states.filter((state) => ['active', 'activating'].includes(state.active)).map(({ unit }) => unit)
  const world: UnitWorld = {
    isActive: (unit) => active.has(unit),
    isInNewSystem: (unit) => planned.files.get(unit)?.main != null && !isMasked(planned.files.get(unit)),
  }
  const actions = noActions()
  const reasons: Reasons = { pathsOnly: new Set(), because: new Map(), find: filesBehind(before, after) }
  for (const name of running.toSorted())
    judgeUnit(name, { before, after, old, planned, world, rules }, actions, reasons)
  const fstab = mountActions(before, after, actions)
  const effects = unitEffects(observed, { before, after, actions, fstab })
  const wanted = effects?.started ?? [...newlyWanted(old, planned, new Set(running), world), ...fstab.wanted.keys()]
  const changes = changesOf(actions, reasons, wanted, effects)
  const opaque = [...new Set(planned.opaque.map((path) => parsePackageName(path).name))].toSorted()
  return {
    ...changes,
    ...(opaque.length === 0 ? {} : { opaque }),
    ...reexecution(before, after),
    ...userUnitChanges(before, after, states, release),
  }
}

interface Sides {
  readonly before: NixosSystem
  readonly after: NixosSystem
  readonly old: UnitSet
  readonly planned: UnitSet
  readonly world: UnitWorld
  readonly rules: UnitRules
}

/** Why units are treated as changed whose own texts hardly are. */
interface Reasons {
  readonly pathsOnly: Set<string>
  readonly because: Map<string, readonly string[]>
  readonly find: FindFilesBehind
}

/** Decides about one unit that runs. */
function judgeUnit(
  name: string,
  { before, after, old, planned, world, rules }: Sides,
  actions: UnitActions,
  reasons: Reasons,
): void {
  const files = filesOf(name, old)
  if (files === null) return
  const next = nextFiles(name, old, planned)
  if (next !== 'gone' && name.endsWith('.target') && isStoppedAlways(next, after)) actions.again.add(name)
  if (next !== 'gone' && samePaths(files, next)) return
  const texts = {
    before: textsOf(files, before),
    after: next === 'gone' ? null : textsOf(next, after, { files, system: before }),
  }
  if (texts.before !== null && texts.after !== null) {
    const [from, to] = [texts.before.join('\n'), texts.after.join('\n')]
    const causes = differInPathsOnly(from, to) ? reasons.find(from, to) : null
    if (causes?.length === 0) reasons.pathsOnly.add(name)
    else if (causes !== null) reasons.because.set(name, causes)
  }
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

/** Such a target is stopped and started by every switch, changed or not; NixOS says so in a drop-in. */
function isStoppedAlways({ main, dropIns }: UnitFiles, { texts }: NixosSystem): boolean {
  const known = [main ?? '', ...dropIns].flatMap((path) => texts.get(path) ?? [])
  return unitFlag(parseUnit(known), 'Unit', 'X-StopOnReconfiguration', false)
}

function changesOf(
  actions: UnitActions,
  { pathsOnly, because }: Reasons,
  wanted: readonly string[],
  effects: UnitEffects | null,
): UnitChanges {
  const { stop, start, restart, reload, skip, again, unclear } = actions
  const inOrder = (units: Iterable<string>) => [...new Set(units)].toSorted()
  const back = new Set([...start, ...(effects?.broughtBack ?? [])])
  const both = [...stop].filter((unit) => back.has(unit))
  const shown = new Set([...stop, ...start, ...restart, ...reload, ...skip, ...again])
  const [restartedWith, stoppedWith] = [effects?.restartedWith ?? [], effects?.stoppedWith ?? []]
  const fallen = new Set([...restartedWith, ...stoppedWith].map(({ unit }) => unit))
  const causes = [...because].filter(([unit]) => shown.has(unit)).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    restarted: inOrder([...restart, ...both, ...again]),
    stopped: inOrder([...stop].filter((unit) => !back.has(unit))),
    started: inOrder([...[...start].filter((unit) => !stop.has(unit)), ...wanted]),
    reloaded: inOrder(reload),
    notStopped: inOrder([...skip].filter((unit) => !fallen.has(unit))),
    pathsOnly: inOrder([...pathsOnly].filter((unit) => shown.has(unit))),
    ...(causes.length > 0 ? { because: causes.map(([unit, files]) => ({ unit, files: [...files] })) } : {}),
    ...(effects === null ? {} : { alsoStarted: [...effects.alsoStarted], restartedWith, stoppedWith }),
    ...(unclear.size > 0 ? { unclear: inOrder(unclear) } : {}),
  }
}

/** Units that a running target begins to want, and that do not run, where no more is known of what units need. */
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
      const was = filesOf(unit, old)
      const isNew = !before.has(unit) || was === null || isMasked(was)
      if (isNew && !running.has(unit) && !unit.endsWith('.target') && (world.isInNewSystem(unit) || unit.includes('@')))
        found.add(unit)
    }
  }
  return [...found]
}
