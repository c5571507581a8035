import { fillIn } from '../../model/fleet/placeholders.ts'
import type { Hook, HostPlan } from '../../model/plan/plan-schema.ts'

/** What a hook is told about: an event, or a gate. */
export interface HookSubject {
  /** Event type or gate. */
  readonly on: string
  readonly run: string
  /** Null where it is about no wave, no host. */
  readonly wave: string | null
  readonly host: string | null
}

/** The variables that a hook's program gets besides the operator's own: `FLEET_…`, and the host's `vars`. */
export function hookEnvironment(
  { on, run, wave, host }: HookSubject,
  hosts: Readonly<Record<string, HostPlan>>,
): Readonly<Record<string, string>> {
  const planned = host === null ? undefined : hosts[host]
  const from = planned !== undefined && 'from' in planned ? planned.from?.system : undefined
  const to = planned !== undefined && 'to' in planned ? planned.to.system : undefined
  return {
    ...planned?.settings.vars,
    FLEET_EVENT: on,
    FLEET_RUN: run,
    FLEET_WAVE: wave ?? planned?.wave ?? '',
    FLEET_HOST: host ?? '',
    FLEET_ADDRESS: planned?.settings.address[0] ?? '',
    FLEET_FROM: from ?? '',
    FLEET_TO: to ?? '',
  }
}

/** The hook with `{{host.name}}` and its like filled in; a word that has no value here is named. */
export function hookFor(
  hook: Hook,
  host: string | null,
  hosts: Readonly<Record<string, HostPlan>>,
): { readonly ok: true; readonly hook: Hook } | { readonly ok: false; readonly word: string } {
  const settings = host === null ? undefined : hosts[host]?.settings
  const values = { name: host, address: settings?.address[0] ?? null, vars: settings?.vars ?? {} }
  const run: string[] = []
  for (const word of hook.run) {
    const filled = fillIn(word, values)
    if (!filled.ok) return filled
    run.push(filled.text)
  }
  return { ok: true, hook: { ...hook, run } }
}

/** The hook as people should see it: filled in where that is possible, else as it is written. */
export function hookAbout(hook: Hook, host: string | null, hosts: Readonly<Record<string, HostPlan>>): Hook {
  const filled = hookFor(hook, host, hosts)
  return filled.ok ? filled.hook : hook
}
