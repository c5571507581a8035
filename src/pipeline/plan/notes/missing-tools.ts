import type { Note } from '../../../model/plan/plan-schema.ts'
import type { Observation } from '../../../model/host/system.ts'

/** What cannot be known of each host that lacks a program, by program. */
const unknown: Readonly<Record<string, string>> = {
  base64: 'texts of its files',
  find: 'its units and its /etc',
  grep: 'its users, groups and firewall',
  gzip: 'its packages',
  head: 'its switch inhibitors',
  stat: 'its free space and the age of its profile',
  systemctl: 'its units',
  tr: 'texts of its files and its switch inhibitors',
  xargs: 'its packages',
}

/** Names the programs that a host lacks, and what fleet does not know for want of them. */
export function missingToolsNotes({ missingTools = [] }: Pick<Observation, 'missingTools'>): readonly Note[] {
  if (missingTools.length === 0) return []
  const known = missingTools.flatMap((tool) => unknown[tool] ?? [])
  const lost = known.length === 0 ? '' : ` fleet could not find out ${[...new Set(known)].join('; ')}.`
  return [
    {
      code: 'plan/missing-tools',
      severity: 'warning',
      summary: `a program is missing on the host: ${missingTools.join(', ')}`,
      detail: `Every NixOS has these programs; this login does not find them.${lost}`,
    },
  ]
}
