import type { Plan } from '../../../model/plan/plan-schema.ts'
import { hasChanges, planSummary } from '../../../model/plan/plan.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { counted, grouped } from '../../terminal/amounts.ts'
import { alert, code, fence, folded, marker, prose } from '../../markup/markdown.ts'
import { checkSentences } from '../checks.ts'
import type { Danger, Remark } from '../dangers.ts'
import { type Depth, depths } from './depths.ts'
import { groupMarkdown } from './group.ts'
import { type ChangeGroup, groupsOf } from '../groups.ts'
import { publicWordsOf } from '../privacy.ts'
import { leftOutOf, waveRowsOf } from '../waves.ts'
import { truncate } from '../../terminal/width.ts'

/** How much room there is. */
export interface PlanMarkdownOptions {
  /** Bytes of UTF-8; from `leastMaxBytes`. */
  readonly maxBytes: number
}

const hostsAtMost = 10
const dangersAtMost = 5
const remarksAtMost = 3
const wavesAtMost = 10
const summaryAtMost = 160
const nameAtMost = 48
/** Bytes of the fleet's name in the marker, so that the shortest page keeps to `leastMaxBytes`. */
const targetAtMost = { shortest: 24, other: 48 }
/** What one character takes at most as an escape: `\\u003c`. */
const escapedBytes = 6
const sentenceAtMost = 240

