import type { Diff, EtcChange, NameChanges, PortChanges, UnitChanges } from '../../model/plan/plan-schema.ts'
import { cleanLine, cleanText } from '../../model/text/text.ts'
import { byteRange, grouped } from '../terminal/amounts.ts'
import { isNotablePackage, packageParts } from './packages.ts'
import type { About, Item, Part, Topic } from './topic.ts'
import { type ChangeGroup, isRebootCleared, isRebootPending } from './groups.ts'
import { withoutEnd } from '../../model/text/without-end.ts'

/** What the hosts of a group have in common, in the order in which it is read; empty parts are left out. */
export function topicsOf(group: ChangeGroup): readonly Topic[] {
  const { diff, settings } = group.host
  const mode = { switch: [], boot: ['takes effect at the next boot'], test: ['until the next boot only'] }[
    settings.mode
  ]
  const found: readonly (readonly [About, string, readonly Part[]])[] = [
    ['mode', 'mode', sentences(mode)],
    ['kind', 'kind', sentences(diff.kind === 'stamp' ? ['only the recorded flake revision changes'] : [])],
    ['packages', 'packages', packageParts(diff.packages)],
    ['sizeDelta', 'closure size', sentences(byteRange(group.sizeDelta, 'signed'))],
    ['download', 'download', sentences(byteRange(group.download, 'plain'))],
    ['units', 'units', unitParts(diff.units)],
    ['etc', '/etc', etcParts(diff.etc)],
    ['users', 'users', nameParts(diff.users)],
    ['groups', 'groups', nameParts(diff.groups)],
    ['firewall', 'firewall', portParts(diff.firewall)],
    ['inhibitors', 'switch inhibitors', inhibitorParts(group)],
    ['specialisations', 'specialisations', nameParts(diff.specialisations)],
    ['reboot', 'reboot', rebootParts(group)],
    ['causes', 'rebuild causes', causeParts(group)],
  ]
  return found.flatMap(([about, title, all]) => {
    const parts = all.filter(({ items }) => items.length > 0)
    return parts.length === 0 ? [] : [{ about, title, parts, predicted: isPredicted(group, about) }]
  })
}

/** True where it is so on any host of the group. */
function isPredicted({ members }: ChangeGroup, about: About): boolean {
  if (about === 'mode' || about === 'kind' || about === 'causes') return false
  return members.some(({ diff }) => isPredictedOf(diff, about))
}

function isPredictedOf(diff: Diff, about: About): boolean {
  const how = diff.provenance?.[about]
  // What the host tells of its boot is no prediction, unless the plan says so.
  return how === undefined ? !diff.exact && about !== 'reboot' : how === 'predicted'
}

function sentences(texts: readonly string[]): readonly Part[] {
  return [{ verb: '', items: texts.map((name) => item(name)), weight: 'own' }]
}

function item(name: string, more: Partial<Item> = {}): Item {
  return { name: cleanLine(name), detail: '', aside: '', notable: false, chosen: false, patch: null, ...more }
}

function unitParts(units: UnitChanges | null): readonly Part[] {
  if (units === null) return []
  const inherited = new Set(units.pathsOnly)
  const because = new Map(units.because?.map(({ unit, files }) => [unit, cleanLine(files.join(', '))]))
  const asideOf = (name: string) => (because.has(name) ? `because ${because.get(name)} changed` : '')
  const kinds = [
    ['stops', units.stopped],
    ['restarts', units.restarted.filter((name) => !everySwitch.has(name))],
    ['reloads', units.reloaded],
    ['starts', units.started],
    ['does not stop', units.notStopped ?? []],
    ['unknown for', [...(units.unclear ?? []), ...(units.opaque ?? []).map((name) => `units of ${name}`)]],
  ] as const
  const own = [false, true].flatMap((isInherited) =>
    kinds.map(([verb, names]) => ({
      verb,
      items: names
        .filter((name) => inherited.has(name) === isInherited)
        .map((name) => item(name, { aside: asideOf(name) })),
      weight: isInherited ? ('inherited' as const) : verb === 'stops' ? ('gone' as const) : ('own' as const),
    })),
  )
  return [...own, ...effectParts(units), ...userUnitParts(units)]
}

