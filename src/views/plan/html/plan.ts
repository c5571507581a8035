import { createHash } from 'node:crypto'
import type { HostPlan, Plan } from '../../../model/plan/plan-schema.ts'
import { hasChanges, missingWords, planSummary } from '../../../model/plan/plan.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { counted } from '../../terminal/amounts.ts'
import { type Html, markup, nothing } from '../../markup/html.ts'
import { checkSentences } from '../checks.ts'
import type { Danger, Remark } from '../dangers.ts'
import { fewHostNames, groupHtml, hostNames } from './group.ts'
import { groupsOf, isRebootPending } from '../groups.ts'
import { planStyle } from '../../markup/html-style.ts'
import { publicWordsOf } from '../privacy.ts'
import { leftOutOf, waveRowsOf } from '../waves.ts'

/** Up to so many changes are shown unfolded. */
const openAtMost = 3
const sentenceAtMost = 240

/** A plan as one page: no script, no other file, nothing fetched; a fold for each distinct change. */
export function planHtml(plan: Plan): string {
  const groups = groupsOf(plan)
  const { dangers, remarks } = publicWordsOf(plan)
  const title = `Plan for ${cleanLine(plan.body.name)}`
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
${dangerSection(dangers)}
${waveSection(plan)}
${
  groups.length === 0
    ? nothing
    : section(
        'Changes',
        groups.map((group) => groupHtml(group, groups.length <= openAtMost)),
      )
}
${restSection(plan)}
${footer(plan)}
</main>
</body>
</html>
`
  return page.markup
}

function section(title: string, body: readonly Html[]): Html {
  return markup`<section>
<h2>${title}</h2>
${body}
</section>`
}

function header(plan: Plan, title: string, remarks: readonly Remark[]): Html {
  const { source } = plan.body
  const revision = source.rev === null ? 'no revision' : `revision ${cleanLine(source.rev.slice(0, 7))}`
  const facts = [
    source.lastModified === null ? revision : `${revision} of ${cleanLine(source.lastModified.slice(0, 10))}`,
    `plan ${plan.planId.slice(7, 15)}`,
    `made ${cleanLine(plan.createdAt.slice(0, 16).replace('T', ' '))} UTC`,
  ]
  const dirty = source.dirty ? markup`<span class="tag bad">uncommitted changes</span>` : nothing
  return markup`<header>
<h1>${title}</h1>
<p class="verdict">${planSummary(plan)}</p>
<p class="facts">${facts.map((fact) => markup`<span>${fact}</span> `)}${dirty}</p>
${remarks.map(({ summary, detail }) => markup`<div class="remark"><p>${summary}</p>${detailHtml(detail)}</div>`)}
</header>`
}

function dangerSection(dangers: readonly Danger[]): Html {
  return dangers.length === 0 ? nothing : section('Look here first', dangers.map(dangerHtml))
}

function dangerHtml({ role, summary, hosts, detail, note }: Danger): Html {
  const level = role === 'bad' ? 'bad' : 'warning'
  const remark = note === '' ? nothing : markup`<p class="faint">note: ${note}</p>`
  return markup`<div class="danger ${level}"><div class="what"><p><strong>${summary}</strong></p>${fewHostNames(hosts)}</div>${remark}${detailHtml(detail)}</div>
`
}

/** A sentence stands open; more than that is folded. */
function detailHtml(detail: string): Html {
  if (detail === '') return nothing
  if (!detail.includes('\n') && detail.length <= sentenceAtMost) return markup`<p class="faint">${detail}</p>`
  return markup`<details><summary>more</summary><pre>${detail}</pre></details>`
}

function waveSection(plan: Plan): Html {
  const rows = waveRowsOf(plan)
  if (rows.length === 0) return nothing
  const cell = (label: string, count: number, role = '') =>
    markup`<td class="count ${count === 0 ? 'zero' : role}" data-label="${label}">${count}</td>`
  const lines = rows.map(
    ({ name, hosts, change, reboot, missing, how }) =>
      markup`<tr><th scope="row">${name}</th>${cell('Hosts', hosts)}${cell('Change', change)}${cell('Reboot', reboot, 'bad')}${cell('Missing', missing, 'warning')}<td class="how">${how}</td></tr>
`,
  )
  return section('Waves', [
    markup`<table class="waves">
<thead><tr><th>Wave</th><th>Hosts</th><th>Change</th><th>Reboot</th><th>Missing</th><th>How</th></tr></thead>
<tbody>
${lines}</tbody>
</table>`,
  ])
}

/** Hosts that are not changed, each kind folded. */
function restSection(plan: Plan): Html {
  const all = Object.entries(plan.body.hosts)
  const names = (test: (host: HostPlan) => boolean) =>
    all.flatMap(([name, host]) => (test(host) ? [cleanLine(name)] : []))
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['no change', names((host) => host.action === 'none' && !isRebootPending(host))],
    ['no change to make, reboot pending', names((host) => host.action === 'none' && isRebootPending(host))],
    ...(['unreachable', 'not asked'] as const).map(
      (words) =>
        [words, names((host) => host.action === 'unreachable' && missingWords(host.failure) === words)] as const,
    ),
    ['not evaluated or not built', names(({ action }) => action === 'evaluation-failed')],
    ...[...leftOutOf(plan)].map(([reason, hosts]) => [`not in this plan: ${reason}`, hosts] as const),
  ]
  const shown = kinds.filter(([, hosts]) => hosts.length > 0)
  const notes = all.flatMap(([name, { notes }]) =>
    notes.flatMap(({ severity, summary, code }) =>
      severity === 'info' && code !== 'plan/console'
        ? [markup`<li><code>${cleanLine(name)}</code> ${cleanLine(summary)}</li>`]
        : [],
    ),
  )
  const hosts = shown.map(([what, some]) => rest(`${counted(some.length, 'host')}: ${what}`, hostNames(some)))
  const noted = notes.length === 0 ? [] : [rest(counted(notes.length, 'note'), markup`<ul>${notes}</ul>`)]
  const checks = checkSentences(plan).map(
    (text) => markup`<p class="faint">${text}</p>
`,
  )
  const parts = [...hosts, ...noted, ...checks]
  return parts.length === 0 ? nothing : section('The rest', parts)
}

function rest(summary: string, body: Html): Html {
  return markup`<details class="rest"><summary>${summary}</summary>${body}</details>
`
}

function footer(plan: Plan): Html {
  const command = hasChanges(plan.body)
    ? markup`<p>To make exactly this true:</p>
<pre class="command">fleet apply plan.json --plan-id ${plan.planId}</pre>`
    : markup`<p>Nothing to apply.</p>`
  return markup`<footer>
${command}
<p class="faint">plan <code>${plan.planId}</code></p>
<p class="faint">changes <code>${plan.changeDigest}</code></p>
</footer>`
}
