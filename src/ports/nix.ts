import type { Source } from '../model/plan/plan-schema.ts'
import type { Evaluation, Found } from '../model/host/system.ts'
import type { Evaluations } from './evaluations.ts'
import type { Memory } from './memory.ts'

/** What the pipeline asks of Nix on the operator's machine. Every failure is a value. */
export interface Nix {
  /** Locks a flake reference; a relative one starts at `directory`. */
  lock(flake: string, directory: string, signal: AbortSignal): Promise<Found<Source>>
  /** Evaluates one configuration of a locked source: `<flake>#<set>."<attribute>"`. Writes the derivations, builds nothing. */
  evaluate(request: EvaluationRequest, signal: AbortSignal): Promise<Found<Evaluation>>
  /** Builds or fetches a derivation's output and keeps it alive by a garbage-collector root at `root`. */
  realise(request: BuildRequest, signal: AbortSignal): Promise<Found<string>>
  /** What many evaluations on one machine need; absent: nothing is remembered and memory is not watched. */
  readonly pool?: Pool
}

/** Lets evaluations share a machine and its past. */
export interface Pool {
  readonly memory: Memory
  readonly evaluations: Evaluations
  identify(source: Source, signal: AbortSignal): Promise<SourceIdentity>
}

export interface SourceIdentity {
  /** All that decides what an attribute of the source evaluates to; null where that is not fixed, so that nothing is cached. */
  readonly key: string | null
  /** Whether the source and its inputs are in the store already. */
  readonly fetched: boolean
}

export interface EvaluationRequest {
  /** Locked flake reference. */
  readonly flake: string
  /** Attribute set that holds the configurations, e.g. `nixosConfigurations`. */
  readonly set: string
  readonly attribute: string
  /** Where the source is in the store: errors name its files without that. */
  readonly storePath?: string | null
  /** Milliseconds; absent: no limit. */
  readonly timeoutMs?: number
  readonly heap?: Heap | null
  /** Told of the process group as soon as it is there. */
  readonly onStart?: (process: number) => void
  /** Ask also for what deploy-rs deploys on the host, in the same evaluation; absent: another engine's host. */
  readonly deployRs?: DeployRsRequest
}

export interface DeployRsRequest {
  readonly node: string
  readonly profile: string
  /** Locked reference of the deploy-rs flake to wrap with where the flake has no such node. */
  readonly wrap: string | null
  /** The source as a reference that a pure evaluation takes: by revision or by content. */
  readonly reference: string
}

/** Bytes of Nix's garbage-collected heap. */
export interface Heap {
  /** Taken before anything is collected. */
  readonly initial: number
  /** Where Nix gives up with an error of its own. */
  readonly maximum: number
}

export interface BuildRequest {
  readonly drv: string
  /** The output path that the derivation must have. */
  readonly output: string
  /** Where the garbage-collector root is put, an absolute path. */
  readonly root: string
  readonly onLine: (line: string) => void
}
