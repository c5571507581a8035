import type { HostPlan, Note, Plan } from '../model/plan-schema.ts'
import { cleanLine, cleanText } from '../model/text.ts'
import type { Role } from './paint.ts'

/** Something a reviewer must see before anything else. */
export interface Danger {
  readonly hosts: readonly string[]
  readonly role: Role
  readonly summary: string
  /** Full sentences, a line break between paragraphs; empty: none. */
  readonly detail: string
}

/** Everything dangerous in a plan: reboots, who does not answer, what does not evaluate, what looks wrong; equal ones as one. */
export function dangersOf(plan: Plan): readonly Danger[] {
  const hosts = Object.entries(plan.body.hosts)
  return merge([
    ...hosts.flatMap(([name, host]) => rebootOf(name, host)),
    ...hosts.flatMap(([name, host]) => failureOf(name, host, 'unreachable')),
    ...hosts.flatMap(([name, host]) => failureOf(name, host, 'evaluation-failed')),
    ...plan.body.notes.flatMap((note) => noteOf([], note)),
    ...hosts.flatMap(([name, host]) => host.notes.flatMap((note) => noteOf([cleanLine(name)], note))),
    ...hosts.flatMap(([name, host]) => failedUnitsOf(name, host)),
  ])
}

function rebootOf(name: string, host: HostPlan): readonly Danger[] {
  if (host.action !== 'change' || host.diff.reboot.needed !== true) return []
  const because = host.diff.reboot.because.map(cleanLine).join(', ')
  const summary = `reboot needed${because === '' ? '' : `: ${because}`}`
  const detail = host.settings.reboot === 'never' ? 'fleet does not reboot (reboot: never).' : ''
  return [{ hosts: [cleanLine(name)], role: 'bad', summary, detail }]
}

function failureOf(name: string, host: HostPlan, action: 'unreachable' | 'evaluation-failed'): readonly Danger[] {
  if (host.action !== action || !('failure' in host)) return []
  const { summary, detail } = host.failure
  const kind = action === 'unreachable' ? 'unreachable' : 'does not evaluate'
  const note = host.settings.note === null ? '' : `\nnote: ${cleanLine(host.settings.note)}`
  return [
    {
      hosts: [cleanLine(name)],
      role: action === 'unreachable' ? 'warning' : 'bad',
      summary: `${kind}: ${cleanLine(summary)}`,
      detail: `${cleanText(detail).trim()}${note}`.trim(),
    },
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
    },
  ]
}

function failedUnitsOf(name: string, host: HostPlan): readonly Danger[] {
  if (!('from' in host) || host.from === null || host.from.failedUnits.length === 0) return []
  const units = host.from.failedUnits.map(cleanLine).join(', ')
  return [{ hosts: [cleanLine(name)], role: 'warning', summary: `failed before this change: ${units}`, detail: '' }]
}

/** Equal dangers of several hosts become one, at the place of the first. */
function merge(dangers: readonly Danger[]): readonly Danger[] {
  const merged = new Map<string, Danger>()
  for (const danger of dangers) {
    const key = JSON.stringify([danger.role, danger.summary, danger.detail])
    const before = merged.get(key)
    merged.set(key, before === undefined ? danger : { ...before, hosts: [...before.hosts, ...danger.hosts] })
  }
  return [...merged.values()]
}
