import { describe, expect, test } from 'vitest'
import { parseArguments } from '../../../src/cli/arguments/arguments.ts'
import type { Command } from '../../../src/cli/arguments/command.ts'
import { expectGolden } from '../../rig/files/golden.ts'

function parse(line: string) {
  return parseArguments(line === '' ? [] : line.split(' '), '1.2.3')
}

function understood(line: string): Command {
  const parsed = parse(line)
  if (!parsed.ok) throw new Error(parsed.stderr)
  return parsed.command
}

const common = { file: 'fleet.yaml', stateDirectory: null, quiet: false, verbose: false, color: true }
const everything = { waves: [], on: [] }
const commands = ['validate', 'plan', 'show plan.json', 'apply'] as const

describe('a command without flags has every default', () => {
  test('validate', () => expect(understood('validate')).toEqual({ ...common, command: 'validate' }))
  test('plan', () => {
    expect(understood('plan')).toEqual({
      ...common,
      ...everything,
      command: 'plan',
      out: null,
      signWith: null,
      format: 'text',
      maxBytes: 60_000,
      detailedExitCode: false,
      strict: false,
      build: false,
      base: null,
      offline: false,
      observed: null,
      importFromDerivation: false,
      parallelism: 16,
    })
  })
  test('status', () => {
    expect(understood('status --format json')).toEqual({
      ...common,
      ...everything,
      command: 'status',
      json: true,
      detailedExitCode: false,
      parallelism: 16,
    })
  })
  test('show', () => {
    expect(understood('show plan.json')).toEqual({
      ...common,
      command: 'show',
      plan: 'plan.json',
      format: 'text',
      maxBytes: 60_000,
    })
  })
  test('apply', () => {
    expect(understood('apply')).toMatchObject({
      ...common,
      ...everything,
      command: 'apply',
      plan: null,
      autoApprove: false,
      allowDirty: false,
      planId: null,
      requireSignature: null,
      json: false,
      parallelism: 16,
    })
  })
})

describe.each(commands)('%s', (command) => {
  test.each([
    ['-f lab.yaml', { file: 'lab.yaml' }],
    ['--file lab.yaml', { file: 'lab.yaml' }],
    ['--state-dir /var/lib/fleet', { stateDirectory: '/var/lib/fleet' }],
    ['-q', { quiet: true }],
    ['--quiet', { quiet: true }],
    ['-v', { verbose: true }],
    ['--verbose', { verbose: true }],
    ['--no-color', { color: false }],
  ])('knows %s, before it and after it', (flag, effect) => {
    expect(understood(`${flag} ${command}`)).toMatchObject(effect)
    expect(understood(`${command} ${flag}`)).toMatchObject(effect)
  })
})

describe.each(['plan', 'apply'])('%s', (command) => {
  test.each([
    ['--wave canary', { waves: ['canary'] }],
    ['--wave canary --wave rest', { waves: ['canary', 'rest'] }],
    ['--on web-1', { on: ['web-1'] }],
    ['--on @web --on !web-1 --wave rest', { on: ['@web', '!web-1'], waves: ['rest'] }],
    ['--parallelism 3', { parallelism: 3 }],
  ])('knows %s', (flags, effect) => expect(understood(`${command} ${flags}`)).toMatchObject(effect))
})

test.each([
  ['plan -o plan.json', { out: 'plan.json' }],
  ['plan --out plan.json', { out: 'plan.json' }],
  ['plan --format json', { format: 'json' }],
  ['plan --json', { format: 'json' }],
  ['plan --format text --json', { format: 'json' }],
  ['plan --detailed-exitcode', { detailedExitCode: true }],
  ['plan --strict', { strict: true }],
  ['plan --format markdown', { format: 'markdown', maxBytes: 60_000 }],
  ['plan --format markdown --max-bytes 1000', { format: 'markdown', maxBytes: 1000 }],
  ['show plan.json --max-bytes 262144 --format markdown', { format: 'markdown', maxBytes: 262_144 }],
  ['show plan.json --format html', { format: 'html' }],
  ['show --json plan.json', { format: 'json', plan: 'plan.json' }],
  ['show plan.json --format json', { format: 'json' }],
  ['apply plan.json', { plan: 'plan.json' }],
  ['apply --auto-approve', { autoApprove: true }],
  ['apply --allow-dirty', { allowDirty: true }],
  ['apply --json', { json: true }],
  ['apply -- -odd-name.json', { plan: '-odd-name.json' }],
])('%s', (line, effect) => expect(understood(line)).toMatchObject(effect))

test.each([
  ['aply', 'apply'],
  ['plna', 'plan'],
  ['plan --parallelsm 3', '--parallelism'],
  ['plan --detailed-exit-code', '--detailed-exitcode'],
  ['apply --auto-aprove', '--auto-approve'],
  ['--quite plan', '--quiet'],
])('%s is usage, and the nearest name is told', (line, name) => {
  const parsed = parse(line)
  expect(parsed).toMatchObject({ ok: false, exitCode: 64, stdout: '' })
  expect(parsed.ok ? '' : parsed.stderr).toContain(name)
})

