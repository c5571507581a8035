import type { ChangedHost, Diff, EtcChange, PackageChange, UnitChanges } from '../model/plan-schema.ts'
import { cleanLine } from '../model/text.ts'
import { hardSpace } from './width.ts'

/** How many names of a kind a row may hold before the rest is counted. */
const namedAtMost = 5

/** One host's change in one line: packages first, then size, units, /etc, reboot; what is not known is said to be so. */
export function tellChange(diff: Diff, verbose: boolean): string {
  const limit = verbose ? Infinity : namedAtMost
  const parts = [
    ...packagesPart(diff, limit),
    ...sizesPart(diff),
    ...unitsPart(diff.units, limit),
    ...etcPart(diff.etc, limit),
    ...(diff.reboot.needed === true ? ['reboot needed'] : []),
    ...unknownPart(diff),
  ]
  return parts.length === 0 ? 'another system; no difference found in packages, units or /etc' : parts.join('; ')
}

function packagesPart({ packages, exact }: Diff, limit: number): readonly string[] {
  if (packages === null) return []
  // A prediction looks at installed packages alone: that they are the same does not make the closure the same.
  if (packages.length === 0) return exact ? [] : ['installed packages keep their versions (predicted)']
  return [named(packages.map(tellPackage), limit, 'package') + (exact ? '' : ' (predicted)')]
}

/** `forgejo 11.0.7 → 11.0.8`, `+ jq 1.7`, `- emacs 29.1`. */
function tellPackage({ name, from, to }: PackageChange): string {
  const what = cleanLine(name)
  if (from.length === 0) return ['+', what, ...versions(to)].join(hardSpace)
  if (to.length === 0) return ['-', what, ...versions(from)].join(hardSpace)
  return [what, ...versions(from), '→', ...versions(to)].join(hardSpace)
}

function versions(list: readonly string[]): readonly string[] {
  const text = list
    .map(cleanLine)
    .filter((version) => version !== '')
    .join(`${hardSpace}+${hardSpace}`)
  return text === '' ? [] : [text]
}

function sizesPart({ sizeDelta, download }: Diff): readonly string[] {
  return [
    ...(sizeDelta === null || sizeDelta === 0 ? [] : [`${sizeDelta > 0 ? '+' : '-'}${bytes(Math.abs(sizeDelta))}`]),
    ...(download === null || download === 0 ? [] : [`${bytes(download)} to download`]),
  ]
}

function unitsPart(units: UnitChanges | null, limit: number): readonly string[] {
  if (units === null) return []
  const kinds = [
    ['stops', units.stopped],
    ['restarts', units.restarted],
    ['reloads', units.reloaded],
    ['starts', units.started],
  ] as const
  return kinds.flatMap(([verb, names]) =>
    names.length === 0 ? [] : [`${verb} ${named(names.map(cleanLine), limit, 'unit')}`],
  )
}

function etcPart(etc: readonly EtcChange[] | null, limit: number): readonly string[] {
  if (etc === null || etc.length === 0) return []
  // What disappears is what is missed later, so it comes first.
  const order = ['removed', 'added', 'changed'] as const
  const sorted = order.flatMap((change) => etc.filter((entry) => entry.change === change))
  return [
    `/etc: ${named(
      sorted.map((entry) => `${cleanLine(entry.path)}${hardSpace}${entry.change}`),
      limit,
      'entry',
      'entries',
    )}`,
  ]
}

function unknownPart(diff: Diff): readonly string[] {
  const unknown = [
    ...(diff.packages === null ? ['packages'] : []),
    ...(diff.units === null ? ['units'] : []),
    ...(diff.etc === null ? ['/etc'] : []),
    ...(diff.reboot.needed === null ? ['reboot'] : []),
  ]
  return unknown.length === 0 ? [] : [`not known: ${unknown.join(', ')}`]
}

function named(names: readonly string[], limit: number, noun: string, plural = `${noun}s`): string {
  const rest = names.length - limit
  if (rest <= 0) return names.join(', ')
  return `${names.slice(0, limit).join(', ')} and ${rest} more ${rest === 1 ? noun : plural}`
}

/** Bytes for people: `640 KiB`, `1.2 MiB`, with a hard space. */
function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = count
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)}${hardSpace}${units[unit]}`
}

/** What two hosts must have in common to be shown as one change. */
export function changeKey({ diff }: ChangedHost): string {
  return JSON.stringify([diff.exact, diff.packages, diff.units, diff.etc, diff.reboot])
}
