/** What a configuration says of itself beyond its system, as evaluation tells it. Null: not known. */
export interface Facts {
  readonly firewall: Firewall | null
  /** Names of users.users. */
  readonly users: readonly string[] | null
  /** Names of enabled units, with their suffix: `sshd.service`. */
  readonly units: readonly string[] | null
  /** Targets of enabled environment.etc entries, below /etc. */
  readonly etc: readonly string[] | null
}

/** networking.firewall: what is open on every interface. */
export interface Firewall {
  readonly enabled: boolean
  /** Ports and ranges as text, `22` or `6000-6007`, in the order of the configuration. */
  readonly tcp: readonly string[]
  readonly udp: readonly string[]
}
