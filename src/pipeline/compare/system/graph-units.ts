import { type Derivation, textAttribute } from '../../../model/nix/derivation.ts'
import type { DerivationNode } from '../../../model/nix/derivation-graph.ts'
import { type UnitSet, unitsOfLinks } from '../../../model/host/nixos-system.ts'
import { parsePackageName } from '../../../model/nix/package-name.ts'
import { shellWords } from '../../../model/text/shell-words.ts'
import { nameOfPath, storeObject } from '../../../model/nix/store-path.ts'
import type { Link } from '../../../model/host/system.ts'
import { isMaskedUnit, unitNameOf } from './graph-texts.ts'
import { withoutEnd } from '../../../model/text/without-end.ts'

/** Finds the derivation that makes an output path. */
export type FindNode = (path: string) => DerivationNode | undefined

/**
 * The units that `system-units` will hold, from its build script (nixpkgs nixos/lib/systemd-lib.nix, generateUnits): upstream
 * units, those of packages, then units of the configuration, which become a drop-in where a unit of that name is there already.
 * What a package brings is known from `before`, the links of a system that has the same package; else it is opaque.
 */
export function graphUnits(derivation: Derivation, find: FindNode, before: readonly Link[]): UnitSet | null {
  const command = textAttribute(derivation, 'buildCommand')
  if (command === null) return null
  const script = new Script(command)
  const links = new Map<string, string>()
  const systemd = /(?<![^\s="])(\/[^\s="]{1,300})\/example\/systemd\/(system|user)\/\$\{?i/.exec(command)
  const [, example, kind] = systemd ?? []
  for (const name of script.upstream()) links.set(name, `${example ?? ''}/example/systemd/${kind ?? 'system'}/${name}`)
  const opaque: string[] = []
  for (const package_ of script.words('packages')) {
    const brought = unitsOfPackage(package_, before)
    if (brought === null) opaque.push(package_)
    for (const { name, target } of brought ?? []) if (!links.has(name)) links.set(name, target)
  }
  const [units, dropIns] = script.unitLists()
  for (const unit of units) placeUnit(unit, find, links, false)
  for (const unit of dropIns) placeUnit(unit, find, links, true)
  for (const { name, target } of script.links()) links.set(name, target)
  const list = [...links].map(([name, target]) => ({ name, target }))
  return unitsOfLinks(list, opaque)
}

function placeUnit(unit: string, find: FindNode, links: Map<string, string>, always: boolean): void {
  const derivation = find(unit)?.whole ?? null
  const name = (derivation === null ? null : unitNameOf(derivation)) ?? nameOfPath(unit).replace(/^unit-/, '')
  const masked = derivation !== null && isMaskedUnit(derivation)
  if (masked) links.set(name, '/dev/null')
  else if (always || links.has(name)) links.set(`${name}.d/overrides.conf`, `${unit}/${name}`)
  else links.set(name, `${unit}/${name}`)
}

/** Links that a package brought to another system, led into this build of it; null when no such package is there. */
function unitsOfPackage(path: string, before: readonly Link[]): readonly Link[] | null {
  const { name } = parsePackageName(path)
  const found: Link[] = []
  for (const link of before) {
    const object = storeObject(link.target)
    if (object === null || link.name.includes('/') || nameOfPath(object).startsWith('unit-')) continue
    const rest = link.target.slice(object.length)
    if (!/^\/(?:etc|lib)\/systemd\//.test(rest) || parsePackageName(object).name !== name) continue
    found.push({ name: link.name, target: path + rest })
  }
  return found.length === 0 ? null : found
}

class Script {
  readonly #lines: readonly string[]
  readonly #command: string

  constructor(command: string) {
    this.#command = command
    this.#lines = command.split('\n').map((line) => line.trim())
  }

  /** Words of the assignment `NAME="a b"`. */
  words(name: string): readonly string[] {
    const [, value = ''] = new RegExp(`^\\s*${name}="([^"]*)"`, 'm').exec(this.#command) ?? []
    return value.split(/\s+/).filter((word) => word !== '')
  }

  /** The lists of `for i in LIST; do`, variables filled in. */
  #loops(): readonly (readonly string[])[] {
    return this.#lines.flatMap((line) => {
      const list = loopList(line)
      if (list === null || list.includes('/*') || list.includes('${!')) return []
      const words = list.split(/\s+/).filter((word) => word !== '' && word !== 'do')
      return [
        words.flatMap((word) =>
          word.startsWith('$') ? this.words(word.replace(/[${}]/g, '')) : [word.replaceAll("'", '')],
        ),
      ]
    })
  }

  /** Units taken from systemd itself; names that end in .wants are directories of links, which nothing here needs. */
  upstream(): readonly string[] {
    const [list = []] = this.#loops().filter((words) => words.some((word) => !word.startsWith('/')))
    return list.filter((name) => !name.startsWith('/') && !/\.(?:wants|requires)$/.test(name))
  }

  /** First the units that become a drop-in only where needed, then those that always do. */
  unitLists(): readonly [readonly string[], readonly string[]] {
    const isUnit = (word: string) => nameOfPath(word).startsWith('unit-')
    const [units = [], dropIns = []] = this.#loops().filter((words) => words.length > 0 && words.every(isUnit))
    // With one list alone it is the first, unless its loop makes drop-ins without asking.
    return [units, dropIns]
  }

  /** `ln -s [-fn] TARGET $out/NAME`, aliases and `.wants` alike; a name that ends in a slash takes the target's. */
  links(): readonly Link[] {
    return this.#lines.flatMap((line) => {
      if (!line.startsWith('ln -s')) return []
      const [target, place] = (shellWords(line) ?? []).slice(1).filter((word) => !word.startsWith('-'))
      if (
        target === undefined ||
        place === undefined ||
        !place.startsWith('$out/') ||
        /\$/.test(target + place.slice(4))
      )
        return []
      const name = place.slice('$out/'.length)
      const last = target.replace(/^.*\//, '')
      return [{ name: name.endsWith('/') ? name + last : name, target: name.includes('/') ? target : last }]
    })
  }
}

/** What a line `for i in LIST; do` loops over; null for any other line. */
function loopList(line: string): string | null {
  if (!line.startsWith('for i in ')) return null
  const list = line.slice('for i in '.length).trimEnd()
  return withoutEnd(list.endsWith('do') ? list.slice(0, -'do'.length) : list, '; ')
}
