import { shortPlanId } from '../../../model/plan/short-id.ts'
import { createHash } from 'node:crypto'
import type { ComparedSystem, Plan } from '../../../model/plan/plan-schema.ts'
import { hasChanges, planSummary } from '../../../model/plan/plan.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { moment } from '../../../model/text/moment.ts'
import { planStyle } from '../../markup/html-style.ts'
import { type Html, markup, nothing } from '../../markup/html.ts'
import type { Remark } from '../dangers.ts'
import { type ChangeGroup, groupsOf } from '../groups.ts'
import { hereSection } from './here.ts'
import { likenessesOf } from '../likeness.ts'
import { publicWordsOf } from '../privacy.ts'
import { topicsOf } from '../topics.ts'
import { attentionSection, detailHtml } from './attention.ts'
import { groupHtml } from './group.ts'
import { restSection } from './rest.ts'
import { rolloutSection } from './rollout.ts'
import { section } from './section.ts'

/** Up to so many changes are shown unfolded, and only while they are short: the rollout stands below them. */
const openAtMost = { changes: 3, items: 60 }

/** A plan as one page: no script, no other file, nothing fetched; a fold for each distinct change. */
export function planHtml(plan: Plan): string {
  const groups = groupsOf(plan)
  const likenesses = likenessesOf(groups)
  const { dangers, remarks, hide } = publicWordsOf(plan)
  const isOpen = groups.length <= openAtMost.changes && itemsOf(groups) <= openAtMost.items
  const { comparison = null } = plan.body
  const title = `${comparison === null ? 'Plan for' : 'Diff in'} ${cleanLine(plan.body.name)}`
  // The style may be used because its digest says so; nothing else may.
  const digest = createHash('sha256').update(planStyle).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`
  const style: Html = { markup: `<style>${planStyle}</style>` }
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${style}
</head>
<body>
<main>
${header(plan, title, remarks)}
${attentionSection(dangers, groups)}
${
  groups.length === 0
    ? nothing
    : section(
        'Changes',
        groups.map((group) => groupHtml(group, isOpen, likenesses.get(group) ?? new Map())),
      )
}
${comparison === null ? rolloutPart(plan, groups, hide) : nothing}
</main>
</body>
</html>
`
  return page.markup
}

/** What comes of applying the plan. */
function rolloutPart(plan: Plan, groups: readonly ChangeGroup[], hide: (text: string) => string): Html {
  return markup`${rolloutSection(plan, groups)}
${hereSection(plan, hide)}
${restSection(plan)}
${footer(plan)}`
}

/** How much there is to list. */
function itemsOf(groups: readonly ChangeGroup[]): number {
  const parts = groups.flatMap((group) => topicsOf(group).flatMap((topic) => topic.parts))
  return parts.reduce((sum, { items }) => sum + items.length, 0)
}

function header(plan: Plan, title: string, remarks: readonly Remark[]): Html {
  const { source, comparison = null } = plan.body
  const revision = source.rev === null ? 'no revision' : `revision ${cleanLine(source.rev.slice(0, 7))}`
  const facts = [
    source.lastModified === null ? revision : `${revision} of ${cleanLine(source.lastModified.slice(0, 10))}`,
    `plan ${shortPlanId(plan.planId)}`,
    `made ${cleanLine(moment(plan.createdAt))}`,
  ]
  const dirty = source.dirty ? markup`<span class="tag bad">uncommitted changes</span>` : nothing
  return markup`<header>
<h1>${title}</h1>
<p class="verdict">${planSummary(plan)}</p>
${
  comparison === null
    ? markup`<p class="facts">${facts.map((fact) => markup`<span>${fact}</span> `)}${dirty}</p>`
    : [sideHtml('from', comparison.from), sideHtml('to', comparison.to)]
}
${remarks.map(({ summary, detail }) => markup`<div class="remark"><p>${summary}</p>${detailHtml(detail)}</div>`)}
</header>`
}

function sideHtml(label: string, { name, is, system }: ComparedSystem): Html {
  return markup`<p class="facts"><span>${label} ${name === system ? nothing : markup`<b>${cleanLine(name)}</b>: `}${cleanLine(is)}</span> <code>${cleanLine(system)}</code></p>
`
}

function footer(plan: Plan): Html {
  const command = hasChanges(plan.body)
    ? markup`<p>To roll out exactly this plan:</p>
<pre class="command">fleet apply plan.json --plan-id ${plan.planId}</pre>`
    : markup`<p>Nothing to apply.</p>`
  return markup`<footer>
${command}
<p class="faint">plan <code>${plan.planId}</code></p>
<p class="faint">changes <code>${plan.changeDigest}</code></p>
</footer>`
}
