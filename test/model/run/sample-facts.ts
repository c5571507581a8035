import { noCounts } from '../../../src/model/run/run-summary.ts'
import type { Code } from '../../../src/model/codes/codes.ts'
import type { Fact } from '../../../src/model/run/event.ts'
import type { HostStep, RunFinished } from '../../../src/model/run/event-schema.ts'
import { noOverrides } from '../../../src/model/run/overrides.ts'
import { storePath } from '../../rig/samples/plan.ts'

const [before, after] = [storePath('a', 'nixos-system-web-25.05'), storePath('b', 'nixos-system-web-25.05')]
const at = { host: 'web', wave: 'canary' }
const old = { system: before, profile: before }

/** Every type of event with every form that its sentence takes; a type that is missing does not compile. */
export const sampleFacts: { readonly [Type in Fact['type']]: readonly Extract<Fact, { type: Type }>[] } = {
  'run.started': [started([{ name: 'canary', hosts: ['web'] }]), started(twoWaves()), started([])],
  'run.interrupted': [
    interrupted([], 0, []),
    interrupted(['web', 'db'], 1_080_000, []),
    interrupted(['web', 'db'], 0, ['web']),
    interrupted(['web', 'db'], 0, []),
  ],
  'run.stopped': [
    { type: 'run.stopped', code: 'hook/refused', reason: 'refused by a hook: ./freeze: the shop is open' },
    { type: 'run.stopped', code: 'lock/held', reason: 'the fleet lock: held by ann@office, run 20251129T200000Z-77aa' },
  ],
  'wave.promoted': [
    { type: 'wave.promoted', wave: 'rest', reason: '' },
    { type: 'wave.promoted', wave: 'rest', reason: 'approved, checks passed: shop, its hooks allow it' },
  ],
  'wave.started': [{ type: 'wave.started', wave: 'rest', hosts: ['web', 'db'] }],
  'wave.baking': [
    { type: 'wave.baking', wave: 'canary', bakeTimeMs: 600_000 },
    { type: 'wave.baking', wave: 'canary', bakeTimeMs: 600_000, remainingMs: 251_300 },
    { type: 'wave.baking', wave: 'canary', bakeTimeMs: 0, remainingMs: 0 },
  ],
  'wave.paused': [
    { type: 'wave.paused', wave: 'rest', cause: 'approval', reason: 'promotion: manual' },
    { type: 'wave.paused', wave: 'rest', cause: 'gate-check', reason: 'its check shop gave no result: no route' },
    { type: 'wave.paused', wave: 'rest', cause: 'gate-hook', reason: 'refused by a hook: ./freeze: not today' },
    { type: 'wave.paused', wave: 'rest', cause: 'health', reason: 'the health of db is unknown' },
  ],
  'wave.halted': [{ type: 'wave.halted', wave: 'canary', reason: '1 failure, 0 allowed', failures: 1, maxFailures: 0 }],
  'wave.finished': [
    { type: 'wave.finished', wave: 'canary', halted: false },
    { type: 'wave.finished', wave: 'canary', halted: true },
  ],
  'host.waiting': [{ type: 'host.waiting', ...at, reason: '4 hosts are in flight (maxParallel)' }],
  'host.started': [{ type: 'host.started', ...at, from: before, to: after }],
  'host.step': steps(),
  'host.output': [
    { type: 'host.output', host: 'web', step: 'activate', stream: 'stderr', line: 'restarting nginx.service' },
  ],
  'host.succeeded': [
    succeeded({}),
    succeeded({ rebootPending: true, rebootBecause: ['kernel', 'initrd'] }),
    succeeded({ rebootPending: true, nextBoot: after, system: before }),
    succeeded({ stillFailed: ['backup.service', 'nginx.service'] }),
  ],
  'host.skipped': [
    { type: 'host.skipped', ...at, cause: 'converged', reason: 'runs its planned system' },
    { type: 'host.skipped', ...at, cause: 'unreachable', reason: 'host unreachable: no answer on port 22 within 5s' },
    { type: 'host.skipped', ...at, cause: 'prepared', reason: 'has all that its planned system needs' },
  ],
  'host.stale': [
    { type: 'host.stale', ...at, expected: before, observed: after, reason: 'changed since the plan' },
    {
      type: 'host.stale',
      ...at,
      expected: before,
      observed: before,
      expectedProfile: before,
      observedProfile: null,
      reason: 'changed since the plan',
    },
    { type: 'host.stale', ...at, expected: before, observed: before, reason: 'changed since the plan' },
  ],
  'host.failed': [
    failed({ step: 'copy', code: 'copy/failed', reason: 'copying failed: no space left.', touched: false }),
    failed({ step: 'check', code: 'check/unhealthy', reason: 'check shop failed: status 502', touched: true }),
  ],
  'host.rolled-back': [
    { type: 'host.rolled-back', ...at, step: 'check', code: 'check/unhealthy', reason: 'check shop failed', ...old },
    {
      type: 'host.rolled-back',
      ...at,
      step: 'activate',
      code: 'activate/failed',
      reason: 'activation failed (exit 4)',
      system: null,
      profile: null,
    },
  ],
  'host.unknown': [
    unknown({ lastKnown: before, note: 'serial console in the VPS panel' }),
    unknown({ lastKnown: null }),
    unknown({ code: 'check/no-result', lastKnown: after, reason: 'check shop gave no result: no route' }),
  ],
  'host.cancelled': [{ type: 'host.cancelled', ...at, reason: 'wave canary halted: 1 failure, 0 allowed' }],
  'host.unhealthy': [{ type: 'host.unhealthy', ...at, check: 'shop', reason: 'check shop failed: status 502' }],
  'host.reverting': [{ type: 'host.reverting', ...at, to: before, reason: 'wave canary halted' }],
  'host.reverted': [
    reverted({ result: 'rolled-back', code: 'wave/halted', reason: 'wave canary halted' }),
    reverted({ result: 'failed', code: 'roll-back/not-started', reason: 'still runs the new system: the run ended' }),
    reverted({
      result: 'failed',
      code: 'roll-back/failed',
      reason: 'wave canary halted; rollback failed: activation failed (exit 2)',
    }),
    reverted({
      result: 'unknown',
      code: 'ssh/no-answer',
      reason: 'wave canary halted; no answer after the rollback: port 22 is silent',
    }),
  ],
  'check.finished': [
    checkFinished('web', 'pass', 'status 200'),
    checkFinished('web', 'fail', 'status 502'),
    checkFinished('web', 'error', 'no answer within 10s'),
    checkFinished(null, 'fail', '3 orders are lost'),
  ],
  'lock.waiting': [
    waiting('web', 'ann@office, run 20251129T200000Z-77aa'),
    waiting('web', null),
    waiting(null, 'ann@office, run 20251129T200000Z-77aa'),
  ],
  'lock.acquired': [
    { type: 'lock.acquired', host: 'web' },
    { type: 'lock.acquired', host: null },
  ],
  'lock.released': [
    { type: 'lock.released', host: 'web' },
    { type: 'lock.released', host: null },
  ],
  'lock.lost': [
    { type: 'lock.lost', host: 'web', reason: 'the connection closed' },
    { type: 'lock.lost', host: null, reason: 'the lock server has another holder' },
  ],
  'hook.finished': [
    hook('none', 0, ''),
    hook('none', 1, 'no network'),
    hook('none', null, 'no answer within 30s'),
    hook('continue', 0, ''),
    hook('wait', 75, 'draining'),
    hook('refuse', 1, 'maintenance'),
  ],
  diagnostic: [
    {
      type: 'diagnostic',
      code: 'run/override',
      severity: 'warning',
      summary: 'a safeguard was overridden',
      detail: 'Earlier waves were not checked (--out-of-order). Reason: rehearsal',
      host: null,
    },
    {
      type: 'diagnostic',
      code: 'preflight/clock-skew',
      severity: 'warning',
      summary: 'the clock of the host is wrong',
      detail: 'The clock of web is 90 s ahead.',
      host: 'web',
    },
  ],
  'run.finished': (['complete', 'no-changes', 'failed', 'paused', 'refused', 'interrupted'] as const).map(finished),
}

