import type { NixosSystem } from '../../../../model/host/nixos-system.ts'
import type { UnitState } from '../../../../model/host/system.ts'
import { parseUnit } from '../../../../model/host/unit-file.ts'
import { templateOf } from '../../../../model/host/unit-name.ts'
import type { UnitChanges } from '../../../../model/plan/plan-schema.ts'
import { decide, noActions, type UnitWorld } from './unit-actions.ts'
import { filesOf, isMasked, nextFiles, samePaths, textsOf } from './unit-files.ts'

/** The manager of a user who is logged in or lingers. */
const manager = /^user@(\d+)\.service$/

/**
 * What a switch does to units of users' own managers, by the rules for those of the system. Which of them run is known to those
 * managers alone, so this is what happens where they do; before NixOS 26.11 no switch touches them.
 */
export function userUnitChanges(
  before: NixosSystem,
  after: NixosSystem,
  states: readonly UnitState[],
  release: string | null,
): Pick<UnitChanges, 'userUnits'> {
  if (before.userUnits.how === 'unknown' || after.userUnits.how === 'unknown') return {}
  const [old, planned] = [before.userUnits.value, after.userUnits.value]
  const isThere = (name: string) => planned.files.get(name)?.main != null && !isMasked(planned.files.get(name))
  const world: UnitWorld = { isActive: (name) => old.files.has(name), isInNewSystem: isThere }
  const actions = noActions()
  for (const name of [...old.files.keys()].toSorted()) {
    const files = filesOf(name, old)
    if (files === null || isMasked(files) || (templateOf(name) === name && name.includes('@.'))) continue
    const next = nextFiles(name, old, planned)
    if (next !== 'gone' && samePaths(files, next)) continue
    const [from, to] = [
      textsOf(files, before),
      next === 'gone' ? null : textsOf(next, after, { files, system: before }),
    ]
    const running = { name, before: from === null ? null : parseUnit(from) }
    decide({ ...running, after: next === 'gone' ? 'gone' : to === null ? null : parseUnit(to) }, world, actions)
  }
  const started = [...planned.wants.values()]
    .flat()
    .filter((name) => isThere(name) && (filesOf(name, old) === null || isMasked(filesOf(name, old))))
  const { stop, start, restart, reload, skip } = actions
  const inOrder = (names: Iterable<string>) => [...new Set(names)].toSorted()
  const changes = {
    restarted: inOrder([...restart, ...[...stop].filter((name) => start.has(name))]),
    stopped: inOrder([...stop].filter((name) => !start.has(name))),
    started: inOrder([...started, ...[...start].filter((name) => !stop.has(name))]),
    reloaded: inOrder(reload),
    notStopped: inOrder(skip),
  }
  if (Object.values(changes).every((names) => names.length === 0)) return {}
  const users = states.flatMap(({ unit, active }) => (active === 'active' ? (manager.exec(unit)?.[1] ?? []) : []))
  return { userUnits: { users: switchesUsers(release) ? inOrder(users) : [], ...changes } }
}

function switchesUsers(release: string | null): boolean {
  const [, year, month] = /^(\d\d)\.(\d\d)/.exec(release ?? '') ?? []
  return year === undefined || Number(year) * 100 + Number(month) >= 2611
}
