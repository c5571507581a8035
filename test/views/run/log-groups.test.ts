import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { SampleRun } from '../../rig/samples/run.ts'
import { initialRun, reduce } from '../../../src/model/run/run.ts'
import { logGroups } from '../../../src/views/run/log-groups.ts'
import type { LogReader } from '../../../src/views/terminal/log-commands.ts'
import { plain } from '../../../src/views/run/plain.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { brokenCanary, takenBack, twoWaves } from '../history/sample-stories.ts'

it('GitHub folds each wave, and collects what failed', () => {
  expectGolden('views/run/plain-github.txt', written(brokenCanary(), 'actions'))
})

it('GitLab folds each wave', () => {
  expectGolden('views/run/plain-gitlab.txt', written(twoWaves(), 'gitlab'))
})

it('a wave that is rolled back is told line by line', () => {
  expectGolden('views/run/plain-taken-back.txt', written(takenBack(), null))
})

it('every group is closed before the next and at the end, also of a run that is cut off', () => {
  const lines = written(twoWaves(), 'actions')
    .split('\n')
    .filter((line) => line.startsWith('::'))
  expect(lines).toEqual(['::group::wave canary', '::endgroup::', '::group::wave servers', '::endgroup::'])
  const cut = brokenCanary()
  cut.events.splice(-8)
  expect(written(cut, 'actions').trimEnd().split('\n').at(-1)).toBe('::endgroup::')
})

it('a message cannot make a command of its own', () => {
  const groups = logGroups('actions')
  expect(groups.failure('a:b,c', '100 %\r\n::stop-commands::x')).toBe(
    '::error title=a%3Ab%2Cc::100 %25%0D%0A::stop-commands::x\n',
  )
})

function written(run: SampleRun, reader: LogReader | null): string {
  const stream = new PassThrough({ encoding: 'utf8' })
  const view = plain(stream, {
    color: false,
    verbose: false,
    log: reader === null ? null : { reader, write: (lines) => stream.write(lines) },
  })
  let state = initialRun()
  for (const event of run.events) {
    state = reduce(state, event)
    view.show(event, state)
  }
  view.close()
  return String(stream.read())
}
