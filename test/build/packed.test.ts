import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import * as node from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, run } from '../lab/run.ts'
import { samplePlan, sampleWave, unreachable } from '../rig/samples/plan.ts'
import { planIdOf } from '../../src/pipeline/plan/sign.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'fleet-packed-'))
const npm = { ...process.env, npm_config_cache: join(place, 'npm'), npm_config_update_notifier: 'false' }
afterAll(() => rmSync(place, { recursive: true }))

/** Where the program is, by the way in which it came there. */
const programs = { packed: join(place, 'packed/bin/fleet'), linked: join(place, 'linked/bin/fleet') }

/** A package of its own, made from the sources as they are: other tests run the program in dist/. */
const stage = join(place, 'package')

beforeAll(async () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly files: readonly string[]
  }
  for (const file of ['package.json', ...files.filter((name) => name !== 'dist')])
    cpSync(join(root, file), join(stage, file), { recursive: true })
  await run(process.execPath, ['--import', 'tsx', join(root, 'scripts/build.ts'), join(stage, 'dist')])
  await run('npm', ['pack', stage, '--ignore-scripts', '--pack-destination', place], { environment: npm })
  const [tarball = ''] = readdirSync(place).filter((name) => name.endsWith('.tgz'))
  await run('npm', ['install', '-g', '--offline', '--prefix', join(place, 'packed'), join(place, tarball)], {
    environment: npm,
  })
  // What `npm link` makes.
  mkdirSync(join(place, 'linked/bin'), { recursive: true })
  mkdirSync(join(place, 'linked/lib/node_modules'), { recursive: true })
  symlinkSync(stage, join(place, 'linked/lib/node_modules/fleet'))
  symlinkSync('../lib/node_modules/fleet/dist/main.js', programs.linked)
  mkdirSync(join(place, 'answering'))
  writeFileSync(join(place, 'answering/ssh'), '#!/bin/sh\ncat >/dev/null\necho no >&2\nexit 255\n', { mode: 0o755 })
  writeFileSync(join(place, 'fleet.yaml'), 'version: 1\nname: one\nhosts:\n  web-1: {}\n')
})

