import type { Hook } from '../model/plan/plan-schema.ts'

/** How a hook's program ended. */
export type HookAnswer =
  | { readonly how: 'exited'; readonly code: number; readonly message: string; readonly durationMs: number }
  /** It could not be started, or was ended at its `timeoutMs`. */
  | { readonly how: 'error'; readonly message: string; readonly durationMs: number }

/** Runs hooks on the operator's machine, in the directory of fleet.yaml. */
export interface Hooks {
  /** `document` is written to standard input as one JSON document; `environment` is added to the operator's own. */
  call(
    hook: Hook,
    document: Readonly<Record<string, unknown>>,
    environment: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HookAnswer>
}
