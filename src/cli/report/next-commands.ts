import { followsFrom } from '../../model/codes/codes.ts'
import type { Ending } from '../../model/run/event.ts'
import type { PlanBody } from '../../model/plan/plan-schema.ts'
import type { RunState } from '../../model/run/run.ts'
import { shortRun } from '../../model/run/short-name.ts'
import { quote } from '../../model/text/quote.ts'
import { isStranded } from '../../views/run/ending.ts'
import type { NextCommand } from '../../views/terminal/next-block.ts'
import type { ApplyFlags } from '../arguments/apply-flags.ts'
import type { Common } from '../arguments/command.ts'

type Flags = Pick<Common, 'file' | 'stateDirectory'> &
  Pick<ApplyFlags, 'plan' | 'waves' | 'on' | 'overrides' | 'simulate'>

/** More hosts than this are not named in a command. */
const namedAtMost = 3

/**
 * What a person would type after a run, for a shell; empty: nothing is left to do, or nothing was done (a simulation).
 * `ownPlan` is the file in which the run keeps its plan: where nobody saved it elsewhere, it alone says the same again.
 */
export function nextCommands(
  run: RunState,
  flags: Flags,
  { rollback, reboot }: Pick<PlanBody, 'rollback' | 'reboot'>,
  ownPlan: string | null,
): readonly NextCommand[] {
  if (flags.simulate !== null) return []
  const apply = (waves: readonly string[], on = flags.on) =>
    applyCommand({ ...flags, waves, on }, flags.plan ?? ownPlan)
  const { finished } = run
  switch (finished?.outcome) {
    case 'failed':
    case 'refused':
      // A lock that another run held says nothing against the plan.
      if (finished.exitCode === 6) return [{ command: apply(flags.waves), why: 'when the other run has ended' }]
      return [
        ...looks(run, flags),
        ...without(run, (on) => apply(flags.waves, on), flags),
        rollback == null
          ? {
              command: words([...fleet(flags), reboot == null ? 'plan' : 'reboot']),
              why: finished.exitCode === 5 ? 'plans again' : 'after the fix',
            }
          : {
              command: words([...fleet(flags), 'rollback', '--run', rollback.run, ...selectionOf(flags)]),
              why: 'rolls back what is left',
            },
      ]
    case 'paused': {
      // A wave that waits for approval gets it by its name; one that has started continues as it was asked for.
      const waiting = run.waves.find(({ phase, startedAt }) => phase === 'paused' && startedAt === null)
      if (waiting === undefined)
        return [...checks(run, flags), { command: apply(flags.waves), why: 'continues, once its checks give a result' }]
      const why =
        waiting.paused?.cause === 'approval' ? `approves and starts wave ${waiting.name}` : 'when it is allowed'
      return [{ command: apply([waiting.name]), why }]
    }
    case 'interrupted':
      return [...looks(run, flags), { command: apply(flags.waves), why: 'asks the hosts and does the rest' }]
    case 'complete': {
      const { overrides } = flags
      if (overrides.until === null) return []
      const command = applyCommand({ ...flags, overrides: { ...overrides, until: null } }, flags.plan ?? ownPlan)
      return [{ command, why: 'activates what was prepared' }]
    }
    case 'no-changes':
    case undefined:
      return []
  }
}

/** What runs on hosts that nobody could roll back, and the details of a run that changed something. */
function looks(run: RunState, flags: Flags): readonly NextCommand[] {
  const hosts = [...run.hosts.values()]
  const lost = hosts.filter((host) => isStranded(host) || host.ending?.type === 'host.unknown').map(({ host }) => host)
  const isTold = hosts.some(
    ({ ending, unhealthy }) => unhealthy !== null || (ending !== null && isTouchedBadly(ending)),
  )
  return [
    ...(lost.length === 0
      ? []
      : [{ command: words([...fleet(flags), 'status', ...onThese(lost)]), why: 'what runs there now' }]),
    ...(isTold
      ? [{ command: words([...fleet(flags), 'history', shortRun(run.run)]), why: 'each host, why, and its log file' }]
      : []),
  ]
}

function isTouchedBadly(ending: Ending): boolean {
  return ending.type === 'host.rolled-back' || ending.type === 'host.unknown' || ending.type === 'host.failed'
}

/** The same run without the hosts that do not answer, where they alone failed. */
function without(run: RunState, apply: (on: readonly string[]) => string, { on }: Flags): readonly NextCommand[] {
  const failed = [...run.hosts.values()].flatMap(({ ending }) =>
    ending?.type === 'host.failed'
      ? [ending]
      : ending?.type === 'host.stale' || ending?.type === 'host.unknown'
        ? [null]
        : [],
  )
  const silent = failed.flatMap((ending) =>
    ending !== null && !ending.touched && followsFrom(ending.code).contact === 'failed' ? [ending.host] : [],
  )
  if (silent.length === 0 || silent.length < failed.length || silent.length > namedAtMost) return []
  return [{ command: apply([...on, ...silent.map((host) => `!${host}`)]), why: 'leaves out what does not answer' }]
}

function checks(run: RunState, flags: Flags): readonly NextCommand[] {
  const unsure = [...run.hosts.values()].filter(({ unmeasured }) => unmeasured.length > 0).map(({ host }) => host)
  return unsure.length === 0
    ? []
    : [{ command: words([...fleet(flags), 'check', ...onThese(unsure)]), why: 'runs their checks again' }]
}

function onThese(hosts: readonly string[]): readonly string[] {
  return hosts.length > namedAtMost ? [] : hosts.flatMap((host) => ['--on', host])
}

/** The same hosts within the same limits; an override was meant for one run, and is not said again. */
function applyCommand(flags: Flags, plan: string | null): string {
  const { maxParallel, maxFailures, mode, until } = flags.overrides
  return words([
    ...fleet(flags),
    'apply',
    ...(plan === null ? [] : [plan]),
    ...selectionOf(flags),
    ...(maxParallel === null ? [] : ['--max-parallel', String(maxParallel)]),
    ...(maxFailures === null ? [] : ['--max-failures', String(maxFailures)]),
    ...(mode === null ? [] : ['--mode', mode]),
    ...(until === null ? [] : ['--until', until]),
  ])
}

function selectionOf({ on, waves }: Flags): readonly string[] {
  return [...waves.flatMap((wave) => ['--wave', wave]), ...on.flatMap((selector) => ['--on', selector])]
}

function fleet({ file, stateDirectory }: Flags): readonly string[] {
  return [
    'fleet',
    ...(file === 'fleet.yaml' ? [] : ['--file', file]),
    ...(stateDirectory === null ? [] : ['--state-dir', stateDirectory]),
  ]
}

function words(all: readonly string[]): string {
  return all.map(quote).join(' ')
}
