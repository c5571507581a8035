import type { NixosSystem } from '../../../../model/host/nixos-system.ts'
import type { HostDetail } from '../../../../model/host/system.ts'
import type { AlsoStarted, DependentUnit } from '../../../../model/plan/plan-schema.ts'
import type { FstabChanges } from './mounts.ts'
import type { UnitActions } from './unit-actions.ts'
import { filesOf, isMasked, nextFiles, samePaths } from './unit-files.ts'
import { broughtBy, fallingWith, type NeedsByUnit, needsNow, needsThen } from './unit-needs.ts'

/** What a host said of its units. */
export type ObservedUnits = Pick<HostDetail, 'unitStates' | 'idleUnits' | 'unitNeeds'>

/** What follows from a switch for units that it does not name. */
export interface UnitEffects {
  readonly restartedWith: readonly DependentUnit[]
  readonly stoppedWith: readonly DependentUnit[]
  /** Begin to be wanted, or can be started for the first time. */
  readonly started: readonly string[]
  readonly alsoStarted: readonly AlsoStarted[]
  /** Of the units that are stopped, those that a target brings back. */
  readonly broughtBack: readonly string[]
}

/** Every switch restarts it, and with it what has to run again after /etc changed. */
const reactivation = 'sysinit-reactivation.target'
/** What a reader knows as something that runs; targets, slices, devices and scopes are names for others. */
const shownKinds = /\.(?:service|socket|timer|path|mount|automount|swap)$/

/**
 * Works out what happens to units that the change does not concern: systemd stops and restarts what needs a unit that is, and a
 * switch starts all targets again, with which everything that they want and that does not run is started.
 */
export function unitEffects(
  { unitStates, idleUnits, unitNeeds }: ObservedUnits,
  {
    before,
    after,
    actions,
    fstab,
  }: {
    readonly before: NixosSystem
    readonly after: NixosSystem
    readonly actions: UnitActions
    readonly fstab: FstabChanges
  },
): UnitEffects | null {
  if (unitStates === null || idleUnits == null || unitNeeds == null) return null
  if (before.units.how === 'unknown' || after.units.how === 'unknown') return null
  const [old, planned] = [before.units.value, after.units.value]
  const states = new Map(unitStates.map(({ unit, active }) => [unit, active]))
  const idle = new Map(idleUnits.map(({ unit, since }) => [unit, since]))
  const isRunning = (unit: string) => ['active', 'activating', 'reloading'].includes(states.get(unit) ?? '')
  const exists = (unit: string) => {
    if (fstab.gone.has(unit)) return false
    if (fstab.wanted.has(unit)) return true
    const files = filesOf(unit, planned)
    if (files !== null) return !isMasked(files)
    return filesOf(unit, old) === null && (states.has(unit) || idle.has(unit))
  }
  const now = needsNow(unitNeeds)
  const then = withMounts(needsThen(now, before, after), fstab)
  const targets = unitStates.flatMap(({ unit }) =>
    unit.endsWith('.target') && isRunning(unit) && nextFiles(unit, old, planned) !== 'gone' ? [unit] : [],
  )
  const roots = [...targets, ...actions.start, ...actions.restart, reactivation]
  const own = new Set([...actions.stop, ...actions.start, ...actions.restart, ...actions.again])
  const stopping = fallingWith([...actions.stop, ...actions.again], now, isRunning)
  const brought = broughtBy(roots, then, exists, (unit) => isRunning(unit) && !own.has(unit) && !stopping.has(unit))
  const wasThere = (unit: string) => states.has(unit) || idle.has(unit)
  const broughtBefore = broughtBy([...targets, reactivation], now, wasThere, isRunning)
  const restarting = fallingWith([...actions.restart, reactivation], then, isRunning)
  const isUnmet = (unit: string) => {
    if (idle.get(unit) !== 'unmet') return false
    const [from, to] = [filesOf(unit, old), filesOf(unit, planned)]
    return (from === null && to === null) || (from !== null && to !== null && samePaths(from, to))
  }
  const idleBrought = [...brought].filter(
    (unit) => shownKinds.test(unit) && !isRunning(unit) && !own.has(unit) && !isUnmet(unit),
  )
  const isNew = (unit: string) => {
    const from = filesOf(unit, old)
    return !(from === null ? wasThere(unit) : !isMasked(from)) || !broughtBefore.has(unit)
  }
  const dependents = (falling: ReadonlyMap<string, ReadonlySet<string>>, comesBack: boolean) =>
    [...falling].flatMap(([unit, seeds]): readonly DependentUnit[] =>
      own.has(unit) || brought.has(unit) !== comesBack ? [] : [{ unit, with: [...seeds].toSorted() }],
    )
  return {
    restartedWith: merged([
      ...dependents(stopping, true),
      ...dependents(restarting, true),
      ...dependents(restarting, false),
    ]),
    stoppedWith: merged(dependents(stopping, false)).filter(({ unit }) => !restarting.has(unit)),
    started: idleBrought.filter(isNew).toSorted(),
    alsoStarted: idleBrought
      .filter((unit) => !isNew(unit))
      .toSorted()
      .map((unit) => ({ unit, was: wasOf(states.get(unit), idle.get(unit)) })),
    broughtBack: [...actions.stop].filter((unit) => !actions.start.has(unit) && brought.has(unit)),
  }
}

function wasOf(
  state: string | undefined,
  since: 'stopped' | 'ended' | 'unmet' | 'never' | undefined,
): AlsoStarted['was'] {
  if (state === 'failed') return 'failed'
  return since === 'stopped' || since === 'ended' ? since : 'inactive'
}

/** systemd's generator makes the units of fstab, and has targets want them for as long as they are there. */
function withMounts(needs: NeedsByUnit, { wanted, gone }: FstabChanges): NeedsByUnit {
  const stays = (units: ReadonlySet<string>) => new Set([...units].filter((unit) => !gone.has(unit)))
  const all = new Map(
    [...needs].map(([unit, { wants, requires, partOf }]) => [
      unit,
      unit.endsWith('.target')
        ? { wants: stays(wants), requires: stays(requires), partOf }
        : { wants, requires, partOf },
    ]),
  )
  for (const [unit, target] of wanted) {
    const known = all.get(target) ?? {
      wants: new Set<string>(),
      requires: new Set<string>(),
      partOf: new Set<string>(),
    }
    all.set(target, { ...known, wants: new Set([...known.wants, unit]) })
  }
  return all
}

function merged(units: readonly DependentUnit[]): readonly DependentUnit[] {
  const byUnit = new Map<string, ReadonlySet<string>>()
  for (const { unit, with: seeds } of units) byUnit.set(unit, new Set([...(byUnit.get(unit) ?? []), ...seeds]))
  return [...byUnit]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([unit, seeds]) => ({ unit, with: [...seeds].toSorted() }))
}