describe.each(Object.entries(programs))('the %s program', (_, program) => {
  const fleet = (...argv: readonly string[]): Promise<Answer> =>
    ask(program, ['-f', join(place, 'fleet.yaml'), '--no-color', ...argv], {
      environment: {
        ...process.env,
        HOME: place,
        XDG_CACHE_HOME: undefined,
        PATH: `${place}/answering:${process.env['PATH']}`,
      },
    })

  it('knows its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await fleet('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('completes, and has the man page of its version', async () => {
    expect((await fleet('complete', '--', 'plan', '--on', 'w')).stdout).toBe('web-1\t\n')
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await fleet('completion', shell)).stdout).toBe(
        readFileSync(join(root, `completions/fleet.${shell}`), 'utf8'),
      )
  })

  it.each([
    ['plan --on w', ['web-1']],
    ['diff web-1@b', ['@booted']],
    ['plan --on=!w', ['!web-1']],
    ['stat', ['status']],
  ])('completes %j in a real bash', async (typed, expected) => {
    const script = `
      source <("$1" completion bash)
      COMP_LINE="fleet -f $2 $3" COMP_POINT=\${#COMP_LINE}
      hash -p "$1" fleet
      _fleet
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const argv = ['-c', script, 'bash', program, join(place, 'fleet.yaml'), typed]
    const { code, stdout, stderr } = await ask('bash', argv)
    expect({ code, stdout: stdout.trimEnd().split('\n'), stderr }).toEqual({ code: 0, stdout: expected, stderr: '' })
  })

  it('finds the ready-made checks', async () => {
    const { code, stdout } = await fleet('check', '--list')
    expect(code).toBe(0)
    for (const file of readdirSync(join(root, 'checks')).filter((name) => name.endsWith('.yaml')))
      expect(stdout).toContain(file.slice(0, -'.yaml'.length))
  })

  it('says what is wrong with a file, as from the sources', async () => {
    const folder = join(root, 'test/golden/broken/unknown-key')
    const { code, stderr } = await ask(program, ['-f', join(folder, 'fleet.yaml'), '--no-color', 'validate'])
    const expected = readFileSync(join(folder, 'expected.txt'), 'utf8')
    expect({ code, stderr: stderr.replaceAll(join(folder, 'fleet.yaml'), 'fleet.yaml') }).toEqual({
      code: 1,
      stderr: expected,
    })
  })

  it('shows a saved plan, and refuses one that was changed', async () => {
    // A note whose columns are counted by a package that is loaded no sooner.
    const plan = samplePlan({ a: unreachable('a', '日本語') }, [sampleWave('all', ['a'])])
    const file = join(place, 'plan.json')
    writeFileSync(file, JSON.stringify({ ...plan, planId: planIdOf(plan.body) }))
    expect(await fleet('show', file)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('日本語') as string,
    })
    writeFileSync(file, JSON.stringify({ ...plan, planId: `sha256:${'0'.repeat(64)}` }))
    expect(await fleet('show', file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('plan/tampered') as string,
    })
  })

  it('has the program that runs on hosts, and asks a host', async () => {
    const { code, stdout } = await fleet('status')
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('1 unreachable') as string })
    // Node 20 keeps nothing of what it compiles.
    expect(existsSync(join(place, '.cache/fleet/compiled'))).toBe('enableCompileCache' in node)
  })
})

describe('the package', () => {
  const installed = join(place, 'packed/lib/node_modules/fleet')

  it('puts its man page where man looks', () => {
    const page = readFileSync(join(place, 'packed/share/man/man1/fleet.1'), 'utf8')
    expect(page).toBe(readFileSync(join(root, 'man/fleet.1'), 'utf8'))
    expect(page).toContain('.SS fleet plan')
  })

  it('needs no other package, compiles nothing, and runs no script when it is installed', () => {
    const about = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, object>
    expect(about['dependencies']).toBeUndefined()
    const scripts = Object.keys(about['scripts'] ?? {})
    expect(scripts.filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([])
    expect(existsSync(join(installed, 'node_modules'))).toBe(false)
  })

  it('holds what users need, and neither tests nor sources', () => {
    const all = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    expect([...new Set(all.map((name) => name.split('/')[0] ?? ''))].toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'checks',
      'completions',
      'dist',
      'docs',
      'examples',
      'man',
      'package.json',
      'schemas',
    ])
    expect(all.filter((name) => /\.test\.|(^|\/)(test|golden|fixtures)\//.test(name))).toEqual([])
    expect(all.filter((name) => /\.(gyp|node|c|cc)$/.test(name))).toEqual([])
  })
})

/** Runs the program with something of Node's broken, and returns the lines of the sources that the trace names. */
async function linesTold(breaking: string): Promise<readonly string[]> {
  const planted = `data:text/javascript,${encodeURIComponent(breaking)}`
  const argv = ['--import', planted, programs.packed, '-f', join(root, 'fleet.yaml'), 'validate']
  const { code, stderr } = await ask(process.execPath, argv)
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('Error: planted') as string })
  return [...stderr.matchAll(/(src\/\S+\.ts):(\d+):\d+/g)].map(([, file = '', line = '']) =>
    String(readFileSync(join(root, file), 'utf8').split('\n')[Number(line) - 1]).trim(),
  )
}

describe('a bug is told with the lines of the sources', () => {
  it('when a command ends with it', async () => {
    const lines = await linesTold('Object.fromEntries = () => { throw new Error("planted") }')
    expect(lines[0]).toBe('return Object.fromEntries(entries)')
  })

  it('when nothing waits for what throws it', async () => {
    const lines = await linesTold(`
      AbortController.prototype.abort = () => { throw new Error("planted") }
      process.on('newListener', (name) => { if (name === 'SIGHUP') setImmediate(() => process.emit('SIGTERM')) })
    `)
    expect(lines[0]).toBe('if (!first.signal.aborted) first.abort(signal)')
  })
})
