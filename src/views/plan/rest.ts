import type { Plan } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import { isRebootPending } from './groups.ts'

/** Hosts of a plan that are left out of it, by the reason. */
export function leftOutOf({ body }: Plan): ReadonlyMap<string, readonly string[]> {
  const byReason = new Map<string, string[]>()
  for (const [name, host] of Object.entries(body.hosts)) {
    if (host.action !== 'excluded') continue
    const reason = cleanLine(host.reason)
    const names = byReason.get(reason)
    if (names === undefined) byReason.set(reason, [cleanLine(name)])
    else names.push(cleanLine(name))
  }
  return byReason
}

/** Hosts that the plan leaves as they are, in its order. */
export interface UpToDate {
  /** What is true of them: `Up to date`, or `Same as at main` where no host was contacted. */
  readonly words: string
  /** Cleaned; never empty. */
  readonly names: readonly string[]
}

/** The hosts that are up to date, and apart from them those that wait for a reboot. */
export function upToDateOf({ body }: Plan): readonly UpToDate[] {
  const words = body.base == null ? 'Up to date' : `Same as at ${cleanLine(body.base.ref)}`
  const namesOf = (isPending: boolean) =>
    Object.entries(body.hosts).flatMap(([name, host]) =>
      host.action === 'none' && isRebootPending(host) === isPending ? [cleanLine(name)] : [],
    )
  return [
    { words, names: namesOf(false) },
    { words: `${words}, reboot pending`, names: namesOf(true) },
  ].filter(({ names }) => names.length > 0)
}