test.each([
  'validate extra',
  'plan extra',
  'show',
  'show one.json two.json',
  'apply one.json two.json',
  'plan --wave',
  'plan -o',
  'plan --parallelism 0',
  'plan --parallelism -1',
  'plan --parallelism 1.5',
  'plan --parallelism many',
  'plan --parallelism 100000',
  'plan --format xml',
  'plan --max-bytes 60000',
  'plan --format html --max-bytes 60000',
  'plan --format markdown --json --max-bytes 60000',
  'show plan.json --json --max-bytes 60000',
  'show plan.json --format markdown --max-bytes 499',
  'show plan.json --format markdown --max-bytes 60k',
  'show plan.json --wave canary',
  'validate --strict',
  'plan --auto-approve',
  'apply --strict',
  'apply --auto-approve=yes',
  '--file',
  '',
])('`fleet %s` is usage: exit 64, nothing on stdout, a word on stderr', (line) => {
  const parsed = parse(line)
  expect(parsed).toMatchObject({ ok: false, exitCode: 64, stdout: '' })
  expect(parsed.ok ? '' : parsed.stderr).not.toBe('')
})

test.each(['apply --dry-run', 'apply --dry', 'apply --check', 'apply --diff', 'apply -n --noop'])(
  '%s is answered with what shows a change without making it',
  (line) => {
    const parsed = parse(line)
    const stderr = parsed.ok ? '' : parsed.stderr
    expect(stderr).toContain(`There is no \`${line.split(' ').at(-1)}\`. \`fleet plan\` shows what would change.`)
    expect(stderr).toMatch(/`fleet apply PLAN --dry-activate` also shows .* and activates nothing\.\n$/)
  },
)

test('unlock takes the lock’s id, and where to look for it', () => {
  const parsed = parse('unlock 12-ab --on web-1 --auto-approve')
  expect(parsed.ok ? parsed.command : parsed.stderr).toMatchObject({
    command: 'unlock',
    id: '12-ab',
    waves: [],
    on: ['web-1'],
    autoApprove: true,
    parallelism: 16,
  })
  expect(parse('unlock')).toMatchObject({ ok: false, exitCode: 64 })
})

test.each(['--version', '-V'])('%s prints the version alone', (flag) => {
  expect(parse(flag)).toEqual({ ok: false, exitCode: 0, stdout: '1.2.3\n', stderr: '' })
})

describe('--help', () => {
  test.each([
    'fleet',
    'init',
    'validate',
    'plan',
    'status',
    'check',
    'show',
    'diff',
    'update',
    'doctor',
    'completion',
    'apply',
    'reboot',
    'rollback',
    'history',
    'explain',
    'exec',
    'ssh',
    'unlock',
  ])('of %s lists what there is', (command) => {
    const parsed = parse(command === 'fleet' ? '--help' : `${command} --help`)
    expect(parsed).toMatchObject({ ok: false, exitCode: 0, stderr: '' })
    expectGolden(`help/${command}.txt`, parsed.ok ? '' : parsed.stdout)
  })

  test('without a command goes to stderr, as it was not asked for', () => {
    const [help, nothing] = [parse('--help'), parse('')]
    if (help.ok || nothing.ok) throw new Error('nothing was understood as a command')
    // What is added to a help that was asked for (exit codes, examples) is not needed by who forgot the command.
    expect(help.stdout).toContain(nothing.stderr.split('\n\n').slice(0, 3).join('\n\n'))
  })
})

describe('what a plan is compared with', () => {
  test('is another revision with --base and --offline', () => {
    expect(understood('plan --offline --base origin/main')).toMatchObject({ offline: true, base: 'origin/main' })
    expect(understood('plan --offline')).toMatchObject({ offline: true, base: null })
  })
  test('tells of a revision beside the hosts, or compares with it where none is asked', () => {
    expect(understood('plan --base origin/main')).toMatchObject({ base: 'origin/main', offline: false })
    expect(understood('plan --base origin/main --offline')).toMatchObject({ base: 'origin/main', offline: true })
  })
  test('takes observations instead of hosts, and not with --offline', () => {
    expect(understood('plan --observed status.json')).toMatchObject({ observed: 'status.json' })
    expect(parse('plan --observed status.json --offline')).toMatchObject({
      ok: false,
      exitCode: 64,
      stderr: expect.stringContaining('--observed') as string,
    })
  })
  test('is built with --build', () => expect(understood('plan --build')).toMatchObject({ build: true }))
})

test('apply takes the id of the plan that was approved', () => {
  expect(understood('apply plan.json --plan-id sha256:ab')).toMatchObject({ plan: 'plan.json', planId: 'sha256:ab' })
})
test('lets a flake build while it is evaluated only where it is taken for a stranger’s', () => {
  expect(understood('plan --offline --base main --allow-import-from-derivation')).toMatchObject({
    importFromDerivation: true,
  })
  for (const other of ['plan', 'plan --offline', 'plan --base main'])
    expect(parse(`${other} --allow-import-from-derivation`)).toMatchObject({ ok: false, exitCode: 64 })
})
