import { compareUnits, type UnitInfo, unitFlag } from '../../../../model/host/unit-file.ts'

/** What a switch does with units, as sets of names; a unit that is stopped and started is in both. */
export interface UnitActions {
  readonly stop: Set<string>
  readonly start: Set<string>
  readonly restart: Set<string>
  readonly reload: Set<string>
  readonly skip: Set<string>
  /** Targets that every switch stops and starts again. */
  readonly again: Set<string>
  /** Changed in a way that is not known. */
  readonly unclear: Set<string>
}

/** One unit that runs, with both of its files parsed. */
export interface RunningUnit {
  readonly name: string
  readonly before: UnitInfo | null
  /** `gone`: not in the new system, or masked there. Null: its text is not known. */
  readonly after: UnitInfo | 'gone' | null
}

/** What the rules ask about other units. */
export interface UnitWorld {
  readonly isActive: (unit: string) => boolean
  readonly isInNewSystem: (unit: string) => boolean
}

/**
 * Which switch-to-configuration decides, the new system's: `texts` parses both versions of a unit and compares them; `paths`,
 * before NixOS 22.05, took every unit whose file is another store path for changed and remounted without a restart
 * (nixpkgs nixos/modules/system/activation/switch-to-configuration.pl of 20.09 and 22.05).
 */
export type UnitRules = 'texts' | 'paths'

/** The rules of a release, e.g. `20.09.4321.abcdef`; one that cannot be told is taken for a new one. */
export function unitRulesOf(release: string | null): UnitRules {
  const [, year, month] = /^(\d\d)\.(\d\d)/.exec(release ?? '') ?? []
  return year !== undefined && Number(year) * 100 + Number(month) < 2205 ? 'paths' : 'texts'
}

/** No action at all. */
export function noActions(): UnitActions {
  const none = () => new Set<string>()
  return { stop: none(), start: none(), restart: none(), reload: none(), skip: none(), again: none(), unclear: none() }
}

/**
 * Decides about one running unit whose file is in /etc/systemd/system, by the rules of switch-to-configuration
 * (nixpkgs pkgs/by-name/sw/switch-to-configuration-ng/src/main.rs, do_system_switch and handle_modified_unit). Targets are
 * always started again, which nobody needs to be told.
 */
export function decide(
  { name, before, after }: RunningUnit,
  world: UnitWorld,
  actions: UnitActions,
  rules: UnitRules = 'texts',
): void {
  if (after === 'gone') {
    if (before === null) actions.unclear.add(name)
    else if (unitFlag(before, 'Unit', 'X-StopOnRemoval', true)) actions.stop.add(name)
    return
  }
  if (name.endsWith('.target')) {
    if (after !== null && unitFlag(after, 'Unit', 'X-StopOnReconfiguration', false)) actions.again.add(name)
    return
  }
  if (before === null || after === null) {
    actions.unclear.add(name)
    return
  }
  switch (rules === 'paths' ? 'restart' : compareUnits(before, after)) {
    case 'equal':
      return
    case 'reload':
      if (!actions.restart.has(name)) actions.reload.add(name)
      return
    case 'restart':
      if (rules === 'paths' && name.endsWith('.mount')) actions.reload.add(name)
      else changed(name, after, world, actions)
  }
}

function changed(name: string, after: UnitInfo, world: UnitWorld, actions: UnitActions): void {
  // Paths and slices take their new properties at daemon-reload, sockets are left alone.
  if (/\.(?:path|slice|socket)$/.test(name)) return
  if (name.endsWith('.mount')) {
    // Neither can be unmounted while the system runs.
    const set = name === '-.mount' || name === 'nix.mount' ? actions.reload : actions.restart
    set.add(name)
    return
  }
  if (unitFlag(after, 'Service', 'X-ReloadIfChanged', false) && !actions.restart.has(name) && !actions.stop.has(name)) {
    actions.reload.add(name)
    return
  }
  const stays =
    !unitFlag(after, 'Service', 'X-RestartIfChanged', true) ||
    unitFlag(after, 'Unit', 'RefuseManualStop', false) ||
    unitFlag(after, 'Unit', 'X-OnlyManualStart', false)
  if (stays) {
    actions.skip.add(name)
    return
  }
  if (!unitFlag(after, 'Service', 'X-StopIfChanged', true) || !name.endsWith('.service')) actions.restart.add(name)
  else stopAndStart(name, after, world, actions)
  actions.reload.delete(name)
}

/** A service whose socket is there is stopped with it, and the socket alone is started: it brings the service when asked. */
function stopAndStart(name: string, after: UnitInfo, world: UnitWorld, actions: UnitActions): void {
  let socketActivated = false
  for (const socket of socketsOf(name, after)) {
    if (world.isActive(socket)) {
      actions.stop.add(socket)
      if (world.isInNewSystem(socket)) actions.start.add(socket)
    }
    if (world.isInNewSystem(socket)) socketActivated = true
  }
  if (unitFlag(after, 'Service', 'X-NotSocketActivated', false)) socketActivated = false
  if (!socketActivated) actions.start.add(name)
  actions.stop.add(name)
}

/** Sockets that the service names, else the one that is called like it; an instance shares its template's. */
function socketsOf(name: string, unit: UnitInfo): readonly string[] {
  const named = (unit.get('Service')?.get('Sockets') ?? [])
    .flatMap((value) => value.split(/\s+/))
    .filter((word) => word !== '')
  return named.length > 0 ? named : [`${name.replace(/\.service$/, '').split('@')[0] ?? ''}.socket`]
}
