import type { NixosSystem, UnitSet } from '../../../../model/host/nixos-system.ts'
import type { UnitNeeds } from '../../../../model/host/system.ts'
import { parseUnit } from '../../../../model/host/unit-file.ts'
import { nameOfPath, storeObject } from '../../../../model/nix/store-path.ts'
import { filesOf, samePaths, textsOf } from './unit-files.ts'

/** Units that one unit needs, by the way in which it does. */
export interface Needs {
  readonly wants: ReadonlySet<string>
  readonly requires: ReadonlySet<string>
  readonly partOf: ReadonlySet<string>
}

/** What each unit needs; those that need nothing are missing. */
export type NeedsByUnit = ReadonlyMap<string, Needs>

const none: ReadonlySet<string> = new Set()
const ways = ['wants', 'requires', 'partOf'] as const
/** Keys of [Unit] by the way in which they need other units (man systemd.unit). */
const keys = {
  wants: ['Wants', 'Upholds'],
  requires: ['Requires', 'Requisite', 'BindsTo'],
  partOf: ['PartOf'],
} as const

/** What units need now, as systemd told it. */
export function needsNow(told: readonly UnitNeeds[]): NeedsByUnit {
  return new Map(
    told.map(({ unit, wants, requires, partOf }) => [
      unit,
      { wants: new Set(wants), requires: new Set(requires), partOf: new Set(partOf) },
    ]),
  )
}

/** What units will need: what systemd told, corrected by the links and the texts that differ between both systems. */
export function needsThen(now: NeedsByUnit, before: NixosSystem, after: NixosSystem): NeedsByUnit {
  if (before.units.how === 'unknown' || after.units.how === 'unknown') return now
  const [old, planned] = [before.units.value, after.units.value]
  const then = new Map(now)
  for (const name of new Set([...now.keys(), ...planned.wants.keys(), ...old.wants.keys(), ...planned.files.keys()])) {
    const [from, to] = [filesOf(name, old), filesOf(name, planned)]
    const isSame = from !== null && to !== null && samePaths(from, to)
    const texts = {
      from: from === null || isSame ? null : textsOf(from, before),
      to: to === null || isSame ? null : textsOf(to, after, from === null ? null : { files: from, system: before }),
    }
    // Where only one text is known, what it says beside the other is not: links alone are compared.
    const isComparable = texts.to !== null && (from === null || texts.from !== null)
    const isKept = (unit: string) => after.units.how === 'predicted' && isOfPackage(unit, old)
    const known = now.get(name)
    const needs = Object.fromEntries(
      ways.map((way) => {
        const said = saidOf(name, old, isComparable ? texts.from : null, way)
        const saysNow = saidOf(name, planned, isComparable ? texts.to : null, way)
        const stays = [...(known?.[way] ?? none)].filter((unit) => !said.has(unit) || saysNow.has(unit) || isKept(unit))
        return [way, new Set([...stays, ...saysNow])]
      }),
    ) as unknown as Needs
    if (ways.some((way) => needs[way].size > 0)) then.set(name, needs)
    else then.delete(name)
  }
  return then
}

/** Links that a package's own directories bring are in no derivation of the units. */
function isOfPackage(unit: string, old: UnitSet): boolean {
  const object = storeObject(filesOf(unit, old)?.main ?? '')
  return object !== null && !nameOfPath(object).startsWith('unit-')
}

function saidOf(
  name: string,
  set: UnitSet,
  texts: readonly string[] | null,
  way: (typeof ways)[number],
): ReadonlySet<string> {
  const section = texts === null ? undefined : parseUnit(texts).get('Unit')
  const words = keys[way].flatMap((key) => (section?.get(key) ?? []).flatMap((value) => value.split(/\s+/)))
  const requires = set.requires.get(name) ?? []
  const links = {
    wants: (set.wants.get(name) ?? []).filter((unit) => !requires.includes(unit)),
    requires,
    partOf: [],
  }[way]
  // Specifiers are systemd's to fill in.
  return new Set(
    [...links, ...words].filter((word) => word !== '' && !word.includes('%')).map((word) => ownName(word, set)),
  )
}

/** The name of the unit that an alias stands for. */
function ownName(name: string, { files }: UnitSet): string {
  const main = files.get(name)?.main ?? null
  const own = main?.replace(/^.*\//, '') ?? name
  return own !== name && main !== null && files.get(own)?.main === main ? own : name
}

/** So many are named that one unit falls with; what a host says it needs may be without bounds. */
const mostNamed = 20

/** The units that fall with some others: those that require them or are part of them, and so on; each with what it falls with. */
export function fallingWith(
  seeds: Iterable<string>,
  needs: NeedsByUnit,
  isRunning: (unit: string) => boolean,
): ReadonlyMap<string, ReadonlySet<string>> {
  const dependents = new Map<string, string[]>()
  for (const [unit, { requires, partOf }] of needs)
    for (const needed of new Set([...requires, ...partOf])) {
      const known = dependents.get(needed)
      if (known === undefined) dependents.set(needed, [unit])
      else known.push(unit)
    }
  const falling = new Map<string, Set<string>>()
  for (const seed of seeds) {
    const seen = new Set([seed])
    const waiting = [seed]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      for (const unit of dependents.get(next) ?? []) {
        const known = falling.get(unit)
        // What falls with this one falls with as many others already.
        if (seen.has(unit) || !isRunning(unit) || (known?.size ?? 0) >= mostNamed) continue
        seen.add(unit)
        waiting.push(unit)
        if (known === undefined) falling.set(unit, new Set([seed]))
        else known.add(seed)
      }
  }
  return falling
}

/**
 * What starting some units brings with it: all that they want and require, and so on through what is started for it. systemd drops
 * the start of what runs already, and with it what only that wants (src/core/transaction.c, transaction_drop_redundant). A unit
 * whose requirement cannot be had does not start.
 */
export function broughtBy(
  roots: Iterable<string>,
  needs: NeedsByUnit,
  exists: (unit: string) => boolean,
  runsOn: (unit: string) => boolean,
): ReadonlySet<string> {
  const anchors = new Set(roots)
  const lacking = lackingRequirement(needs, exists)
  const brought = new Set<string>()
  const waiting = [...anchors]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (brought.has(next) || !exists(next) || lacking.has(next)) continue
    brought.add(next)
    if (runsOn(next) && !anchors.has(next)) continue
    const { wants = none, requires = none } = needs.get(next) ?? {}
    waiting.push(...wants, ...requires)
  }
  return brought
}

/** Units that require one that is not there, or one that lacks what it requires. */
function lackingRequirement(needs: NeedsByUnit, exists: (unit: string) => boolean): ReadonlySet<string> {
  const requirers = new Map<string, string[]>()
  for (const [unit, { requires }] of needs)
    for (const required of requires) {
      const known = requirers.get(required)
      if (known === undefined) requirers.set(required, [unit])
      else known.push(unit)
    }
  const lacking = new Set<string>()
  const waiting = [...requirers.keys()].filter((unit) => !exists(unit))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const unit of requirers.get(next) ?? []) {
      if (lacking.has(unit)) continue
      lacking.add(unit)
      waiting.push(unit)
    }
  return lacking
}
