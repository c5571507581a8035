import type { Found } from '../../model/host/system.ts'
import type { OfferedKey } from '../../model/inventory/offered-key.ts'

/** Where a host is asked for its key. */
export interface KeyRequest {
  readonly address: string
  /** Null: as the operator's ssh_config says, else 22. */
  readonly port: number | null
}

/** Asks hosts for their keys, without logging in. */
export interface HostKeys {
  offered(request: KeyRequest, signal: AbortSignal): Promise<Found<OfferedKey>>
}
