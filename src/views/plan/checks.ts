import type { Plan } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import { counted } from '../terminal/amounts.ts'

/** Hosts, or waves, with the same checks. All of it is cleaned. */
interface CheckedAlike {
  readonly checks: readonly string[]
  readonly kind: 'hosts' | 'waves'
  readonly names: readonly string[]
}

/** Lists of checks that are told one by one; the rest is counted. */
const listsAtMost = 6

/**
 * Which checks run where when the plan is applied, in one line, the list of most hosts first; empty: nothing is checked. Where some are
 * counted alone, the hint says how to see them.
 */
export function checksLine(plan: Plan, { all, hint }: { readonly all: boolean; readonly hint: string }): string {
  const lists = checkedAlike(plan)
  const planned = Object.values(plan.body.hosts).filter(({ action }) => action !== 'excluded').length
  const shown = lists
    .slice(0, all ? Infinity : listsAtMost)
    .map((one) => `${checkNames(one)} on ${placesOf(one, planned)}`)
  const rest = lists.length - shown.length
  if (rest > 0) shown.push(counted(rest, 'more combination') + hint)
  return shown.length === 0 ? '' : `Checks: ${shown.join('; ')}.`
}

function checkedAlike({ body }: Plan): readonly CheckedAlike[] {
  const hosts = Object.entries(body.hosts).flatMap(([name, { action, settings }]) =>
    action === 'excluded' || action === 'evaluation-failed' ? [] : [{ name, checks: settings.checks }],
  )
  const isPlanned = (wave: string) =>
    Object.values(body.hosts).some((host) => host.wave === wave && host.action !== 'excluded')
  const waves = body.waves.flatMap(({ name, checks }) =>
    checks.length > 0 && isPlanned(name) ? [{ name, checks }] : [],
  )
  const alike = alikeOf(hosts, 'hosts').toSorted((a, b) => b.names.length - a.names.length)
  return [...alike, ...alikeOf(waves, 'waves')]
}

function alikeOf(
  all: readonly { readonly name: string; readonly checks: readonly string[] }[],
  kind: CheckedAlike['kind'],
): readonly CheckedAlike[] {
  const groups = new Map<string, { checks: readonly string[]; names: string[] }>()
  for (const { name, checks } of all) {
    const key = JSON.stringify(checks)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { checks: checks.map(cleanLine), names: [cleanLine(name)] })
    else known.names.push(cleanLine(name))
  }
  return [...groups.values()].map((group) => ({ ...group, kind }))
}

/** The checks of one such group in words: `ssh, units`, or that there are none. */
function checkNames({ checks }: CheckedAlike): string {
  return checks.length === 0 ? 'no checks' : checks.join(', ')
}

/** Where the checks run, in a few words: `all 5 hosts`, `grey-area`, `wave servers`. */
function placesOf({ kind, names }: CheckedAlike, planned: number): string {
  if (kind === 'waves') return names.map((name) => `wave ${name}`).join(', ')
  if (names.length === planned && planned > 1) return planned === 2 ? 'both hosts' : `all ${counted(planned, 'host')}`
  return names.length > 3 ? counted(names.length, 'host') : names.join(', ')
}
