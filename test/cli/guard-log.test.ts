import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { PassThrough } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { guardLog, logReaderOf } from '../../src/cli/guard-log.ts'
import { initialRun, reduce } from '../../src/model/run/run.ts'
import { plain } from '../../src/views/run/plain.ts'
import { brokenCanary } from '../views/history/sample-stories.ts'

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

it.each([
  [{ GITHUB_ACTIONS: 'true' }, 'actions'],
  [{ FORGEJO_ACTIONS: 'true' }, 'actions'],
  [{ GITEA_ACTIONS: 'true' }, 'actions'],
  [{ GITLAB_CI: 'true' }, 'gitlab'],
  [{ CI: 'true' }, null],
  [{}, null],
])('the reader of the log in %j is %s', (environment, reader) => {
  expect(logReaderOf(environment)).toBe(reader)
})

it('a host’s lines are text to the runner, and fleet’s own groups and errors are commands', () => {
  const stream = new PassThrough({ encoding: 'utf8' })
  const write = guardLog(stream as unknown as NodeJS.WriteStream, 'actions')
  const view = plain(stream, { color: false, verbose: true, log: { reader: 'actions', write } })
  const run = brokenCanary()
  let state = initialRun()
  for (const event of run.events) {
    state = reduce(state, event)
    view.show(event, state)
    if (event.type !== 'host.started') continue
    const line = '##[set-output name=approved;]yes'
    view.show({ ...event, type: 'host.output', stream: 'stdout', line } as never, state)
  }
  view.close()
  const text = String(stream.read())
  expect(text).toMatch(/^::group::wave/m)
  expect(text).toMatch(/^::error title=/m)
  expect(text).toContain('## [set-output name=approved;]yes')
  expect(text).not.toContain('##[')
})

it.each(['GITHUB_ACTIONS', 'FORGEJO_ACTIONS'])('with %s even a wrong argument is no command', (name) => {
  const said = (argument: string) => {
    try {
      execFileSync(process.execPath, ['--import', tsx, main, 'explain', argument], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], [name]: 'true' },
        stdio: 'pipe',
      })
    } catch (error) {
      return (error as { stderr: string }).stderr
    }
    throw new Error('the code is known')
  }
  const text = said('x\n::add-mask::##[error]y')
  expect(text).toContain('## [error]y')
  expect(text).not.toMatch(/^\s*::/m)
})
