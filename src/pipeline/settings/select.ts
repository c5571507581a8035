import { configurationProblem, type ConfigurationCode } from '../../model/fleet/configuration-problem.ts'
import type { Outcome } from '../../model/diagnostic.ts'
import { globMatches, parseSelector, type Selector } from '../../model/fleet/selector.ts'
import { suggestion } from './suggest.ts'

/** The hosts that one selector names, in their order; or why it names none. */
export type Match =
  | { readonly ok: true; readonly hosts: readonly string[] }
  | { readonly ok: false; readonly code: ConfigurationCode; readonly detail: string }

/** What selectors choose from: hosts in the order of fleet.yaml, and groups' members. */
export interface Selectable {
  readonly hosts: ReadonlySet<string>
  readonly groups: ReadonlyMap<string, readonly string[]>
}

/**
 * Finds the hosts of one selector; for an exclusion those that it excludes. Words joined by `&` name the hosts that all of
 * them name, in the order of the first; `a&!b` those of `a` that `b` does not name.
 */
function match(text: string, from: Selectable): Match {
  const [first = '', ...others] = text.split('&')
  let found = matchWord(first, from)
  for (const word of others) {
    const other = matchWord(word, from)
    if (!found.ok || !other.ok) return found.ok ? other : found
    const named = new Set(other.hosts)
    const isWanted = !parseSelector(word).exclude
    found = { ok: true, hosts: found.hosts.filter((host) => named.has(host) === isWanted) }
  }
  if (!found.ok || found.hosts.length > 0) return found
  return { ok: false, code: 'config/matches-nothing', detail: `No host is named by all of \`${text}\`.` }
}

function matchWord(text: string, from: Selectable): Match {
  const selector = parseSelector(text)
  const hosts = hostsOf(selector, from)
  return hosts.length > 0 ? { ok: true, hosts } : { ok: false, ...nothing(text, selector, from) }
}

function hostsOf(selector: Selector, { hosts, groups }: Selectable): readonly string[] {
  switch (selector.kind) {
    case 'host':
      return hosts.has(selector.name) ? [selector.name] : []
    case 'glob':
      return [...hosts].filter((host) => globMatches(selector.name, host))
    case 'group':
      return groups.get(selector.name) ?? []
  }
}

function nothing(text: string, { kind, name }: Selector, { hosts, groups }: Selectable) {
  const code = 'config/matches-nothing' as const
  switch (kind) {
    case 'host':
      if (groups.has(name))
        return { code: 'config/unknown-host' as const, detail: `\`${text}\` is a group: write "@${name}".` }
      return {
        code: 'config/unknown-host' as const,
        detail: `There is no host \`${name}\`. ${suggestion(name, [...hosts], 'The hosts are')}`,
      }
    case 'glob':
      return {
        code,
        detail: `No host's name is like \`${text}\`. ${suggestion(name.replaceAll(/[*?]/g, ''), [...hosts], 'The hosts are')}`,
      }
    case 'group':
      if (groups.has(name)) return { code, detail: `The group \`${name}\` of \`${text}\` has no hosts.` }
      if (hosts.has(name))
        return {
          code: 'config/unknown-group' as const,
          detail: `\`${name}\` is a host, not a group: write it without \`@\`.`,
        }
      return {
        code: 'config/unknown-group' as const,
        detail: `There is no group \`${name}\`. ${suggestion(name, [...groups.keys()], 'The groups are')}`,
      }
  }
}

/** One match with its place in the list. */
export interface Matched {
  readonly index: number
  readonly selector: Selector
  readonly match: Match
}

/** A list of selectors: what each matches, and the hosts that the list's exclusions leave of their union, in written order. */
export function matchAll(selectors: readonly string[], from: Selectable): { matched: Matched[]; hosts: string[] } {
  const matched = selectors.map((text, index) => ({ index, selector: parseSelector(text), match: match(text, from) }))
  const some = (exclude: boolean) =>
    matched.flatMap((one) => (one.selector.exclude === exclude && one.match.ok ? one.match.hosts : []))
  const excluded = new Set(some(true))
  const onlyExclusions = matched.every(({ selector }) => selector.exclude)
  const union = new Set(onlyExclusions ? from.hosts : some(false))
  return { matched, hosts: [...union].filter((host) => !excluded.has(host)) }
}

/**
 * Expands a list of selectors, as `--on` gives it, into host names in written order. A list of exclusions alone starts
 * from all hosts. A selector that matches nothing is an error that names the nearest match, without a place.
 */
export function expandSelectors(
  selectors: readonly string[],
  hosts: readonly string[],
  groups: Readonly<Record<string, { readonly hosts: readonly string[] }>>,
): Outcome<readonly string[]> {
  const names = new Map(Object.entries(groups).map(([name, group]) => [name, group.hosts]))
  const found = matchAll(selectors, { hosts: new Set(hosts), groups: names })
  const diagnostics = found.matched.flatMap(({ match: one }) =>
    one.ok ? [] : [configurationProblem(one.code, one.detail, null)],
  )
  if (diagnostics.length === 0 && found.hosts.length === 0) {
    const detail = `The exclusions in ${selectors.map((text) => `\`${text}\``).join(' ')} leave no host.`
    diagnostics.push(configurationProblem('config/matches-nothing', detail, null))
  }
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, value: found.hosts, diagnostics }
}
