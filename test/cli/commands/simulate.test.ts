import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../src/cli/arguments/arguments.ts'
import { loadedBy } from '../../rig/files/loaded.ts'

const source = fileURLToPath(new URL('../../../src', import.meta.url))

function parsed(line: string) {
  return parseArguments(line.split(' '), '0.1.0')
}

describe('apply --simulate', () => {
  it('loads nothing that could reach a host, build, or start a program', () => {
    const world = /^adapters\/(process|ssh|engines|nix|locks|hooks|clock|checks\/(?!library))/
    const loaded = [...loadedBy(resolve(source, 'cli/commands/rollouts/simulate.ts'))].map((file) =>
      relative(source, file),
    )
    expect(loaded).toContain('adapters/simulation/engine.ts')
    expect(loaded.filter((file) => world.test(file))).toEqual([])
    // The same search finds them where they are.
    const real = [...loadedBy(resolve(source, 'cli/commands/rollouts/apply.ts'))].map((file) => relative(source, file))
    expect(real.filter((file) => world.test(file)).length).toBeGreaterThan(3)
  })

  it('takes a seed and shares of faults', () => {
    expect(parsed('apply --simulate --seed 7 --faults fail=0.01,flap=1')).toMatchObject({
      ok: false,
      exitCode: 64,
    })
    expect(parsed('apply --simulate --seed 7 --faults fail=0.01,flap=.5')).toMatchObject({
      ok: true,
      command: { simulate: { seed: 7, faults: { fail: 0.01, hang: 0, lose: 0, flap: 0.5 } } },
    })
    expect(parsed('apply')).toMatchObject({ ok: true, command: { simulate: null } })
  })

  it.each([
    '--seed 7',
    '--faults fail=0.1',
    '--simulate --faults fail=2',
    '--simulate --faults sink=0.1',
    '--simulate --seed x',
    '--simulate --dry-activate',
  ])('refuses apply %s', (line) => expect(parsed(`apply ${line}`)).toMatchObject({ ok: false, exitCode: 64 }))
})

describe('reboot', () => {
  it('takes what apply takes of a rollout, and which hosts', () => {
    expect(parsed('reboot --on web-* --all --yes --max-failures 1 -o reboot.json')).toMatchObject({
      ok: true,
      command: {
        command: 'reboot',
        on: ['web-*'],
        which: 'all',
        autoApprove: true,
        out: 'reboot.json',
        simulate: null,
      },
    })
    expect(parsed('reboot')).toMatchObject({ ok: true, command: { which: 'pending', autoApprove: false } })
    expect(parsed('reboot --simulate --seed 3')).toMatchObject({ ok: true, command: { simulate: { seed: 3 } } })
  })

  it.each(['--pending --all', '--seed 3', '--skip-bake'])('refuses reboot %s', (line) =>
    expect(parsed(`reboot ${line}`)).toMatchObject({ ok: false, exitCode: 64 }),
  )
})

describe('rollback', () => {
  it('takes a run, a selection and a file', () => {
    expect(parsed('rollback --run 3f9a --on web-* --wave canary -o back.json')).toMatchObject({
      ok: true,
      command: {
        command: 'rollback',
        run: '3f9a',
        on: ['web-*'],
        waves: ['canary'],
        out: 'back.json',
        autoApprove: false,
      },
    })
  })
})
