import { expect, it } from 'vitest'
import { missingToolsNotes } from '../../../src/pipeline/plan/notes/missing-tools.ts'

it('names the programs that a host lacks, and what is unknown for want of them', () => {
  expect(missingToolsNotes({ missingTools: ['find', 'grep'] })).toEqual([
    {
      code: 'plan/missing-tools',
      severity: 'warning',
      summary: 'a program is missing on the host: find, grep',
      detail:
        'Every NixOS has these programs; this login does not find them. fleet could not find out its units and its /etc; its users, groups and firewall.',
    },
  ])
  expect(missingToolsNotes({})).toEqual([])
})
