import pLimit from 'p-limit'
import type { Checked, CheckedOne } from '../../model/plan/checked.ts'
import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import type { Check, Wave } from '../../model/plan/plan-schema.ts'
import type { CheckSubject } from '../../ports/check.ts'
import { attemptOnce, type CheckPorts } from './attempt.ts'

export interface CheckNowRequest {
  readonly fleet: Fleet
  /** Names of the hosts that are checked. */
  readonly selected: ReadonlySet<string>
  /** Waves whose own checks are asked too. */
  readonly waves: readonly Wave[]
  /** Hosts asked at once. */
  readonly parallelism: number
  /** Told of each host or wave as soon as it is done. */
  readonly onChecked: () => void
}

/**
 * Asks the checks of hosts as they are, each once: nothing was started just now, so there is nothing to wait for. Without
 * a change there is no "before": every failed unit counts. In the order of the waves.
 */
export async function checkNow(
  { fleet, selected, waves, parallelism, onChecked }: CheckNowRequest,
  ports: CheckPorts,
  signal: AbortSignal,
): Promise<readonly Checked[]> {
  const limit = pLimit(parallelism)
  const hosts = new Map(fleet.hosts.map((host) => [host.name, host]))
  const asked = fleet.waves.flatMap((wave) => [
    ...wave.hosts.filter((name) => selected.has(name)).map((name) => () => checkHost(wave, hosts.get(name), fleet)),
    ...(waves.includes(wave) && wave.checks.length > 0 ? [() => ofWave(wave, fleet)] : []),
  ])
  return Promise.all(
    asked.map((describe) =>
      limit(async () => {
        const { subject, checks, note } = describe()
        const said = await askOnce(subject, checks, ports, signal)
        onChecked()
        return { host: subject.settings === null ? null : subject.name, wave: subject.wave, note, checks: said }
      }),
    ),
  )
}

interface Described {
  readonly subject: CheckSubject
  readonly checks: readonly (readonly [string, Check])[]
  readonly note: string | null
}

function checkHost(wave: Wave, host: Host | undefined, { checks }: Fleet): Described {
  if (host === undefined) throw new Error(`bug: wave ${wave.name} has a host that the fleet has not`)
  const { name, settings } = host
  return { subject: subjectNow(name, settings, wave), checks: named(settings.checks, checks), note: settings.note }
}

function ofWave(wave: Wave, { checks }: Fleet): Described {
  return { subject: subjectNow(wave.name, null, wave), checks: named(wave.checks, checks), note: null }
}

function subjectNow(name: string, settings: CheckSubject['settings'], wave: Wave): CheckSubject {
  return {
    name,
    settings,
    failedBefore: [],
    wave: wave.name,
    run: null,
    phase: 'now',
    plan: { from: null, to: null },
  }
}

function named(names: readonly string[], checks: Fleet['checks']): readonly (readonly [string, Check])[] {
  return names.map((name) => {
    const check = checks[name]
    if (check === undefined) throw new Error(`bug: there is no check ${name}`)
    return [name, check]
  })
}

/** Asks checks of one host at once, each once, within its time-out. */
export async function askOnce(
  subject: CheckSubject,
  checks: readonly (readonly [string, Check])[],
  ports: CheckPorts,
  signal: AbortSignal,
): Promise<readonly CheckedOne[]> {
  const began = ports.clock.now()
  return Promise.all(
    checks.map(async ([name, check]) => {
      const until = Number.POSITIVE_INFINITY
      const { result, message } = await attemptOnce(check, { ...subject, check: name, attempt: 1 }, ports, {
        until,
        signal,
      })
      return { check: name, result, severity: check.severity, message, durationMs: ports.clock.now() - began }
    }),
  )
}
