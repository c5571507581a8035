import { followsFrom } from '../../model/codes/codes.ts'
import type { ChangedHost, HostPlan, Note, Plan } from '../../model/plan/plan-schema.ts'
import { isRebootOnly } from '../../model/host/converged.ts'
import { brokenWords, missingWords, wasContacted } from '../../model/plan/plan.ts'
import { cleanLine, cleanText } from '../../model/text/text.ts'
import { type Danger, mergeDangers } from '../terminal/danger.ts'
import { hereOf, hereTitle } from './here/entries.ts'
import { isRebootCleared, isRebootPending } from './groups.ts'

/** Everything dangerous in a plan, the worst first: reboots, what is refused, who does not answer; equal ones as one. */
export function dangersOf(plan: Plan): readonly Danger[] {
  const hosts = Object.entries(plan.body.hosts)
  const changed = hosts.flatMap(([name, host]) => (host.action === 'change' ? [[cleanLine(name), host] as const] : []))
  // What would happen, where nothing will.
  const isPlan = plan.body.comparison == null
  return mergeDangers([
    ...changed.flatMap(([name, host]) => rebootOf(name, host, isPlan)),
    ...changed.flatMap(([name, host]) => refusalOf(name, host, isPlan)),
    ...changed.flatMap(([name, host]) => firewallOf(name, host)),
    ...changed.flatMap(([name, host]) => sshdOf(name, host)),
    ...newHere(plan),
    ...hosts.flatMap(([name, host]) => failureOf(cleanLine(name), host)),
    ...plan.body.notes.flatMap((note) => noteOf([], note)),
    ...hosts.flatMap(([name, host]) => host.notes.flatMap((note) => noteOf([cleanLine(name)], note))),
    ...hosts.flatMap(([name, host]) => failedUnitsOf(cleanLine(name), host)),
  ])
}

/** What runs on this machine since what the plan is compared with, as one danger; the section of that name has each whole. */
function newHere(plan: Plan): readonly Danger[] {
  const { entries, comparedWith } = hereOf(plan)
  const labels = entries.flatMap(({ mark, label }) => (mark === 'new' ? [label] : []))
  if (labels.length === 0 || comparedWith === null) return []
  const why = `new on this machine: ${labels.join(', ')}`
  const detail = `Not in ${comparedWith}. Read what runs under “${hereTitle}”.`
  return [{ ...plainly, hosts: [], role: 'warning', kind: 'warning', why, detail }]
}

/** Something about the whole plan that is no danger, such as what was compared with what. */
export interface Remark {
  /** An input of the flake that changes: a fact of the head, not a note. */
  readonly isInput: boolean
  readonly summary: string
  /** Full sentences; empty: none. */
  readonly detail: string
}

/** What is worth knowing of the whole plan, in its order. */
export function remarksOf({ body }: Plan): readonly Remark[] {
  return body.notes.flatMap(({ code, severity, summary, detail }) => {
    if (severity !== 'info') return []
    const isInput = code === 'source/input-changed'
    return [{ isInput, summary: cleanLine(summary), detail: cleanText(detail ?? '').trim() }]
  })
}

/** What kind of danger a note of the plan is, by its code; other notes say it themselves. */
const kinds: ReadonlyMap<Note['code'], string> = new Map<Note['code'], string>([
  ['drift/unrecorded', 'drifted'],
  ['drift/behind', 'drifted'],
])

const plainly = { detail: '', note: '', isPrivate: false, traces: [] } as const

function rebootOf(name: string, host: ChangedHost, isPlan: boolean): readonly Danger[] {
  const { needed, because } = host.diff.reboot
  if (needed !== true || isRebootCleared(host) || isRefused(host)) return []
  const detail = !isPlan
    ? ''
    : isRebootOnly(host)
      ? 'fleet reboots it, and changes nothing else.'
      : host.settings.reboot === 'never'
        ? 'This plan does not reboot (reboot: never). Afterwards, run: fleet reboot'
        : 'fleet will reboot after the change (reboot: when-needed).'
  if (isRebootOnly(host))
    return [{ ...plainly, hosts: [name], role: 'bad', kind: 'reboot', why: because.map(cleanLine).join(', '), detail }]
  const kind = `reboot needed${isRebootPending(host) ? ' (one is pending already)' : ''}`
  return [{ ...plainly, hosts: [name], role: 'bad', kind, why: because.map(cleanLine).join(', '), detail }]
}

/** True where NixOS refuses to switch, so that nothing of the change will happen. */
function isRefused({ diff, settings }: Pick<ChangedHost, 'diff' | 'settings'>): boolean {
  return settings.mode !== 'boot' && (diff.inhibitors?.length ?? 0) > 0
}

/** An inhibitor that differs stops `switch`; for the next boot it does not matter. */
function refusalOf(name: string, { diff, settings }: ChangedHost, isPlan: boolean): readonly Danger[] {
  if (!isRefused({ diff, settings })) return []
  const names = (diff.inhibitors ?? []).map((inhibitor) => cleanLine(inhibitor.name))
  const detail = !isPlan
    ? 'NixOS refuses to switch from one to the other because a switch inhibitor changes.'
    : 'NixOS refuses to switch because a switch inhibitor changes, and apply does not start. Set `onInhibitors: boot` for this host, and plan again.'
  return [
    { ...plainly, hosts: [name], role: 'bad', kind: 'cannot switch while running', why: names.join(', '), detail },
  ]
}

