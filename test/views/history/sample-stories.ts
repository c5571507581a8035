import { storePath } from '../../rig/samples/plan.ts'
import { SampleRun } from '../../rig/samples/run.ts'

/** Two waves that go well, with a host that was there already and a laptop that is off. */
export function twoWaves(): SampleRun {
  const servers = ['sleeper-service', 'grey-area', 'little-rascal']
  return new SampleRun({ canary: ['limiting-factor'], servers })
    .openWave('canary', ['limiting-factor'])
    .succeed('canary', 'limiting-factor')
    .finishWave('canary')
    .openWave('servers', servers)
    .add(
      {
        type: 'host.skipped',
        host: 'sleeper-service',
        wave: 'servers',
        cause: 'converged',
        reason: 'already runs the planned system',
      },
      {
        type: 'host.skipped',
        host: 'little-rascal',
        wave: 'servers',
        cause: 'unreachable',
        reason: 'unreachable after 5 s (onUnreachable: skip)',
      },
      {
        type: 'lock.waiting',
        host: 'grey-area',
        holder: 'ana@nuc',
      },
    )
    .succeed('servers', 'grey-area')
    .finishWave('servers')
    .finish('complete', 0, { changed: 2, unchanged: 1, skipped: 1 })
}

/** A canary whose activation fails and is taken back; nothing else is touched. */
export function brokenCanary(): SampleRun {
  const rest = ['sleeper-service', 'grey-area', 'reverse-proxy']
  const halted = 'wave canary halted: 1 failure, limit 0'
  const run = new SampleRun({ canary: ['limiting-factor'], servers: rest })
    .openWave('canary', ['limiting-factor'])
    .prepare('canary', 'limiting-factor')
    .begin('canary', 'limiting-factor')
    .steps('canary', 'limiting-factor', ['lock'])
  for (const line of ['stopping the following units: nginx.service', 'Job for nginx.service failed.']) {
    run.add({
      type: 'host.output',
      host: 'limiting-factor',
      step: 'activate',
      stream: 'stderr',
      line,
    })
  }
  return run
    .add({
      type: 'check.finished',
      host: 'limiting-factor',
      wave: 'canary',
      check: 'units',
      phase: 'after',
      result: 'fail',
      severity: 'fail',
      attempts: 3,
      durationMs: 12_000,
      said: 'nginx.service failed, and had not before',
    })
    .rollBack('canary', 'limiting-factor', 'switch-to-configuration failed with exit code 4')
    .halt('canary', '1 failure, limit 0')
    .finishWave('canary', true)
    .cancel('servers', rest, halted)
    .finish('failed', 3, { failed: 1, rolledBack: 1, notStarted: 3 })
}

/** `rollback: wave`: the second of three servers is unhealthy while the wave bakes; one cannot be taken back. */
export function takenBack(): SampleRun {
  const servers = ['sleeper-service', 'grey-area', 'reverse-proxy']
  const because = 'wave servers halted: grey-area turned unhealthy'
  const run = new SampleRun({ servers, desktops: ['congenital-optimist'] }).openWave('servers', servers)
  for (const host of servers) run.succeed('servers', host)
  run
    .add({ type: 'wave.baking', wave: 'servers', bakeTimeMs: 600_000 })
    .add({
      type: 'host.unhealthy',
      host: 'grey-area',
      wave: 'servers',
      check: 'forgejo',
      reason: 'check forgejo failed: status 502',
    })
    .halt('servers', 'grey-area turned unhealthy')
  for (const host of servers)
    run.add({
      type: 'host.reverting',
      host,
      wave: 'servers',
      to: storePath('a', `nixos-system-${host}-25.05`),
      reason: because,
    })
  for (const [host, result, reason] of [
    ['sleeper-service', 'rolled-back', because],
    ['grey-area', 'rolled-back', because],
    ['reverse-proxy', 'failed', 'activation failed (exit 2): stage-1 could not be written'],
  ] as const) {
    const system = storePath(result === 'failed' ? 'b' : 'a', `nixos-system-${host}-25.05`)
    run.add({
      type: 'host.reverted',
      host,
      wave: 'servers',
      result,
      code: result === 'failed' ? 'roll-back/failed' : 'wave/halted',
      reason,
      system,
      profile: system,
    })
  }
  return run
    .finishWave('servers', true)
    .cancel('desktops', ['congenital-optimist'], because)
    .finish('failed', 3, { reverted: 1, failed: 2, rolledBack: 1, notStarted: 1 })
}
