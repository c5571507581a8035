import pLimit from 'p-limit'
import type { CheckedOne } from '../../model/plan/checked.ts'
import type { Check, HostPlan, Note } from '../../model/plan/plan-schema.ts'
import type { CheckPorts } from '../health/attempt.ts'
import { askOnce } from '../health/check-now.ts'
import { observedPass } from '../health/observed-pass.ts'

export interface CheckPlannedRequest {
  readonly hosts: Readonly<Record<string, HostPlan>>
  readonly checks: Readonly<Record<string, Check>>
  /** Hosts asked at once. */
  readonly parallelism: number
}

/**
 * Notes on what fails before the change: the checks of `when: before` on hosts that are to be changed, each asked once. What
 * observing a host has answered already (a connection, its failed units) is not asked again, so that a host with the
 * checks that every host has costs nothing more.
 */
export async function checkPlanned(
  { hosts, checks, parallelism }: CheckPlannedRequest,
  ports: CheckPorts,
  signal: AbortSignal,
): Promise<Readonly<Record<string, HostPlan>>> {
  const limit = pLimit(parallelism)
  const entries = Object.entries(hosts).map(async ([name, host]): Promise<readonly [string, HostPlan]> => {
    const asked = host.action === 'change' ? askedBefore(host.settings.checks, checks) : []
    if (host.action !== 'change' || asked.length === 0) return [name, host]
    const subject = {
      name,
      settings: host.settings,
      failedBefore: host.from.failedUnits,
      wave: host.wave,
      run: null,
      phase: 'before',
      plan: { from: host.from.system, to: host.to.system },
    } as const
    const said = await limit(() => askOnce(subject, asked, ports, signal))
    // What was interrupted is not a finding.
    const notes = signal.aborted ? [] : said.flatMap((one) => noteOf(one, checks[one.check]?.precondition === true))
    return [name, { ...host, notes: [...host.notes, ...notes] }]
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** The checks that are asked before the change and that observing has not answered. */
function askedBefore(
  names: readonly string[],
  checks: Readonly<Record<string, Check>>,
): readonly (readonly [string, Check])[] {
  return names.flatMap((name) => {
    const check = checks[name]
    if (check === undefined || (!check.when.includes('before') && !check.precondition)) return []
    return observedPass(check, []) === null ? [[name, check] as const] : []
  })
}

/** Without the measured figures: a plan holds nothing that changes by itself, or the same plan would have two ids. */
function noteOf({ check, result, severity }: CheckedOne, precondition: boolean): readonly Note[] {
  const more = '`fleet check` shows what it finds.'
  const loud = precondition || severity === 'fail' ? 'warning' : 'info'
  switch (result) {
    case 'pass':
    case 'pending':
      return []
    case 'error': {
      const detail = `The host is as before the change. ${more}`
      return [{ code: 'check/no-result-before', severity: loud, summary: `check ${check} gave no result`, detail }]
    }
    case 'fail':
      return precondition
        ? [
            {
              code: 'check/precondition',
              severity: loud,
              summary: `precondition check ${check} failed`,
              detail: `The host is not touched until it passes. ${more}`,
            },
          ]
        : [
            {
              code: 'check/failed-before',
              severity: loud,
              summary: `check ${check} fails before the change`,
              detail: `A check that failed before does not fail the change. ${more}`,
            },
          ]
  }
}
