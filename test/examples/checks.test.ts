import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { commandCheck } from '../../src/adapters/checks/command.ts'
import { moduleCheck } from '../../src/adapters/checks/module.ts'
import type { CommandCheck, ModuleCheck } from '../../src/model/plan/plan-schema.ts'
import type { Measurement } from '../../src/ports/check.ts'
import { checkOfExample, exampleFiles, examples, fleetOfExample } from '../rig/files/example.ts'
import { sampleSettings } from '../rig/samples/plan.ts'
import { sampleAttempt } from '../rig/samples/subject.ts'
import { Doubles, StandIn } from '../rig/doubles/stand-in.ts'

const doubles = new Doubles()
const server = new StandIn()

beforeAll(() => server.listen())
afterAll(() => {
  server.close()
  doubles.close()
})
beforeEach(() => vi.stubEnv('PATH', doubles.path))
afterEach(() => vi.unstubAllEnvs())

const attempt = sampleAttempt({
  name: 'grey-area',
  settings: sampleSettings('grey-area', { address: ['127.0.0.1'] }),
})

/** Measures a check of type `command` that runs on the operator's machine. */
function command(check: CommandCheck): Promise<Measurement> {
  const nowhere = { ask: () => Promise.reject(new Error('bug: this check asks no host')) }
  return commandCheck(nowhere, examples).measure(check, attempt, AbortSignal.timeout(20_000))
}

describe.each([...exampleFiles('checks'), ...exampleFiles('hooks')])('%s', (file) => {
  test('says at its top how to use it, in words that fleet.yaml takes, and is where they say', () => {
    const { checks, hooks } = fleetOfExample(file)
    const programs = [...Object.values(checks), ...hooks].flatMap((one) => {
      if ('path' in one) return [one.path]
      return 'run' in one && typeof one.run !== 'string' ? [one.run[0] ?? ''] : []
    })
    expect(programs).toHaveLength(1)
    if (!file.endsWith('.yaml')) expect(programs).toEqual([`./${file}`])
    expect(existsSync(join(examples, file))).toBe(true)
  })
})

describe('the example of a shell script', () => {
  const check = checkOfExample('checks/git-serves.sh') as CommandCheck
  const serves = (url: string) => command({ ...check, run: ['./checks/git-serves.sh', url] })

  test('passes a repository that can be read and fails one that cannot', async () => {
    const repository = join(doubles.directory, 'nixos')
    const git = (...args: string[]) => execFileSync('git', ['-C', doubles.directory, ...args], { encoding: 'utf8' })
    git('init', '--quiet', repository)
    git('-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--allow-empty', '-m', 'a')
    const head = git('-C', repository, 'rev-parse', '--short=7', 'HEAD').trim()
    expect(await serves(`file://${repository}`)).toEqual({ result: 'pass', message: `HEAD is ${head}` })
    expect(await serves(`file://${repository}-gone`)).toMatchObject({ result: 'fail' })
    server.answer = [500, '']
    expect(await serves(`http://127.0.0.1:${server.port}/nixos.git`)).toMatchObject({
      result: 'fail',
      message: expect.stringMatching(/500/) as string,
    })
  })

  test('cannot measure without git', async () => {
    vi.stubEnv('PATH', doubles.directory)
    doubles.write('sh', 'exec /bin/sh "$@"')
    expect(await serves('file:///a')).toEqual({ result: 'error', message: 'there is no git on this machine' })
    doubles.remove('sh')
  })
})

describe('the old tool', () => {
  const check = checkOfExample('checks/lab-health.sh') as CommandCheck
  // Lines of lab-tool: a coloured [lab], a mark, a sentence; and exit 0 whatever it found.
  const lab = (...lines: string[]) => doubles.write('lab', lines.map((line) => `printf '${line}\\n'`).join('\n'))

  test.each([
    ['✓ grey-area is online', 'pass', '[lab] ✓ grey-area is online'],
    ['⚠ forgejo is active only', 'pass', 'warning: [lab] ⚠ forgejo is active only'],
    ['✗ grey-area is unreachable', 'fail', '[lab] ✗ grey-area is unreachable'],
    ['Health of grey-area', 'error', 'lab health grey-area said nothing of grey-area'],
  ])('%s: %s', async (line, result, message) => {
    lab('\\033[0;34m[lab]\\033[0m Checking', `\\033[0;32m[lab]\\033[0m ${line}`)
    expect(await command(check)).toEqual({ result, message })
  })

  test('is believed when its exit code is that of a failure, and missed when it is gone', async () => {
    doubles.write('lab', 'echo "no such machine: $2"; exit 4')
    expect(await command(check)).toEqual({
      result: 'fail',
      message: 'lab health grey-area ended with 4: no such machine: grey-area',
    })
    doubles.remove('lab')
    expect(await command(check)).toEqual({ result: 'error', message: 'there is no program lab on this machine' })
  })
})

describe('the example of a module', () => {
  const check = checkOfExample('checks/ollama-answers.js') as ModuleCheck
  const answers = (more: Readonly<Record<string, unknown>> = {}) =>
    moduleCheck(examples).measure(
      { ...check, with: { ...check.with, port: server.port, ...more } },
      attempt,
      AbortSignal.timeout(20_000),
    )

  test('passes a model that answers, asks again while it loads, and fails one that does not', async () => {
    server.answer = [200, '{"response":" Yes."}']
    expect(await answers()).toMatchObject({
      result: 'pass',
      message: expect.stringMatching(/^llama3.2:1b answered in [\d.]+ s$/) as string,
    })
    expect(server.asked.at(-1)).toMatchObject({ method: 'POST', path: '/api/generate' })
    server.answer = [503, '']
    expect(await answers()).toMatchObject({ result: 'pending', message: 'Ollama is busy', retryAfterMs: 10_000 })
    server.answer = [404, '{"error":"model not found"}']
    expect(await answers()).toEqual({ result: 'fail', message: '404: model not found' })
    server.answer = [200, '{"response":""}']
    expect(await answers()).toEqual({ result: 'fail', message: 'llama3.2:1b has nothing to say' })
    expect(await answers({ port: 1 })).toMatchObject({
      result: 'fail',
      message: expect.stringMatching(/^Ollama does not/) as string,
    })
    expect(await answers({ model: undefined })).toMatchObject({ result: 'error' })
  })
})
