import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { Diff, HostPlan, HostSettings, Note } from '../../model/plan/plan-schema.ts'

/**
 * A host's settings for this one change: where NixOS refuses to switch because a switch inhibitor changes, and
 * `onInhibitors: boot` allows it, the system is activated at the next boot. `mode: test` sets nothing for the next boot.
 */
export function settingsFor(settings: HostSettings, diff: Pick<Diff, 'inhibitors'>): HostSettings {
  const isBoot = settings.mode === 'switch' && settings.onInhibitors === 'boot' && isInhibited(settings, diff)
  return isBoot ? { ...settings, mode: 'boot' } : settings
}

/** True where NixOS refuses the activation; for the next boot an inhibitor does not matter. */
function isInhibited({ mode }: HostSettings, { inhibitors }: Pick<Diff, 'inhibitors'>): boolean {
  return mode !== 'boot' && (inhibitors?.length ?? 0) > 0
}

/**
 * What a plan says of a host that is activated at the next boot because a switch inhibitor changes; `written` as fleet.yaml has
 * it, `planned` for this change. That a host is refused instead is seen from its difference.
 */
export function inhibitorNotes(
  written: HostSettings,
  planned: HostSettings,
  diff: Pick<Diff, 'inhibitors'>,
): readonly Note[] {
  if (!isInhibited(written, diff) || planned.mode !== 'boot') return []
  const then = planned.reboot === 'when-needed' ? 'fleet reboots the host after that.' : 'Reboot the host after that.'
  return [
    {
      code: 'plan/boots-instead',
      severity: 'warning',
      summary: `activated at the next boot: ${namesOf(diff)}`,
      detail: `NixOS refuses to switch because a switch inhibitor changes; the system is set for the next boot instead (onInhibitors: boot). ${then}`,
    },
  ]
}

/** Why hosts of the selection cannot be changed: told before anything starts. */
export function inhibitorRefusals(
  hosts: Readonly<Record<string, HostPlan>>,
  selected: ReadonlySet<string>,
): readonly Diagnostic[] {
  return Object.entries(hosts).flatMap(([host, planned]) => {
    if (!selected.has(host) || planned.action !== 'change' || !isInhibited(planned.settings, planned.diff)) return []
    const summary = 'the host cannot switch while running'
    const detail = `NixOS refuses to switch because ${namesOf(planned.diff)} changes. ${refused(planned.settings)}`
    return [diagnostic('plan/inhibited', summary, detail, { host })]
  })
}

function namesOf({ inhibitors }: Pick<Diff, 'inhibitors'>): string {
  return `switch inhibitor ${(inhibitors ?? []).map(({ name }) => name).join(', ')}`
}

function refused({ mode }: HostSettings): string {
  const boot = 'Set `onInhibitors: boot` for this host, and plan again: the system is activated at the next boot then.'
  return mode === 'test' ? `mode: test cannot do that. Set \`mode: boot\` for this host, and plan again.` : boot
}
