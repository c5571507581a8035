import type { Plan } from '../../model/plan/plan-schema.ts'
import { type Danger, mergeDangers } from '../terminal/danger.ts'
import { dangersOf, type Remark, remarksOf } from './dangers.ts'

/** Shorter ones are no addresses, and would be found in words. */
const shortest = 4

/** What a page that anybody may read tells in words: no address of a host and no login, which only the plan file has. */
export interface PublicWords {
  readonly dangers: readonly Danger[]
  readonly remarks: readonly Remark[]
  /** Another text of the plan without them. */
  readonly hide: (text: string) => string
}

/** The dangers and remarks of a plan, for everybody. */
export function publicWordsOf(plan: Plan): PublicWords {
  const hide = hideLogins(plan)
  const hidden = dangersOf(plan).map((danger) => ({
    ...danger,
    kind: hide(danger.kind),
    why: hide(danger.why),
    detail: danger.isPrivate ? '' : hide(danger.detail),
    note: hide(danger.note),
  }))
  // Hosts that differed in what is hidden alone are alike now.
  const dangers = mergeDangers(hidden)
  return {
    hide,
    dangers,
    remarks: remarksOf(plan).map((remark) => ({
      ...remark,
      summary: hide(remark.summary),
      detail: hide(remark.detail),
    })),
  }
}

function hideLogins({ body }: Plan): (text: string) => string {
  const addresses = new Set<string>()
  const users = new Set<string>()
  for (const [name, { settings }] of Object.entries(body.hosts)) {
    for (const address of settings.address) if (address !== name && !(address in body.hosts)) addresses.add(address)
    if (settings.ssh.user !== null) users.add(settings.ssh.user)
  }
  const longestFirst = (texts: ReadonlySet<string>) =>
    [...texts].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
  const known = longestFirst(addresses).filter((address) => address.length >= shortest)
  const pattern = [
    ...longestFirst(users).map((user) => `(?<!\\w)${quoted(user)}@`),
    ...known.map((address) => `(?<![\\w.-])${quoted(address)}(?![\\w-])`),
  ].join('|')
  if (pattern === '') return (text) => text
  const logins = new RegExp(pattern, 'g')
  return (text) => text.replace(logins, (found) => (found.endsWith('@') ? '' : '(address)'))
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
