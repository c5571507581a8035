import { formatDuration } from '../../../model/fleet/duration.ts'
import pLimit from 'p-limit'
import { type Diagnostic, diagnostic } from '../../../model/diagnostic.ts'
import type { HostPlan, PlanBody, Wave } from '../../../model/plan/plan-schema.ts'
import { brokenWords } from '../../../model/plan/plan.ts'
import type { Remote } from '../../../ports/remote.ts'
import { isConverged } from '../../../model/host/converged.ts'
import { observe } from '../../observe/observe.ts'

/** Hosts asked at once. */
const parallelism = 16

/** A plan, the wave that a run is to start with, and whether bakeTime is set aside. */
export interface WaveOrder {
  readonly body: PlanBody
  readonly wave: string
  readonly skipBake: boolean
}

/**
 * What forbids starting with that wave: a host of an earlier wave that is not where this plan wants it, or has not
 * been there for that wave's bakeTime (unless that is set aside). The hosts are asked; no journal is believed.
 */
export async function outOfOrder(
  { body, wave: name, skipBake }: WaveOrder,
  remote: Remote,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const index = body.waves.findIndex((wave) => wave.name === name)
  const limit = pLimit(parallelism)
  const findings = body.waves.slice(0, Math.max(0, index)).flatMap((wave) =>
    wave.hosts.map((host) =>
      limit(async () => {
        const planned = body.hosts[host]
        const reason =
          planned === undefined
            ? null
            : await behind({ name: host, planned, bakeTimeMs: skipBake ? 0 : wave.bakeTimeMs }, remote, signal)
        return reason === null ? [] : [notDone(name, wave, host, reason)]
      }),
    ),
  )
  return (await Promise.all(findings)).flat()
}

function notDone(name: string, wave: Wave, host: string, reason: string): Diagnostic {
  const detail = `Wave ${name} comes after wave ${wave.name}, and ${host} of that wave ${reason}.`
  return diagnostic('apply/out-of-order', 'an earlier wave is not finished', detail, { host })
}

/** Why a host of an earlier wave is not done, in words that follow its name; null: it is. */
async function behind(
  { name, planned, bakeTimeMs }: { readonly name: string; readonly planned: HostPlan; readonly bakeTimeMs: number },
  remote: Remote,
  signal: AbortSignal,
): Promise<string | null> {
  switch (planned.action) {
    case 'excluded':
      return 'is not in this plan: plan without --wave, and choose with `apply --wave`'
    case 'evaluation-failed':
      return brokenWords(planned.failure)
    case 'none':
    case 'change':
    case 'unreachable': {
      const found = await observe({ name, settings: planned.settings, withRoot: false }, remote, signal)
      if (!found.ok)
        return planned.settings.onUnreachable === 'skip' ? null : `did not answer (${found.failure.summary})`
      if (!isConverged(planned.settings.mode, found.value, planned.to)) return 'does not run its planned system yet'
      if (bakeTimeMs === 0) return null
      const age = found.value.profileAgeSeconds
      if (age === null) return 'does not report since when it runs its planned system (bakeTime): check its clock'
      const missing = bakeTimeMs / 1000 - age
      return missing > 0
        ? `has not baked long enough: ${formatDuration(Math.ceil(missing) * 1000)} of bakeTime are missing`
        : null
    }
  }
}
