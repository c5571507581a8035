import type { Plan } from '../../../model/plan/plan-schema.ts'
import { hasChanges } from '../../../model/plan/plan.ts'
import { type Html, markup, nothing } from '../../markup/html.ts'
import type { ChangeGroup } from '../groups.ts'
import { rolloutOf, type WaveRow } from '../waves.ts'
import { changeLinks } from './change-links.ts'
import { section } from './section.ts'

/** In which order: a row for each wave with links to the changes that reach it, then the limits that all share. */
export function rolloutSection(plan: Plan, groups: readonly ChangeGroup[]): Html {
  const { rows, limits } = rolloutOf(plan, groups)
  const [only, ...others] = rows
  if (only === undefined || (others.length === 0 && !hasChanges(plan.body))) return nothing
  if (others.length === 0) {
    const wave = plan.body.waves.length > 1 ? `wave ${only.name}, ` : ''
    return section('Rollout', [markup`<p>${wave}${limits}</p>`])
  }
  const shared = limits === '' ? nothing : markup`<p class="shared">Every wave: ${limits}.</p>`
  return section('Rollout', [waveTable(rows, groups), shared])
}

function waveTable(rows: readonly WaveRow[], groups: readonly ChangeGroup[]): Html {
  const hasLetters = groups.some(({ letter }) => letter !== '')
  const hasLimits = rows.some(({ limits }) => limits !== '')
  const optional = (isShown: boolean, cell: Html) => (isShown ? cell : nothing)
  const lines = rows.map(
    ({ number, name, members, change, reboot, blocked, changes, limits }) =>
      markup`<tr><th scope="row">${number} ${name}</th>${figure('Hosts', members.length)}${figure('Change', change)}${figure('Reboot', reboot, 'bad')}${figure('Blocked', blocked, 'warning')}${optional(hasLetters, markup`<td class="changes" data-label="Changes">${changes.length === 0 ? '-' : changeLinks(changes)}</td>`)}${optional(hasLimits, markup`<td class="limits">${limits}</td>`)}</tr>
`,
  )
  return markup`<table class="waves">
<thead><tr><th>Wave</th><th>Hosts</th><th>Change</th><th>Reboot</th><th>Blocked</th>${optional(hasLetters, markup`<th>Changes</th>`)}${optional(hasLimits, markup`<th>Limits</th>`)}</tr></thead>
<tbody>
${lines}</tbody>
</table>
`
}

function figure(label: string, count: number, role = ''): Html {
  return markup`<td class="count ${count === 0 ? 'zero' : role}" data-label="${label}">${count === 0 ? '-' : count}</td>`
}
