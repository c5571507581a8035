import type { Check } from './plan-schema.ts'

/** What one check said, asked once. `pending`: it was not ready to say. */
export interface CheckedOne {
  readonly check: string
  readonly result: 'pass' | 'fail' | 'error' | 'pending'
  readonly severity: Check['severity']
  readonly message: string
  readonly durationMs: number
}

/** What the checks of one host said, or those of a wave. */
export interface Checked {
  /** Null: they are the wave's own. */
  readonly host: string | null
  readonly wave: string
  /** Its `note` in fleet.yaml: whom to ask. */
  readonly note: string | null
  readonly checks: readonly CheckedOne[]
}

/** What the checks of a host say together; a warning condemns nobody. */
export function healthOf({ checks }: Checked): 'healthy' | 'unhealthy' | 'inconclusive' {
  const blocking = checks.filter(({ severity }) => severity === 'fail')
  if (blocking.some(({ result }) => result === 'fail')) return 'unhealthy'
  return blocking.every(({ result }) => result === 'pass') ? 'healthy' : 'inconclusive'
}

/** A ready-made check, for a list of them. */
export interface ReadyMade {
  /** `builtin/NAME`. */
  readonly name: string
  readonly type: Check['type']
  readonly description: string
  /** Variables that fleet.yaml may set, with their defaults. */
  readonly vars: Readonly<Record<string, string>>
}
