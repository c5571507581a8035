import { failed } from '../../model/failure.ts'
import type { Host } from '../../model/fleet/fleet.ts'
import { observationFromJson } from '../../model/host/host-observation.ts'
import type { Note } from '../../model/plan/plan-schema.ts'
import type { Status } from '../../model/host/status-schema.ts'
import type { Found, Observation } from '../../model/host/system.ts'

/** What hosts said when somebody else asked them; a host that is not among them is one that did not answer. */
export function observationsOf(
  hosts: readonly Host[],
  { hosts: told, observedAt }: Status,
): ReadonlyMap<string, Found<Observation>> {
  return new Map(
    hosts.map(({ name }): [string, Found<Observation>] => {
      const status = Object.hasOwn(told, name) ? told[name] : undefined
      switch (status?.reach) {
        case 'answered':
          return [name, { ok: true, value: observationFromJson(status.observation) }]
        case 'unreachable':
          return [name, { ok: false, failure: status.failure }]
        case 'disabled':
        case undefined: {
          const detail = `The observations of ${timeOf(observedAt)} do not hold it.`
          return [name, failed('observed/missing', 'not contacted', detail)]
        }
      }
    }),
  )
}

/** Said wherever such a plan is shown. */
export function observedNote({ observedAt }: Pick<Status, 'observedAt'>): Note {
  return {
    code: 'plan/observed',
    severity: 'info',
    summary: `compared with what the hosts said at ${timeOf(observedAt)}`,
    detail:
      'fleet contacted no host for this plan. It can be applied: each host is contacted again under its lock, and one that has changed since is left alone.',
  }
}

function timeOf(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`
}