/** NixOS stops and starts them at every switch. */
const everySwitch: ReadonlySet<string> = new Set(['local-fs.target', 'remote-fs.target'])

/** Which units of users' own managers change, and what happens where they run. */
function userUnitParts({ userUnits }: UnitChanges): readonly Part[] {
  if (userUnits === undefined) return []
  const { users, restarted, stopped, started, reloaded, notStopped } = userUnits
  if (users.length === 0) {
    const all = [...stopped, ...restarted, ...reloaded, ...started, ...notStopped].toSorted()
    return [{ verb: 'user units change at the next login:', items: all.map((name) => item(name)), weight: 'own' }]
  }
  const aside = cleanLine(`user ${users.join(', ')}`)
  const part = (verb: string, names: readonly string[], weight: Part['weight'] = 'own'): Part => ({
    verb,
    items: names.map((name) => item(name, { aside })),
    weight,
  })
  return [
    part('stops user units:', stopped, 'gone'),
    part('restarts user units:', restarted),
    part('reloads user units:', reloaded),
    part('starts user units:', started),
    part('does not stop user units:', notStopped),
  ]
}

/** What the change does to units that it does not concern. */
function effectParts({
  alsoStarted = [],
  restartedWith = [],
  stoppedWith = [],
  reexecuted,
}: UnitChanges): readonly Part[] {
  const fallen = (units: typeof restartedWith) =>
    units
      .filter(({ unit }) => !unit.endsWith('.target'))
      .map(({ unit, with: seeds }) => item(unit, { aside: cleanLine(`with ${seeds.join(', ')}`) }))
  const states = { failed: 'had failed', stopped: 'was stopped', ended: '', inactive: '' }
  const surprising = alsoStarted.filter(({ was }) => states[was] !== '')
  const others = alsoStarted.filter(({ was }) => states[was] === '')
  const reason = { package: 'another build of it', settings: 'its settings changed' }
  return [
    { verb: 'stops with it:', items: fallen(stoppedWith), weight: 'gone' },
    { verb: 'restarts with it:', items: fallen(restartedWith), weight: 'own' },
    {
      verb: 'also starts (wanted, not running):',
      items: [...surprising, ...others].map(({ unit, was }) => item(unit, { aside: states[was] })),
      weight: 'own',
    },
    ...(reexecuted === undefined ? [] : sentences([`systemd itself is executed again (${reason[reexecuted]})`])),
  ]
}

function etcParts(etc: readonly EtcChange[] | null): readonly Part[] {
  const some = (change: EtcChange['change'], inherited: boolean, weight: Part['weight']): Part => ({
    verb: change,
    items: (etc ?? [])
      .filter((entry) => entry.change === change && (entry.inherited === true) === inherited)
      .map((entry) => item(entry.path, { patch: patchOf(entry) })),
    weight,
  })
  return [
    some('removed', false, 'gone'),
    some('added', false, 'own'),
    some('changed', false, 'own'),
    some('changed', true, 'inherited'),
  ]
}

function patchOf({ patch, withheld }: EtcChange): string | null {
  if (patch != null) return cleanPatch(patch)
  if (withheld === undefined) return null
  switch (withheld) {
    case 'too-large':
      return 'Too many lines differ to show them here.'
    case 'secrets':
      return 'Only values that look like secrets differ; fleet does not show them.'
  }
}

/**
 * Each line of a patch is cleaned by itself: a line break that is not a line feed would show as a line that is not in the patch.
 * A tab at the start of a line is worth more than one space.
 */
function cleanPatch(patch: string): string {
  const lines = withoutEnd(patch.replaceAll('\t', '    '), '\n').split('\n')
  return lines.map((line) => cleanText(line).replaceAll('\n', ' ')).join('\n')
}

