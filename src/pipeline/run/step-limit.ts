import type { HostStep } from '../../model/run/event-schema.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'

/** How long a step of a host may take, and the key of fleet.yaml that says so. */
export interface StepLimit {
  readonly milliseconds: number
  readonly key: string
}

/** The longest that a step of a host takes before it is given up; null: it has no limit of its own. */
export function stepLimit(
  { hosts, checks }: Pick<PlanBody, 'hosts' | 'checks'>,
  host: string,
  step: HostStep['step'],
): StepLimit | null {
  const settings = hosts[host]?.settings
  if (settings === undefined) return null
  switch (step) {
    case 'activate':
    case 'confirm':
    case 'verify':
    case 'roll-back': {
      // The switch, the wait for its confirmation, and the way back where that does not come.
      const { timeoutMs, confirmTimeoutMs } = settings.activation
      return { milliseconds: 2 * timeoutMs + confirmTimeoutMs, key: 'activation.timeout and confirmTimeout' }
    }
    case 'check': {
      const deadlines = settings.checks.map((name) => checks[name]?.deadlineMs ?? 0)
      return deadlines.length === 0 ? null : { milliseconds: Math.max(...deadlines), key: 'deadline' }
    }
    case 'lock':
    case 'preflight':
    case 'build':
    case 'copy':
    case 'reboot':
      return null
  }
}
