import { type Html, markup, nothing } from '../../markup/html.ts'
import { counted } from '../../terminal/amounts.ts'
import { type Danger, summaryOf } from '../../terminal/danger.ts'
import type { ChangeGroup } from '../groups.ts'
import { changesOf } from '../reach.ts'
import { changeLinks } from './change-links.ts'
import { fewHostNames } from './group.ts'
import { section } from './section.ts'

const sentenceAtMost = 240

/** What may hurt, the worst first; nothing where nothing may. */
export function attentionSection(dangers: readonly Danger[], groups: readonly ChangeGroup[]): Html {
  if (dangers.length === 0) return nothing
  return section(
    'Attention',
    dangers.map((danger) => dangerHtml(danger, groups)),
  )
}

function dangerHtml(danger: Danger, groups: readonly ChangeGroup[]): Html {
  const { role, hosts, detail, note, why } = danger
  const level = role === 'bad' ? 'bad' : 'warning'
  const remark = note === '' ? nothing : markup`<p class="faint">note: ${note}</p>`
  return markup`<div class="danger ${level}"><div class="what"><p><strong>${summaryOf(danger)}</strong></p>${whereHtml(hosts, groups)}</div>${remark}${detailHtml(detail === why ? '' : detail)}</div>
`
}

function whereHtml(hosts: readonly string[], groups: readonly ChangeGroup[]): Html {
  const changes = changesOf(hosts, groups)
  if (changes.length === 0) return fewHostNames(hosts)
  return markup`<p>${counted(hosts.length, 'host')} (${changeLinks(changes)})</p>`
}

/** A sentence stands open; more than that is folded. */
export function detailHtml(detail: string): Html {
  if (detail === '') return nothing
  if (!detail.includes('\n') && detail.length <= sentenceAtMost) return markup`<p class="faint">${detail}</p>`
  return markup`<details><summary>more</summary><pre>${detail}</pre></details>`
}
