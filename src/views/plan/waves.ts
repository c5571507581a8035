import { formatDuration } from '../../model/fleet/duration.ts'
import type { HostPlan, Plan, Wave } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'

/** A wave as a row of counts. */
export interface WaveRow {
  readonly name: string
  readonly hosts: number
  readonly change: number
  readonly reboot: number
  /** Unreachable, or not evaluated. */
  readonly missing: number
  /** `1 at once; 1 failure halts; bakes 10m`. */
  readonly how: string
}

/** The waves that have a host in this plan, in order. */
export function waveRowsOf({ body }: Plan): readonly WaveRow[] {
  return body.waves.flatMap((wave): readonly WaveRow[] => {
    const members = wave.hosts.flatMap((name) => body.hosts[name] ?? []).filter(({ action }) => action !== 'excluded')
    const count = (test: (host: HostPlan) => boolean) => members.filter(test).length
    if (members.length === 0) return []
    return [
      {
        name: cleanLine(wave.name),
        hosts: members.length,
        change: count(({ action }) => action === 'change'),
        reboot: count((host) => host.action === 'change' && host.diff.reboot.needed === true),
        missing: count(({ action }) => action === 'unreachable' || action === 'evaluation-failed'),
        how: wayOf(wave),
      },
    ]
  })
}

function wayOf(wave: Wave): string {
  const parts = [
    `${wave.maxParallel} at once`,
    wave.batches.length > 0 ? `batches ${wave.batches.join(', ')}` : '',
    wave.maxFailures > 0 ? `${wave.maxFailures + 1} failures halt` : '1 failure halts',
    wave.bakeTimeMs > 0 ? `bakes ${formatDuration(wave.bakeTimeMs)}` : '',
    wave.promotion === 'manual' ? 'then asks' : '',
  ]
  return parts.filter((part) => part !== '').join('; ')
}

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