function firewallOf(name: string, { diff, settings }: ChangedHost): readonly Danger[] {
  const ssh = `tcp/${settings.ssh.port ?? 22}`
  const open: Danger = { ...plainly, hosts: [name], role: 'bad', kind: '', why: 'the firewall is switched off' }
  const shut: Danger = {
    ...open,
    why: `the firewall closes ${ssh}`,
    detail:
      'fleet connects through this port unless your ssh_config sets another one. After the change it may be locked out.',
  }
  return [...(diff.firewall?.enabled === false ? [open] : []), ...(closes(diff.firewall, ssh) ? [shut] : [])]
}

/** A firewall that is switched on closes all that it does not open. */
function closes(firewall: ChangedHost['diff']['firewall'], port: string): boolean {
  if (firewall == null || firewall.enabled === false) return false
  if (firewall.enabled === null) return firewall.closed.includes(port)
  return !firewall.opened.some((opened) => opened === port || opened.startsWith(`${port}%`) || isInRange(port, opened))
}

function isInRange(port: string, range: string): boolean {
  const [, protocol, from, to] = /^(tcp|udp)\/(\d+)-(\d+)/.exec(range) ?? []
  const [ownProtocol, own] = port.split('/')
  return protocol === ownProtocol && Number(from) <= Number(own) && Number(own) <= Number(to)
}

/** What fleet logs in through must not be stopped by the change, whether its port stays open or not. */
function sshdOf(name: string, { diff: { units }, settings }: ChangedHost): readonly Danger[] {
  const stopped = [...(units?.stopped ?? []), ...(units?.stoppedWith ?? []).map(({ unit }) => unit)]
  const [unit] = stopped.filter((one) => sshServers.has(one))
  // A service whose socket stays is started when it is asked.
  const listens = units?.restarted.includes('sshd.socket') === true || units?.restarted.includes('ssh.socket') === true
  if (unit === undefined || listens || settings.mode === 'boot') return []
  const detail = 'fleet logs in through it. After the change it may be locked out.'
  return [{ ...plainly, hosts: [name], role: 'bad', kind: '', why: `the change stops ${unit}`, detail }]
}

const sshServers: ReadonlySet<string> = new Set(['sshd.service', 'sshd.socket', 'ssh.service', 'ssh.socket'])

function failureOf(name: string, host: HostPlan): readonly Danger[] {
  if (host.action !== 'unreachable' && host.action !== 'evaluation-failed') return []
  const { failure, settings } = host
  const isUnreachable = host.action === 'unreachable'
  const trace = cleanText(failure.trace ?? '').trim()
  return [
    {
      hosts: [name],
      role: isUnreachable ? 'warning' : 'bad',
      kind: isUnreachable ? missingWords(failure) : brokenWords(failure),
      // Of a host that was left alone on purpose there is no more to say than that.
      why: isUnreachable && !wasContacted(failure) ? '' : cleanLine(failure.summary),
      detail: [cleanText(failure.detail).trim(), ...consequenceOf(name, host)].join('\n'),
      note: cleanLine(settings.note ?? ''),
      isPrivate: isUnreachable,
      traces: trace === '' ? [] : [trace],
    },
  ]
}

/** With the defaults a host that does not answer fails the run: the plan is where that can still be helped. */
function consequenceOf(name: string, host: HostPlan): readonly string[] {
  if (host.action !== 'unreachable' || !wasContacted(host.failure)) return []
  const leaveOut = `Leave it out with --on '!${cleanLine(name)}'`
  // A host that lets nobody in is no sleeping laptop: no setting passes it over.
  if (followsFrom(host.failure.code).contact === 'shut-out') return [`fleet apply fails at this host. ${leaveOut}.`]
  if (host.settings.onUnreachable === 'skip') return []
  return [`fleet apply fails at this host (onUnreachable: fail). ${leaveOut}, or set onUnreachable: skip.`]
}

function noteOf(hosts: readonly string[], note: Note): readonly Danger[] {
  if (note.severity === 'info') return []
  return [
    {
      ...plainly,
      hosts,
      role: note.severity === 'error' ? 'bad' : 'warning',
      kind: hosts.length === 0 ? note.severity : (kinds.get(note.code) ?? ''),
      why: cleanLine(note.summary),
      detail: cleanText(note.detail ?? '').trim(),
    },
  ]
}

function failedUnitsOf(name: string, host: HostPlan): readonly Danger[] {
  if (!('from' in host) || host.from === null || host.from.failedUnits.length === 0) return []
  // The plan's own note says the same.
  if (host.notes.some(({ code }) => code === 'plan/failed-units')) return []
  const why = host.from.failedUnits.map(cleanLine).join(', ')
  return [{ ...plainly, hosts: [name], role: 'warning', kind: 'failed units (before this change)', why }]
}
