import { describe, expect, it } from 'vitest'
import { describedProgram } from '../../../src/cli/arguments/arguments.ts'
import { complete } from '../../../src/cli/arguments/completion.ts'

const names = {
  hosts: ['web-1', 'web-2', 'db'],
  groups: ['web'],
  waves: ['canary', 'rest'],
  runs: ['20261128T010203Z-1a2b'],
  codes: ['ssh/no-answer', 'ssh/refused-login'],
}

/** What may stand in the place of the last word; `…` where the name of a file may. */
function after(...words: readonly string[]): readonly string[] {
  const { candidates, files } = complete(describedProgram(), words, names)
  return [...candidates.map(({ value }) => value), ...(files ? ['…'] : [])]
}

describe('completion', () => {
  it('offers commands with what they do, and hides its own', () => {
    expect(after('pl')).toEqual(['plan'])
    expect(after('')).toContain('status')
    expect(after('')).not.toContain('complete')
    const [plan] = complete(describedProgram(), ['pla'], names).candidates
    expect(plan).toEqual({ value: 'plan', description: 'Show what would change on every host' })
  })

  it('offers the options of the command and of fleet itself', () => {
    expect(after('update', '--re')).toEqual(['--revert-if-failing'])
    expect(after('-q', 'plan', '--ver')).toEqual(['--version', '--verbose'])
    expect(after('--st')).toEqual(['--state-dir'])
  })

  it('offers hosts, groups, waves and runs where they stand', () => {
    expect(after('plan', '--on', '')).toEqual(['web-1', 'web-2', 'db', '@web'])
    expect(after('plan', '--on', 'db,web')).toEqual(['db,web-1', 'db,web-2'])
    expect(after('plan', '--on', '!web')).toEqual(['!web-1', '!web-2'])
    expect(after('plan', '--on=@')).toEqual(['--on=@web'])
    expect(after('apply', 'plan.json', '--wave', 'c')).toEqual(['canary'])
    expect(after('rollback', '--run', '')).toEqual(names.runs)
    expect(after('history', '')).toEqual(['latest', ...names.runs])
    expect(after('diff', 'web-1', 'web-2@')).toEqual(['web-2@booted', 'web-2@profile'])
    expect(after('diff', 'main#d')).toEqual(['main#db'])
  })

  it('offers the words that an option takes', () => {
    expect(after('plan', '--format', '')).toEqual(['text', 'markdown', 'html', 'json'])
    expect(after('apply', '--mode', 'b')).toEqual(['boot'])
    expect(after('completion', '')).toEqual(['bash', 'zsh', 'fish'])
  })

  it('leaves files to the shell, and offers nothing where nothing is known', () => {
    expect(after('apply', 'pl')).toEqual(['…'])
    expect(after('plan', '-o', '')).toEqual(['…'])
    expect(after('plan', '--base', '')).toEqual([])
    expect(after('nonsense', '')).toContain('plan')
  })
})
