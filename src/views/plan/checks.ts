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

/** Which checks run where when the plan is applied, a sentence for each list of checks, the one that most hosts have first. */
export function checkSentences(plan: Plan, most = listsAtMost): readonly string[] {
  const alike = checkedAlike(plan)
  const shown = alike.slice(0, most).map((one) => `checks: ${checkNames(one)} (${askedOf(one)})`)
  const rest = alike.length - shown.length
  return rest > 0 ? [...shown, `checks: ${counted(rest, 'other list')} of them`] : shown
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

/** Whom the checks are asked of, where there is no room for every name: `5 hosts`, `grey-area`, `wave servers`. */
function askedOf({ kind, names }: CheckedAlike): string {
  if (kind === 'waves') return names.map((name) => `wave ${name}`).join(', ')
  return names.length > 3 ? counted(names.length, 'host') : names.join(', ')
}
