// Generated from schemas/doctor.schema.json by `npm run generate`. Do not edit.

/**
 * What `fleet doctor --json` prints: whether this machine and the hosts are ready for a rollout.
 */
export interface Doctor {
  /**
   * Format of the document.
   */
  readonly format: '1.0'
  /**
   * Name of the fleet.
   */
  readonly fleet: string
  /**
   * When it was looked at (RFC 3339, UTC).
   */
  readonly checkedAt: string
  /**
   * False when a problem would stop an apply; then the exit code is 1.
   */
  readonly ready: boolean
  /**
   * This machine first, then the hosts in the order of fleet.yaml.
   */
  readonly findings: readonly Finding[]
}
/**
 * One thing that was looked at.
 */
export interface Finding {
  /**
   * The host that it is about; null: this machine.
   */
  readonly host: string | null
  /**
   * What was looked at.
   */
  readonly about:
    | 'nix'
    | 'features'
    | 'ssh'
    | 'engine'
    | 'checks'
    | 'state'
    | 'disk'
    | 'builders'
    | 'cache'
    | 'key'
    | 'clock'
    | 'reach'
    | 'sudo'
    | 'trusted-user'
  /**
   * `unknown`: it could not be found out.
   */
  readonly state: 'ok' | 'problem' | 'unknown'
  /**
   * True where the problem would stop an apply.
   */
  readonly stops: boolean
  /**
   * What was found.
   */
  readonly says: string
  /**
   * What to type or to set; null: nothing.
   */
  readonly next: string | null
}
