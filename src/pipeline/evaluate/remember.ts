import { createHash } from 'node:crypto'
import type { EvaluationCost } from '../../model/nix/evaluation-cost.ts'
import type { Source } from '../../model/plan/plan-schema.ts'
import type { Evaluation } from '../../model/host/system.ts'
import type { EvaluationRequest, Pool } from '../../ports/nix.ts'

/** What earlier plans know of the hosts that are to be evaluated, and where this one leaves what it finds. */
export interface Remembered {
  readonly known: ReadonlyMap<string, Evaluation>
  /** What the host's configuration took when it was evaluated last. */
  readonly costOf: (host: string) => EvaluationCost | null
  /** The source and all it needs are in the store. */
  readonly fetched: boolean
  keep(host: string, evaluation: Evaluation): void
  learn(host: string, cost: EvaluationCost): void
  /** Waits until everything is kept. */
  close(): Promise<void>
}

/** Looks up what is known of each host's request; without a pool nothing is. */
export async function remember(
  requests: ReadonlyMap<string, EvaluationRequest>,
  source: Source,
  pool: Pool | undefined,
  signal: AbortSignal,
): Promise<Remembered> {
  if (pool === undefined) return nothing
  const { evaluations } = pool
  const [{ key, fetched }, costs] = await Promise.all([pool.identify(source, signal), evaluations.costs()])
  const keys = new Map(key === null ? [] : [...requests].map(([host, request]) => [host, keyOf(key, request)] as const))
  const kept = await Promise.all([...keys].map(async ([host, at]) => [host, await evaluations.get(at)] as const))
  const known = kept.flatMap(([host, value]) => (value === null ? [] : [[host, value] as const]))
  const names = new Map([...requests].map(([host, { set, attribute }]) => [host, `${set}.${attribute}`] as const))
  const learned = new Map<string, EvaluationCost>()
  const writing: Promise<void>[] = []
  return {
    known: new Map(known),
    costOf: (host) => costs.get(names.get(host) ?? '') ?? null,
    fetched,
    keep(host, evaluation) {
      const at = keys.get(host)
      if (at === undefined) return
      const written = evaluations.put(at, evaluation)
      // Whatever goes wrong is thrown by `close`, and not before somebody listens.
      written.catch(() => {})
      writing.push(written)
    },
    learn: (host, cost) => learned.set(names.get(host) ?? '', cost),
    async close() {
      if (learned.size > 0) writing.push(evaluations.learn(learned))
      await Promise.all(writing)
    },
  }
}

const nothing: Remembered = {
  known: new Map(),
  costOf: () => null,
  fetched: true,
  keep: () => {},
  learn: () => {},
  close: () => Promise.resolve(),
}

/** Counts up when more is asked of a configuration, so that what is kept never lacks it. */
const asked = 2

/** Names one evaluation: everything that decides its result, and nothing else. */
function keyOf(source: string, { set, attribute, deployRs }: EvaluationRequest): string {
  const { node, profile, wrap } = deployRs ?? {}
  return createHash('sha256')
    .update(JSON.stringify([asked, source, set, attribute, node, profile, wrap]))
    .digest('hex')
}
