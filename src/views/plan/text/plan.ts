import { sourceName } from '../../../model/fleet/file-reference.ts'
import { shortPlanId } from '../../../model/plan/short-id.ts'
import type { ComparedSystem, Comparison, Plan, Source } from '../../../model/plan/plan-schema.ts'
import { planSummary } from '../../../model/plan/plan.ts'
import { cleanLine } from '../../../model/text/text.ts'
import { type Columns, labelColumn, labelled, outdented, startOf } from '../../terminal/labelled.ts'
import { moment } from '../../../model/text/moment.ts'
import { paintFor } from '../../terminal/paint.ts'
import { displayWidth, hardSpace } from '../../terminal/width.ts'
import { remarksOf } from '../dangers.ts'
import { groupsOf } from '../groups.ts'
import { hereLines } from './here.ts'
import { attentionLines } from './attention.ts'
import { changeLines } from './changes.ts'
import type { Page } from './page.ts'
import { restLines } from './rest.ts'
import { rolloutLines } from './rollout.ts'

/** How a plan is written. */
export interface PlanTextOptions {
  readonly color: boolean
  readonly width: number
  /** Every host, package, unit, path and text difference by name. */
  readonly verbose: boolean
}

/** Longer lines are hard to read, however wide the screen is. */
const widest = 120

/**
 * A plan for the person who decides about it: what it is of, then what may hurt (Attention), what changes (Changes), in which order
 * (Rollout), what runs on this machine, what stays, and the fixed last line.
 */
export function planText(plan: Plan, options: PlanTextOptions): string {
  const { verbose } = options
  const width = Math.min(options.width, widest)
  const page: Page = { plan, width, verbose, paint: paintFor(options.color), groups: groupsOf(plan) }
  const { comparison = null } = plan.body
  const blocks = [
    comparison === null ? header(page) : comparisonHeader(page, comparison),
    attentionLines(page),
    changeLines(page),
    ...(comparison === null ? [rolloutLines(page), hereLines(page), restLines(page)] : []),
    [page.paint('strong', planSummary(plan))],
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

/** A reference that is longer stands before its revision without a column. */
const headAtMost = 24
/** Between facts of one line; the line may be broken there. */
const between = `${hardSpace}${hardSpace} `

function header(page: Page): readonly string[] {
  const { plan, width, paint } = page
  const name = cleanLine(plan.body.name)
  const flake = withoutLogin(cleanLine(sourceName(plan.body.source.original)))
  const made = `made ${cleanLine(moment(plan.createdAt))}`
  const isLong = displayWidth(flake) > headAtMost
  const columns = { indent: 0, column: labelColumn([name, 'note', ...(isLong ? [] : [flake])], headAtMost), width }
  const facts = [`plan ${shortPlanId(plan.planId)}`, made].map((fact) => fact.replaceAll(' ', hardSpace))
  const [first = '', ...rest] = labelled(name, facts.join(between), columns)
  const revision = revisionOf(plan.body.source)
  return [
    paint('strong', first.slice(0, name.length)) + first.slice(name.length),
    ...rest,
    ...(isLong ? outdented(`${flake}${between}${revision}`, width) : labelled(flake, revision, columns)),
    ...remarkLines(page, columns),
  ]
}

function remarkLines({ plan, verbose, paint }: Page, columns: Columns): readonly string[] {
  const remarks = remarksOf(plan)
  // The inputs belong to the flake above them.
  return [...remarks.filter(({ isInput }) => isInput), ...remarks.filter(({ isInput }) => !isInput)].flatMap(
    ({ isInput, summary, detail }) => [
      ...(isInput ? outdented(summary, columns.width) : labelled('note', summary, columns)),
      ...(verbose && detail !== '' ? labelled('', detail, columns).map((text) => paint('faint', text)) : []),
    ],
  )
}

/** Which two systems: each by its name, what it is, and its path on a line of its own. */
function comparisonHeader(page: Page, { from, to }: Comparison): readonly string[] {
  const { plan, paint, width } = page
  const title = [`${cleanLine(plan.body.name)}  diff`, `made ${cleanLine(moment(plan.createdAt))}`].join('   ')
  const columns = { indent: 0, column: labelColumn(['note', 'from', 'to'], headAtMost), width }
  const side = (label: string, { name, is, system }: ComparedSystem) => [
    ...labelled(label, cleanLine(name === system ? is : `${name}: ${is}`), columns),
    `${startOf(columns)}${paint('faint', cleanLine(system))}`,
  ]
  return [paint('strong', title), ...side('from', from), ...side('to', to), ...remarkLines(page, columns)]
}

function revisionOf({ rev, dirty, lastModified }: Source): string {
  const date = lastModified === null ? '' : ` of ${cleanLine(lastModified.slice(0, 10))}`
  const revision = (rev === null ? 'no revision' : cleanLine(rev.slice(0, 7))) + date
  return `${revision}${dirty ? ', with uncommitted changes' : rev === null ? '' : ', clean'}`
}

/** A reference may hold a user, or a token: `git+https://user:token@host/…`. */
function withoutLogin(reference: string): string {
  return reference.replace(/:\/\/[^/\s]*@/, '://')
}
