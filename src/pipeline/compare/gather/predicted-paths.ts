import type { ClosurePath } from '../../../model/nix/closure.ts'
import type { Store } from '../../../ports/store.ts'
import { type ClosureEvidence, predictClosure } from '../system/predict-closure.ts'

/** Each round reads records of predicted paths that are built; what they refer to may be built as well. */
const mostRounds = 8

/** The paths that a system will need to run, from its derivations and from those of its paths that this machine has built. */
export async function predictedPaths(
  evidence: Omit<ClosureEvidence, 'known'>,
  store: Store,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const known = new Map<string, ClosurePath>()
  const asked = new Set<string>()
  let paths = predictClosure({ ...evidence, known })
  for (let round = 0; round < mostRounds; round++) {
    const open = [...paths].filter((path) => !asked.has(path) && !evidence.before.has(path))
    for (const path of open) asked.add(path)
    const found = await store.records(open, signal)
    if (!found.ok || found.value.size === 0) break
    for (const [path, record] of found.value) known.set(path, record)
    paths = predictClosure({ ...evidence, known })
  }
  return paths
}
