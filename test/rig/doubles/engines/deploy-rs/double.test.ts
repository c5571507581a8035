import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unfitPair } from '../../../../../src/adapters/engines/deploy-rs/pairing.ts'
import { ask } from '../../../../lab/run.ts'
import { writeDeploy } from '../deploy-rs.ts'
import { parseArguments, Refused } from './arguments.ts'
import { parseTarget } from './target.ts'

/* What no recording shows of the double: its surface, and the ways in which a test may change it. */

const folder = mkdtempSync(join(tmpdir(), 'fleet-double-deploy-'))
const isDouble = process.env['FLEET_TEST_DEPLOY'] === undefined

beforeAll(() => {
  writeDeploy(folder)
  // A Nix without flakes, so that the double gets no further.
  writeFileSync(join(folder, 'nix'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
})
afterAll(() => rmSync(folder, { recursive: true }))

function deploy(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const path = `${folder}:${process.env['PATH'] ?? ''}`
  return ask('deploy', args, { environment: { ...process.env, PATH: path, ...environment } })
}

describe('the command line', () => {
  it.each([
    ['an unknown flag', ['--nope']],
    ['a boolean that is none', ['--auto-rollback', 'maybe']],
    ['a boolean without a value', ['--magic-rollback']],
    ['a time-out out of range', ['--confirm-timeout', '65536']],
    ['two targets', ['.#a', '.#b']],
    ['a target beside --targets', ['.#a', '--targets', '.#b']],
    ['a flag of 2026', ['--no-progress']],
  ])('is refused with %s', (_, args) => {
    expect(() => parseArguments(args, false)).toThrow(Refused)
  })

  it('takes what does nothing, what follows --, and flags of 2026 where it is of 2026', () => {
    const args = parseArguments(['-s', '--temp-path', '/x', '--sudo=doas', '.#a', '--', '--option', 'x', 'y'], false)
    expect(args).toMatchObject({ targets: ['.#a'], extra: ['--option', 'x', 'y'] })
    expect(args.values.get('--sudo')).toBe('doas')
    expect(parseArguments(['--targets', '.#a', '.#b', '-s'], false).targets).toEqual(['.#a', '.#b'])
    expect(parseArguments(['--no-progress', '--groups', 'x'], true).targets).toEqual(['.'])
  })
})

describe('a target', () => {
  it.each([
    ['.', null, null],
    ['.#', null, null],
    ['.#web1', 'web1', null],
    ['.#web1.system', 'web1', 'system'],
    ['x?dir=y#"a.b.c"."system"', 'a.b.c', 'system'],
    ['.#"3com".system', '3com', 'system'],
  ])('%s is read', (text, node, profile) => {
    expect(parseTarget(text)).toMatchObject({ node, profile })
  })

  it.each(['.#"web.example.com"', '.#3com.system', '.#a.b.c'])('%s is refused', (text) => {
    expect(parseTarget(text)).toBeNull()
  })
})

describe.runIf(isDouble)('the program', () => {
  it('says the same version always, and tells by its help which it is', async () => {
    expect(await deploy(['--version'])).toEqual({ code: 0, stdout: 'deploy-rs 1.0\n', stderr: '' })
    const nix = 'nix (Nix) 2.34.0'
    const help = async (mode: string) => (await deploy(['--help'], { FLEET_DOUBLE_DEPLOY: mode })).stdout
    expect(unfitPair({ help: await help(''), path: '/bin/deploy', nix })?.code).toBe('deploy-rs/unfit-nix')
    expect(unfitPair({ help: await help('2026'), path: '/bin/deploy', nix })).toBeNull()
  })

  it('ends as it is told to, whatever happened, and says less where RUST_LOG says so', async () => {
    const told = await deploy(['-s', '.#web1'], { FLEET_DOUBLE_DEPLOY: 'exit=0' })
    expect(told.code).toBe(0)
    expect(told.stderr).toContain('A Nix version without flakes support was detected')
    expect((await deploy(['-s', '.#web1'], { RUST_LOG: 'error' })).stderr).not.toContain('WARN')
  })
})
