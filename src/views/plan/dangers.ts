import type { ChangedHost, HostPlan, Note, Plan } from '../../model/plan/plan-schema.ts'
import { brokenWords, missingWords } from '../../model/plan/plan.ts'
import { cleanLine, cleanText } from '../../model/text/text.ts'
import type { Role } from '../terminal/paint.ts'
import { isRebootCleared, isRebootPending } from './groups.ts'

/** Something a reviewer must see before anything else. */
export interface Danger {
  readonly hosts: readonly string[]
  readonly role: Role
  readonly summary: string
  /** Full sentences, a line break between paragraphs; empty: none. */
  readonly detail: string
  /** What the operator wrote down about the host; empty: nothing. */
  readonly note: string
  /** The detail tells how a host is reached, and is not for everybody. */
  readonly isPrivate: boolean
}

/** Everything dangerous in a plan, the worst first: reboots, what is refused, who does not answer; equal ones as one. */
export function dangersOf(plan: Plan): readonly Danger[] {
  const hosts = Object.entries(plan.body.hosts)
  const changed = hosts.flatMap(([name, host]) => (host.action === 'change' ? [[cleanLine(name), host] as const] : []))
  return mergeDangers([
    ...changed.flatMap(([name, host]) => rebootOf(name, host)),
    ...changed.flatMap(([name, host]) => refusalOf(name, host)),
    ...changed.flatMap(([name, host]) => firewallOf(name, host)),
    ...hosts.flatMap(([name, host]) => failureOf(cleanLine(name), host)),
    ...plan.body.notes.flatMap((note) => noteOf([], note)),
    ...hosts.flatMap(([name, host]) => host.notes.flatMap((note) => noteOf([cleanLine(name)], note))),
    ...hosts.flatMap(([name, host]) => failedUnitsOf(cleanLine(name), host)),
  ])
}

/** Something about the whole plan that is no danger, such as what was compared with what. */
export interface Remark {
  readonly summary: string
  /** Full sentences; empty: none. */
  readonly detail: string
}

/** What is worth knowing of the whole plan, in its order. */
export function remarksOf({ body }: Plan): readonly Remark[] {
  return body.notes.flatMap(({ severity, summary, detail }) =>
    severity === 'info' ? [{ summary: cleanLine(summary), detail: cleanText(detail ?? '').trim() }] : [],
  )
}

function danger(host: string, role: Role, summary: string, detail = ''): Danger {
  return { hosts: [host], role, summary, detail, note: '', isPrivate: false }
}

function rebootOf(name: string, host: ChangedHost): readonly Danger[] {
  const { needed, because } = host.diff.reboot
  if (needed !== true || isRebootCleared(host)) return []
  const reasons = because.map(cleanLine).join(', ')
  const pending = isRebootPending(host) ? ' (one is pending already)' : ''
  const who =
    host.settings.reboot === 'never'
      ? 'fleet does not reboot (reboot: never).'
      : 'fleet reboots it (reboot: when-needed).'
  return [danger(name, 'bad', `reboot needed${pending}${reasons === '' ? '' : `: ${reasons}`}`, who)]
}

/** An inhibitor that differs stops `switch`; for the next boot it does not matter. */
function refusalOf(name: string, { diff, settings }: ChangedHost): readonly Danger[] {
  const names = (diff.inhibitors ?? []).map((inhibitor) => cleanLine(inhibitor.name))
  if (names.length === 0 || settings.mode === 'boot') return []
  const detail =
    'A switch inhibitor changes, so that the host takes this system at a boot only: deploy it with mode: boot.'
  return [danger(name, 'bad', `will refuse to switch: ${names.join(', ')}`, detail)]
}

function firewallOf(name: string, { diff, settings }: ChangedHost): readonly Danger[] {
  const ssh = `tcp/${settings.ssh.port ?? 22}`
  return [
    ...(diff.firewall?.enabled === false ? [danger(name, 'bad', 'the firewall is switched off')] : []),
    ...(diff.firewall?.closed.includes(ssh) === true
      ? [
          danger(
            name,
            'bad',
            `the firewall closes ${ssh}`,
            'fleet reaches the host through that port, unless ssh_config has another.',
          ),
        ]
      : []),
  ]
}

function failureOf(name: string, host: HostPlan): readonly Danger[] {
  if (host.action !== 'unreachable' && host.action !== 'evaluation-failed') return []
  const isUnreachable = host.action === 'unreachable'
  const kind = isUnreachable ? missingWords(host.failure) : brokenWords(host.failure)
  const why = cleanLine(host.failure.summary)
  const note = cleanLine(host.settings.note ?? '')
  const detail = cleanText(host.failure.detail).trim()
  const role = isUnreachable ? 'warning' : 'bad'
  return [
    { ...danger(name, role, why.endsWith(kind) ? kind : `${kind}: ${why}`, detail), note, isPrivate: isUnreachable },
  ]
}

function noteOf(hosts: readonly string[], note: Note): readonly Danger[] {
  if (note.severity === 'info') return []
  return [
    {
      hosts,
      role: note.severity === 'error' ? 'bad' : 'warning',
      summary: `${hosts.length === 0 ? `${note.severity}: ` : ''}${cleanLine(note.summary)}`,
      detail: cleanText(note.detail ?? '').trim(),
      note: '',
      isPrivate: false,
    },
  ]
}

function failedUnitsOf(name: string, host: HostPlan): readonly Danger[] {
  if (!('from' in host) || host.from === null || host.from.failedUnits.length === 0) return []
  // The plan's own note says the same.
  if (host.notes.some(({ code }) => code === 'plan/failed-units')) return []
  return [danger(name, 'warning', `failed before this change: ${host.from.failedUnits.map(cleanLine).join(', ')}`)]
}

/** Equal dangers of several hosts become one, at the place of the first; the worst come first. */
export function mergeDangers(dangers: readonly Danger[]): readonly Danger[] {
  const merged = new Map<string, { readonly danger: Danger; readonly hosts: string[] }>()
  for (const danger of dangers) {
    const key = JSON.stringify([danger.role, danger.summary, danger.detail, danger.note])
    const before = merged.get(key)
    if (before === undefined) merged.set(key, { danger, hosts: [...danger.hosts] })
    else before.hosts.push(...danger.hosts)
  }
  const all = [...merged.values()].map(({ danger, hosts }) => ({ ...danger, hosts }))
  return [...all.filter(({ role }) => role === 'bad'), ...all.filter(({ role }) => role !== 'bad')]
}

/** The same with those of one summary as one, without what each says at length, where there are more of them than so many. */
export function foldDangers(dangers: readonly Danger[], atMost: number): readonly Danger[] {
  const counts = new Map<string, number>()
  for (const { summary } of dangers) counts.set(summary, (counts.get(summary) ?? 0) + 1)
  return mergeDangers(
    dangers.map((danger) =>
      (counts.get(danger.summary) ?? 0) > atMost ? { ...danger, detail: '', note: '' } : danger,
    ),
  )
}