function twoWaves() {
  return [
    { name: 'canary', hosts: ['web'] },
    { name: 'rest', hosts: ['db', 'mail'] },
  ]
}

function started(waves: Extract<Fact, { type: 'run.started' }>['waves']) {
  return {
    type: 'run.started',
    fleet: '0.1.0',
    name: 'home-lab',
    planId: `sha256:${'0123456789abcdef'.repeat(4)}`,
    startedBy: 'ann@office',
    waves,
    resumes: null,
    promoted: [],
    overrides: noOverrides,
  } as const
}

function interrupted(inFlight: readonly string[], longestWaitMs: number, automaticRollback: readonly string[]) {
  return { type: 'run.interrupted', signal: 'SIGINT', inFlight, longestWaitMs, automaticRollback } as const
}

function finished(outcome: RunFinished['outcome']) {
  const rest = { exitCode: 0, reason: 'the reason', changedHosts: [], counts: noCounts } as const
  return { type: 'run.finished', outcome, ...rest } as const
}

/** Each step begins and ends; what more its sentence may tell is in the table. */
function steps(): readonly Extract<Fact, { type: 'host.step' }>[] {
  type More = Partial<Pick<HostStep, 'path' | 'variant' | 'reason'>>
  const table: Readonly<
    Record<HostStep['step'], { readonly started: readonly More[]; readonly finished: readonly More[] }>
  > = {
    lock: { started: [{}], finished: [{}] },
    preflight: {
      started: [{}],
      finished: [{}, { variant: 'as-expected' }, { variant: 'as-planned' }, { variant: 'forced' }],
    },
    build: { started: [{ path: after }, { path: after, variant: 'ahead' }], finished: [{}] },
    copy: { started: [{ path: after }, { path: after, variant: 'in-store' }], finished: [{}] },
    activate: { started: [{ path: after }], finished: [{}] },
    confirm: { started: [{}], finished: [{}] },
    verify: { started: [{}], finished: [{ variant: 'as-planned' }, { variant: 'next-boot' }, {}] },
    check: { started: [{}], finished: [{}] },
    reboot: { started: [{ path: after }], finished: [{}] },
    'roll-back': { started: [{ path: before, reason: 'check shop failed: status 502' }], finished: [{}] },
  }
  const names = Object.keys(table) as readonly HostStep['step'][]
  return names.flatMap((step) =>
    (['started', 'finished'] as const).flatMap((status) =>
      table[step][status].map((more) => ({ type: 'host.step', ...at, step, status, ...more }) as const),
    ),
  )
}

