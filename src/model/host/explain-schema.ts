// Generated from schemas/explain.schema.json by `npm run generate`. Do not edit.

/**
 * What fleet.yaml and the runs on record say of one host, as `fleet explain HOST --json` writes it.
 */
export interface ExplainedHost {
  /**
   * Version of this format.
   */
  readonly format: string
  /**
   * The host.
   */
  readonly host: string
  /**
   * Name of the fleet.
   */
  readonly name: string
  /**
   * False: fleet.yaml disables it.
   */
  readonly enabled: boolean
  readonly from: Origin
  /**
   * Its settings.
   */
  readonly settings: readonly ExplainedSetting[]
  /**
   * Its groups.
   */
  readonly groups: readonly ExplainedGroup[]
  /**
   * Its wave; null: it is disabled.
   */
  readonly wave: ExplainedWave | null
  /**
   * Its checks.
   */
  readonly checks: readonly ExplainedCheck[]
  /**
   * Its last runs, the latest first.
   */
  readonly runs: readonly ExplainedRun[]
}
/**
 * Where something is said.
 */
export interface Origin {
  /**
   * The level of fleet.yaml; `built-in`: fleet's own default.
   */
  readonly what: 'host' | 'group' | 'defaults' | 'wave' | 'check' | 'built-in'
  /**
   * Its name; null: it has none.
   */
  readonly name: string | null
  /**
   * The file; null: built in.
   */
  readonly file: string | null
  /**
   * The line, from 1; null: built in.
   */
  readonly line: number | null
}
/**
 * One setting of the host.
 */
export interface ExplainedSetting {
  /**
   * As fleet.yaml writes it, e.g. `ssh.user`.
   */
  readonly key: string
  /**
   * In words; null: not set.
   */
  readonly value: string | null
  readonly from: Origin
}
/**
 * A group that holds the host.
 */
export interface ExplainedGroup {
  /**
   * Its name.
   */
  readonly name: string
  /**
   * Members that may be down at once; null: no limit.
   */
  readonly maxUnavailable: number | null
  readonly from: Origin
}
/**
 * The wave of the host, and what the host waits for.
 */
export interface ExplainedWave {
  /**
   * Its name.
   */
  readonly name: string
  /**
   * Its place, from 1.
   */
  readonly number: number
  /**
   * How many waves there are.
   */
  readonly of: number
  /**
   * The selector that brought the host into it; null: fleet.yaml has no waves.
   */
  readonly selector: string | null
  readonly from: Origin
  /**
   * Hosts in flight at once.
   */
  readonly maxParallel: number
  /**
   * Failures allowed.
   */
  readonly maxFailures: number
  /**
   * How long it bakes.
   */
  readonly bakeTime: string
  /**
   * `manual`: it waits for approval.
   */
  readonly promotion: 'auto' | 'manual'
  /**
   * Waves before it.
   */
  readonly waitsForWaves: readonly string[]
  /**
   * Hosts that it depends on.
   */
  readonly waitsForHosts: readonly string[]
}
/**
 * A check of the host.
 */
export interface ExplainedCheck {
  /**
   * Its name.
   */
  readonly name: string
  /**
   * Its type.
   */
  readonly type: string
  /**
   * What it asks.
   */
  readonly text: string
  readonly from: Origin
}
/**
 * A run on record here that had to do with the host.
 */
export interface ExplainedRun {
  /**
   * Its name.
   */
  readonly run: string
  /**
   * When it started (RFC 3339, UTC); null: not recorded.
   */
  readonly at: string | null
  /**
   * What became of the host in it.
   */
  readonly result: string
}
