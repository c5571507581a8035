import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import type { CheckTypes } from '../../ports/check.ts'

/**
 * What the checks of the selected hosts and their waves need on the operator's machine and do not find. A check that can
 * only ever be an error would pause every rollout: better said while planning.
 */
export async function missingPrograms(
  { hosts, waves, checks }: Pick<Fleet, 'hosts' | 'waves' | 'checks'>,
  selected: ReadonlySet<string>,
  { checkTypes }: { readonly checkTypes: CheckTypes },
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const used = new Set([
    ...hosts.flatMap(({ name, settings }) => (selected.has(name) ? settings.checks : [])),
    ...waves.flatMap((wave) => (wave.hosts.some((host) => selected.has(host)) ? wave.checks : [])),
  ])
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const missing = used.has(name) ? await checkTypes[check.type]?.missing?.(check, signal) : null
      return missing == null ? [] : [diagnostic(missing.code, missing.summary, `Check ${name}: ${missing.detail}`)]
    }),
  )
  return found.flat()
}