function nameParts(names: NameChanges | null | undefined): readonly Part[] {
  const all = (list: readonly string[] | undefined) => (list ?? []).map((name) => item(name))
  return [
    { verb: 'removed', items: all(names?.removed), weight: 'gone' },
    { verb: 'added', items: all(names?.added), weight: 'own' },
    { verb: 'changed', items: all(names?.changed), weight: 'own' },
  ]
}

function portParts(firewall: PortChanges | null | undefined): readonly Part[] {
  const switched = { true: ['switched on'], false: ['switched off'], null: [] }
  return [
    ...sentences(switched[`${firewall?.enabled ?? null}`]),
    { verb: 'opens', items: (firewall?.opened ?? []).map((port) => item(port)), weight: 'own' },
    { verb: 'closes', items: (firewall?.closed ?? []).map((port) => item(port)), weight: 'gone' },
  ]
}

function inhibitorParts({ host: { diff } }: ChangeGroup): readonly Part[] {
  const shown = (value: string | null) => (value === null ? 'none' : cleanLine(value))
  const all = diff.inhibitors ?? []
  return [
    {
      verb: '',
      items: all.map(({ name, from, to }) => item(name, { detail: `${shown(from)} → ${shown(to)}`, notable: true })),
      weight: 'own',
    },
  ]
}

function rebootParts({ host }: ChangeGroup): readonly Part[] {
  const { needed, because } = host.diff.reboot
  if (isRebootCleared(host)) return sentences(['pending, and no longer needed'])
  const pending = isRebootPending(host)
  if (needed !== true) return sentences(pending ? ['pending already'] : [])
  const reasons = because.map(cleanLine).join(', ')
  const items = [item(`needed${pending ? ' (one is pending already)' : ''}`, { detail: reasons, notable: true })]
  return [{ verb: '', items, weight: 'own' }]
}

function causeParts({ causes }: ChangeGroup): readonly Part[] {
  const named = (causes ?? []).map(({ name, from, to, rebuilds }) => {
    const versions = from !== null && to !== null ? [from, '→', to] : [from === null ? (to ?? '') : `${from} → gone`]
    const what = [name, ...versions].filter((word) => word !== '').join(' ')
    const text =
      rebuilds > 0
        ? `rebuild of ${grouped(rebuilds)} derivation${rebuilds === 1 ? '' : 's'} caused by ${what}`
        : `own change of ${what}`
    return item(text, { notable: isNotablePackage(name) })
  })
  return [{ verb: '', items: named, weight: 'own' }]
}

/** What is unknown of a change, in words; sizes and causes only where they are asked for, as they are rarely known before a build. */
export function unknownOf({ host: { diff }, sizeDelta, download, causes }: ChangeGroup): Unknown {
  const main: readonly (readonly [string, string, unknown])[] = [
    ['packages', 'packages', diff.packages],
    ['units', 'units', diff.units],
    ['etc', '/etc', diff.etc],
    ['users', 'users', diff.users],
    ['groups', 'groups', diff.groups],
    ['firewall', 'firewall', diff.firewall],
    ['inhibitors', 'switch inhibitors', diff.inhibitors],
    ['reboot', 'reboot', diff.reboot.needed],
  ]
  const minor = [
    ['sizeDelta', 'closure size', sizeDelta],
    ['download', 'download', download],
    ['causes', 'rebuild causes', causes],
  ] as const
  const missing = (list: readonly (readonly [string, string, unknown])[]) =>
    list.flatMap(([key, title, value]) => (value == null || diff.provenance?.[key] === 'unknown' ? [title] : []))
  const [names, minorNames] = [missing(main), missing(minor)]
  return { names, minor: minorNames, everything: names.length === main.length }
}

/** Titles of what is unknown. */
export interface Unknown {
  readonly names: readonly string[]
  readonly minor: readonly string[]
  /** Nothing of weight is known. */
  readonly everything: boolean
}