/**
 * A plan for a pull request, in GitHub's Markdown: a hidden marker, verdict, dangers, waves, each distinct change folded with its
 * hosts, notes, the command. What does not fit is left out by whole sections, and said to be.
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

interface Page {
  readonly plan: Plan
  readonly groups: readonly ChangeGroup[]
  readonly dangers: readonly Danger[]
  readonly remarks: readonly Remark[]
  readonly maxBytes: number
}

function render(page: Page, depth: Depth): string {
  const { plan } = page
  const name = truncate(cleanLine(plan.body.name), nameAtMost)
  const { planId, changeDigest } = plan
  const truncated = depth.missing !== ''
  const isShortest = depth.waves === 'none'
  const blocks = [
    marker('fleet-plan', {
      version: 1,
      target: cut(name, targetAtMost[isShortest ? 'shortest' : 'other']),
      planId,
      changeDigest,
      truncated,
    }),
    ...(isShortest ? [] : [`## Plan for ${prose(name)}`]),
    isShortest ? planSummary(plan) : `**${planSummary(plan)}**`,
    ...(isShortest ? [] : [originLine(plan), ...remarkLines(page, depth)]),
    ...(truncated ? [leftOutLine(depth, page)] : []),
    ...alerts(page, depth),
    ...waveTable(page, depth),
    ...groupBlocks(page, depth),
    ...(depth.groups === 'none' ? [] : [...notes(page), ...leftOutHosts(plan), ...checkList(plan)]),
    hasChanges(plan.body) ? `\`fleet apply plan.json --plan-id ${planId}\`` : 'Nothing to apply.',
  ]
  return `${blocks.join('\n\n')}\n`
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
  return `${revision}${date}${state} · plan ${code(planId.slice(7, 15))}`
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
  if (waves === 'none') return '_Only the verdict fits._'
  const what = groups === 'none' ? `left out: ${missing}` : missing
  return `_Shortened to ${grouped(maxBytes)} bytes: ${what}._`
}

function alerts({ dangers }: Page, depth: Depth): readonly string[] {
  if (depth.dangers === 'none') return []
  const isShort = depth.dangers === 'some'
  return (['CAUTION', 'WARNING'] as const).flatMap((kind) => {
    const some = dangers.filter(({ role }) => (role === 'bad') === (kind === 'CAUTION'))
    if (some.length === 0) return []
    if (depth.dangers === 'counted')
      return [alert(kind, [counted(some.length, kind === 'CAUTION' ? 'danger' : 'warning')])]
    const shown = isShort ? some.slice(0, dangersAtMost) : some
    const rest = some.length - shown.length
    const lines = shown.map((danger) => dangerLine(danger, isShort))
    return [alert(kind, rest === 0 ? lines : [...lines, `and ${grouped(rest)} more`])]
  })
}

function dangerLine({ summary, hosts }: Danger, isShort: boolean): string {
  const words = prose(isShort ? truncate(summary, summaryAtMost) : summary).trim()
  const text = `**${words === '' ? '—' : words}**`
  const names = isShort ? hosts.map((name) => truncate(name, nameAtMost)) : hosts
  return hosts.length === 0 ? text : `${text}: ${someNames(names, hostsAtMost)}`
}

function someNames(names: readonly string[], limit: number): string {
  const rest = names.length - limit
  if (rest <= 1) return names.map(code).join(', ')
  return `${names.slice(0, limit).map(code).join(', ')} and ${grouped(rest)} more`
}

function waveTable({ plan }: Page, depth: Depth): readonly string[] {
  if (depth.waves === 'none') return []
  const rows = waveRowsOf(plan)
  const shown = depth.waves === 'some' ? rows.slice(0, wavesAtMost) : rows
  const lines = shown.map(({ name, hosts, change, reboot, missing, how }) =>
    [prose(truncate(name, nameAtMost)), hosts, change, reboot, missing, prose(truncate(how, summaryAtMost))].join(
      ' | ',
    ),
  )
  const rest = rows.length - shown.length
  return [
    [
      '| Wave | Hosts | Change | Reboot | Missing | How |',
      '|:--|--:|--:|--:|--:|:--|',
      ...lines.map((line) => `| ${line} |`),
    ].join('\n'),
    ...(rest === 0 ? [] : [`and ${counted(rest, 'more wave')}`]),
  ]
}

function groupBlocks({ groups }: Page, { groups: shown, groupsAtMost, patchLines }: Depth): readonly string[] {
  if (shown === 'none') return []
  const size = ({ hosts }: ChangeGroup) => hosts.length
  const kept = new Set(groups.toSorted((a, b) => size(b) - size(a)).slice(0, groupsAtMost))
  const left = groups.filter((group) => !kept.has(group))
  const hosts = left.reduce((sum, group) => sum + size(group), 0)
  return [
    ...groups.flatMap((group) => (kept.has(group) ? [groupMarkdown(group, { patchLines, all: shown === 'all' })] : [])),
    ...(left.length === 0 ? [] : [`and ${counted(left.length, 'more change')} on ${counted(hosts, 'host')}`]),
  ]
}

/** What the dangers and remarks say at length, and what is worth knowing and no danger. */
function notes({ plan, dangers, remarks }: Page): readonly string[] {
  const long = [
    ...dangers.flatMap((danger) => noteLines(dangerLine(danger, false), danger.detail, danger.note)),
    ...remarks.flatMap(({ summary, detail }) => noteLines(prose(summary), detail, '')),
  ]
  const infos = Object.entries(plan.body.hosts).flatMap(([name, host]) =>
    host.notes.flatMap(({ severity, summary, code: kind }) =>
      // The operator's own note stands with the failure it is for.
      severity === 'info' && kind !== 'plan/console'
        ? [[`- ${code(cleanLine(name))}: ${prose(cleanLine(summary))}`]]
        : [],
    ),
  )
  const all = [...long, ...infos]
  return all.length === 0 ? [] : [folded(counted(all.length, 'note'), all.flat())]
}

/** A sentence stands beside what it is about; more than that keeps its own lines. */
function noteLines(head: string, detail: string, remark: string): readonly (readonly string[])[] {
  const text = [detail, remark === '' ? '' : `note: ${remark}`].filter((part) => part !== '').join('\n')
  if (text === '') return []
  if (!text.includes('\n') && text.length <= sentenceAtMost) return [[`- ${head}. ${prose(text)}`]]
  return [[`- ${head}`, '', ...fence('text', text.split('\n')), '']]
}

function leftOutHosts(plan: Plan): readonly string[] {
  return [...leftOutOf(plan)].map(
    ([reason, names]) => `Not in this plan: ${someNames(names, hostsAtMost)} (${prose(reason)})`,
  )
}

/** Which checks will run on which host. */
function checkList(plan: Plan): readonly string[] {
  const lines = checkSentences(plan).map(prose)
  return lines.length === 0 ? [] : [lines.join('  \n')]
}
