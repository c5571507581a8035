import { shortPlanId } from '../../../model/plan/short-id.ts'
import type { ComparedSystem, Comparison, Plan } from '../../../model/plan/plan-schema.ts'
import { hasChanges, planSummary } from '../../../model/plan/plan.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { code, marker, prose } from '../../markup/markdown.ts'
import { grouped } from '../../terminal/amounts.ts'
import { truncate } from '../../terminal/width.ts'
import { groupsOf } from '../groups.ts'
import { hereBlocks } from './here.ts'
import { publicWordsOf } from '../privacy.ts'
import { alerts } from './attention.ts'
import { changeBlocks } from './changes.ts'
import { type Depth, depths } from './depths.ts'
import { nameAtMost, type Page, summaryAtMost } from './page.ts'
import { restBlocks } from './rest.ts'
import { rolloutBlocks } from './rollout.ts'

/** How much room there is. */
export interface PlanMarkdownOptions {
  /** Bytes of UTF-8; from `leastMaxBytes`. */
  readonly maxBytes: number
}

const remarksAtMost = 3
/** Bytes of the fleet's name in the marker, so that the shortest page keeps to `leastMaxBytes`. */
const targetAtMost = { shortest: 24, other: 48 }
/** What one character takes at most as an escape: `\\u003c`. */
const escapedBytes = 6

/**
 * A plan for a pull request, in GitHub's Markdown: a hidden marker, the verdict, what may hurt as alerts (Attention), each distinct
 * change folded with its hosts (Changes), a row for each wave (Rollout), notes, what stays, the command. What does not fit is left out
 * by whole sections, and said to be.
 */
export function planMarkdown(plan: Plan, { maxBytes }: PlanMarkdownOptions): string {
  const page: Page = { plan, groups: groupsOf(plan), maxBytes, ...publicWordsOf(plan) }
  let text = ''
  for (const depth of depths) {
    text = render(page, depth)
    if (Buffer.byteLength(text) <= maxBytes) break
  }
  return text
}

function render(page: Page, depth: Depth): string {
  const { plan } = page
  const name = truncate(cleanLine(plan.body.name), nameAtMost)
  const { planId, changeDigest } = plan
  const truncated = depth.missing !== ''
  const isShortest = depth.waves === 'none'
  const { comparison = null } = plan.body
  const blocks = [
    marker(comparison === null ? 'fleet-plan' : 'fleet-diff', {
      version: 1,
      target: cut(name, targetAtMost[isShortest ? 'shortest' : 'other']),
      planId,
      changeDigest,
      truncated,
    }),
    ...(isShortest ? [] : [`## ${comparison === null ? 'Plan for' : 'Diff in'} ${prose(name)}`]),
    isShortest ? planSummary(plan) : `**${planSummary(plan)}**`,
    ...(isShortest
      ? []
      : [comparison === null ? originLine(plan) : sidesLine(comparison), ...remarkLines(page, depth)]),
    ...(truncated ? [leftOutLine(depth, page)] : []),
    ...alerts(page, depth),
    ...changeBlocks(page, depth),
    ...(comparison === null ? rolloutPart(page, depth) : []),
  ]
  return `${blocks.join('\n\n')}\n`
}

/** What comes of applying the plan. */
function rolloutPart(page: Page, depth: Depth): readonly string[] {
  const { planId, body } = page.plan
  return [
    ...rolloutBlocks(page, depth),
    ...hereBlocks(page, depth),
    ...(depth.groups === 'none' ? [] : restBlocks(page)),
    hasChanges(body) ? `\`fleet apply plan.json --plan-id ${planId}\`` : 'Nothing to apply.',
  ]
}

/** Which two systems, one a line. */
function sidesLine({ from, to }: Comparison): string {
  const side = (label: string, { name, is, system }: ComparedSystem) =>
    `- ${label} ${name === system ? '' : `${code(cleanLine(name))}: `}${prose(cleanLine(is))}, ${code(cleanLine(system))}`
  return `${side('from', from)}\n${side('to', to)}`
}

/** The start of a text that takes so many bytes in the marker's JSON at most; a fleet's name is a short word anyway. */
function cut(text: string, bytes: number): string {
  let kept = ''
  let size = 0
  for (const character of text) {
    size += /[\w. -]/.test(character) ? 1 : escapedBytes
    if (size > bytes) break
    kept += character
  }
  return kept
}

function originLine({ body: { source }, planId }: Plan): string {
  const revision = source.rev === null ? 'no revision' : `revision ${code(cleanLine(source.rev.slice(0, 7)))}`
  const state = source.dirty ? ' with **uncommitted changes**' : ''
  const date = source.lastModified === null ? '' : ` of ${prose(cleanLine(source.lastModified.slice(0, 10)))}`
  return `${revision}${date}${state} · plan ${code(shortPlanId(planId))}`
}

/** What was compared with what must be read by everybody; all of it where there is room. */
function remarkLines({ remarks }: Page, depth: Depth): readonly string[] {
  const isShort = depth.groups === 'none'
  const shown = isShort ? remarks.slice(0, remarksAtMost) : remarks
  const rest = remarks.length - shown.length
  const lines = shown.map(({ summary }) => `- ${prose(isShort ? truncate(summary, summaryAtMost) : summary)}`)
  return lines.length === 0 ? [] : [[...lines, ...(rest === 0 ? [] : [`- and ${grouped(rest)} more`])].join('\n')]
}

function leftOutLine({ missing, groups, waves }: Depth, { maxBytes }: Page): string {
  if (waves === 'none') return '_Only the summary fits._'
  const what = groups === 'none' ? `left out: ${missing}` : missing
  return `_Shortened to fit ${grouped(maxBytes)} bytes: ${what}._`
}
