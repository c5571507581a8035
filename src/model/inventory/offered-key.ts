import type { Found } from '../host/system.ts'

/** A key that something at an address calls its own: whether it is the host's is for a person to tell. */
export interface OfferedKey {
  /** `TYPE BASE64`, as fleet.yaml takes it. */
  readonly key: string
  /** `SHA256:…`, as ssh shows it. */
  readonly fingerprint: string
  /** What the operator's known_hosts hold for the address: this key, another one of its type, or none. */
  readonly known: 'same' | 'other' | 'none'
}

/** What a host offered as its key, or why none is known. */
export interface Probed {
  readonly name: string
  readonly address: string
  readonly offered: Found<OfferedKey>
}
