import { SampleRun } from '../rig/sample-run.ts'

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
        message: 'sleeper-service: already runs the planned system',
        host: 'sleeper-service',
        wave: 'servers',
        cause: 'converged',
        reason: 'already runs the planned system',
      },
      {
        type: 'host.skipped',
        message: 'little-rascal: skipped: unreachable after 5 s (onUnreachable: skip)',
        host: 'little-rascal',
        wave: 'servers',
        cause: 'unreachable',
        reason: 'unreachable after 5 s (onUnreachable: skip)',
      },
      {
        type: 'lock.waiting',
        message: 'grey-area: locked by ana@nuc since 20:58',
        host: 'grey-area',
        holder: 'ana@nuc',
      },
    )
    .succeed('servers', 'grey-area')
    .finishWave('servers')
    .finish('complete', 0, { changed: 2, unchanged: 1, notReached: 1 })
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
      message: line,
      host: 'limiting-factor',
      step: 'activate',
      stream: 'stderr',
      line,
    })
  }
  return run
    .add({
      type: 'check.finished',
      message: 'limiting-factor: check units failed: nginx.service failed, and had not before',
      host: 'limiting-factor',
      wave: 'canary',
      check: 'units',
      phase: 'after',
      result: 'fail',
      severity: 'fail',
      attempts: 3,
      durationMs: 12_000,
    })
    .rollBack('canary', 'limiting-factor', 'switch-to-configuration failed with exit code 4')
    .halt('canary', '1 failure, limit 0')
    .finishWave('canary', true)
    .cancel('servers', rest, halted)
    .finish('failed', 3, { failed: 1, rolledBack: 1, notReached: 3 })
}
