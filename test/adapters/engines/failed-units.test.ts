import { describe, expect, it } from 'vitest'
import { answerOf } from '../../../src/adapters/engines/deploy-rs/answer.ts'
import { classify } from '../../../src/adapters/engines/deploy-rs/classify.ts'
import { oldFailures } from '../../../src/adapters/engines/failed-units.ts'

const warning = (units: string) => `warning: the following units failed: ${units}`

describe('the failed units that an activation names', () => {
  it.each<[string, readonly string[], readonly string[] | null]>([
    ['all had failed before', [warning('a.service, b.service')], ['a.service', 'b.service']],
    ['one had', [warning('a.service')], ['a.service']],
    ['are told going there and coming back', [warning('a.service'), warning('b.service')], ['a.service', 'b.service']],
    ['one is new', [warning('a.service, c.service')], null],
    ['are not named', ['error(s) occurred'], null],
    ['one only begins like a known one', [warning('a.servic')], null],
    ['have a name with a backslash', [warning(String.raw`x\x2dy.service`)], [String.raw`x\x2dy.service`]],
    ['another could not be reloaded', ['Job for c.service failed because of x.', warning('a.service')], null],
    ['another could not be started', ['Failed to start c.service: Unit is masked.', warning('a.service')], null],
    ['hide an activation script that failed', ['Failed to run activate script', warning('a.service')], null],
    ['hide a part of it', ["Activation script snippet 'etc' failed (1)", warning('a.service')], null],
    ['the old one could not be started', ['Job for a.service failed.', warning('a.service')], ['a.service']],
  ])('%s', (_, lines, expected) => {
    expect(oldFailures(lines, ['a.service', 'b.service', String.raw`x\x2dy.service`])).toEqual(expected)
  })
})

describe('deploy-rs, whose activation ends with 4', () => {
  const log = (back: readonly string[]) =>
    [
      '[deploy] [INFO] Activating profile `system` for node `web`',
      '[activate] [INFO] Activating profile',
      warning('a.service'),
      ...back,
      '[activate] [ERROR] The activation script resulted in a bad exit code: Some(4)',
      '[deploy] [ERROR] Activating over SSH resulted in a bad exit code: Some(1)',
      '[deploy] [ERROR] Failed to deploy profile to node web: Activating over SSH resulted in a bad exit code: Some(1)',
    ].join('\n')
  const answer = (text: string, before: readonly string[]) => {
    const verdict = classify(text, { how: 'exited', code: 1 })
    return answerOf({ verdict, stopped: null, mayHaveChanged: true, isLeft: false }, 30, true, before)
  }
  const back = ['[activate] [WARN] De-activating due to error', warning('a.service')]

  it('says that only old failures made it roll back, and what helps', () => {
    expect(answer(log(back), ['a.service'])).toEqual({
      how: 'failed',
      failure: {
        code: 'deploy-rs/old-failures',
        summary: 'deploy-rs rolled back because of units that had failed before',
        detail:
          'a.service had failed before the activation, and no other unit failed. deploy-rs takes them for a failed activation. Repair them, or set `activation.autoRollback: false` or `engine: nix` for this host.',
      },
    })
  })

  it('says the same where the last generation ends with 4 for them, too', () => {
    const words = 'There was an error de-activating after an error was encountered: '
    const failed = `[activate] [ERROR] ${words}Command for re-activating the last generation resulted in a bad exit code: Some(4)`
    const both = log([...back, failed]).replace(/^.*The activation script resulted.*\n/m, '')
    expect(answer(both, ['a.service'])).toMatchObject({ failure: { code: 'deploy-rs/old-failures' } })
    expect(answer(both, [])).toMatchObject({ failure: { code: 'activate/rollback-failed' } })
    const half = both.replace('\n', '\nFailed to run activate script\n')
    expect(answer(half, ['a.service'])).toMatchObject({ failure: { code: 'activate/rollback-failed' } })
  })

  it('is done where nothing rolled back', () => {
    expect(answer(log([]), ['a.service'])).toEqual({ how: 'done' })
  })

  it('has failed where a unit failed that had not before', () => {
    expect(answer(log(back), [])).toMatchObject({ how: 'failed', failure: { code: 'activate/units-failed' } })
    expect(answer(log([]), ['b.service'])).toMatchObject({ how: 'failed', failure: { code: 'activate/units-failed' } })
  })
})
