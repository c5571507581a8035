import type { Code } from '../../model/codes/codes.ts'
import type { ApplyRequest } from './rollout.ts'
import type { Overrides } from '../../model/run/event-schema.ts'
import type { Stream } from './stream.ts'

/** Opens the stream of a run, and says what a reader should know before anything happens. */
export function announce(
  stream: Stream,
  { plan, selection, promoted, overrides, notes, version, operator, resumes }: ApplyRequest,
): void {
  const hosts = selection.flatMap((wave) => wave.hosts)
  stream.emit({
    type: 'run.started',
    fleet: version,
    name: plan.body.name,
    planId: plan.planId,
    startedBy: operator,
    waves: selection,
    resumes,
    promoted: [...promoted],
    overrides,
  })
  for (const { code, severity, summary, detail, host } of notes)
    stream.emit({ type: 'diagnostic', code, severity, summary, detail, host })
  const aside = setAside(overrides)
  if (aside !== '') warn(stream, 'run/override', 'a safeguard was overridden', `${aside}. Reason: ${overrides.reason}`)
  if (resumes !== null)
    warn(
      stream,
      'run/resumes',
      'resumes a run that did not finish',
      `Run ${resumes} of this plan has no recorded end. fleet asks the hosts what they run.`,
    )
  for (const host of hosts) {
    const missing = plan.body.hosts[host]?.settings.dependsOn.filter((other) => !hosts.includes(other)) ?? []
    if (missing.length > 0)
      warn(stream, 'run/dependency-outside', 'depends on a host outside this run', {
        host,
        detail: `${host} depends on ${missing.join(', ')}, which this run does not touch.`,
      })
  }
}

/** What was overridden that takes a reason. */
function setAside({ skipBake, outOfOrder, forceStale }: Overrides): string {
  return [
    ...(skipBake ? ['No wave bakes (--skip-bake)'] : []),
    ...(outOfOrder ? ['Earlier waves were not checked (--out-of-order)'] : []),
    ...(forceStale.length > 0 ? [`Changed although stale: ${forceStale.join(', ')} (--force-stale)`] : []),
  ].join('. ')
}

/** A warning in the stream; the summary never varies for a code. */
export function warn(
  stream: Stream,
  code: Code,
  summary: string,
  about: string | { readonly host: string; readonly detail: string },
): void {
  const { host, detail } = typeof about === 'string' ? { host: null, detail: about } : about
  stream.emit({ type: 'diagnostic', code, severity: 'warning', summary, detail, host })
}
