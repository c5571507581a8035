import type { PackageChange } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Item, Part } from './topic.ts'

/** What the whole system hangs on, as names of packages: kernel, init, TLS, login, libc. */
const notable = /^(?:linux|linux[-_]\d[\w.]*|systemd|openssl|openssh|glibc)$/

/** True for the few packages that a reviewer must see even where there is little room. */
export function isNotablePackage(name: string): boolean {
  return notable.test(name)
}

/** Packages by what happens to them; what disappears first, then what gets older, and in each what a person chose first. */
export function packageParts(packages: readonly PackageChange[] | null): readonly Part[] {
  const directions = [
    ['removed', 'gone'],
    ['down', 'own'],
    ['added', 'own'],
    ['up', 'own'],
    ['changed', 'own'],
  ] as const
  return directions.map(([verb, weight]) => ({
    verb,
    items: (packages ?? [])
      .filter((change) => directionOf(change) === verb)
      .toSorted((a, b) => rank(a) - rank(b))
      .map(itemOf),
    weight,
  }))
}

function rank({ name, selected }: PackageChange): number {
  return isNotablePackage(name) ? 0 : selected === true ? 1 : 2
}

function directionOf({ from, to, direction }: PackageChange): NonNullable<PackageChange['direction']> {
  if (direction !== undefined) return direction
  return from.length === 0 ? 'added' : to.length === 0 ? 'removed' : 'changed'
}

function itemOf(change: PackageChange): Item {
  const [from, to] = [versions(change.from), versions(change.to)]
  const both = change.from.length > 0 && change.to.length > 0
  return {
    name: cleanLine(change.name),
    aside: '',
    detail: both ? `${from === '' ? '?' : from} → ${to === '' ? '?' : to}` : from + to,
    notable: isNotablePackage(change.name),
    chosen: change.selected === true,
    patch: null,
  }
}

function versions(list: readonly string[]): string {
  return list
    .map(cleanLine)
    .filter((version) => version !== '')
    .join(' + ')
}