type Without<Type extends Fact['type'], Keys extends string> = Omit<Extract<Fact, { type: Type }>, Keys | 'type'>

function succeeded(more: Partial<Without<'host.succeeded', 'host'>>) {
  return { type: 'host.succeeded', ...at, system: after, profile: after, generation: 42, ...more } as const
}

function failed(more: Without<'host.failed', 'host' | 'wave' | 'system' | 'profile'>) {
  return { type: 'host.failed', ...at, system: null, profile: null, ...more } as const
}

function unknown(
  more: Pick<Extract<Fact, { type: 'host.unknown' }>, 'lastKnown' | 'note'> & { code?: Code; reason?: string },
) {
  const reason = 'the connection broke and the host has not answered since'
  return { type: 'host.unknown', ...at, step: 'verify', code: 'ssh/no-answer', reason, ...more } as const
}

function reverted(more: Without<'host.reverted', 'host' | 'wave' | 'system' | 'profile'>) {
  return { type: 'host.reverted', ...at, ...old, ...more } as const
}

function checkFinished(host: string | null, result: 'pass' | 'fail' | 'error', said: string) {
  const asked = { check: 'shop', phase: 'after', severity: 'fail', attempts: 1, durationMs: 10 } as const
  return { type: 'check.finished', host, wave: 'canary', ...asked, result, said } as const
}

function waiting(host: string | null, holder: string | null) {
  const known = holder === null ? { id: null, since: null } : { id: '0b1c', since: '2025-11-29T20:00:00.000Z' }
  return { type: 'lock.waiting', host, holder: holder ?? 'an unknown holder', ...known } as const
}

function hook(decision: 'none' | 'continue' | 'wait' | 'refuse', hookExitCode: number | null, said: string) {
  return {
    type: 'hook.finished',
    program: ['./drain', 'web'],
    on: 'before.host',
    hookExitCode,
    durationMs: 9,
    decision,
    said,
  } as const
}
