import { Document, isMap, isPair, isScalar, isSeq, type Node, type YAMLSeq } from 'yaml'
import { pointer } from '../../model/fleet/source.ts'
import type { Proposal } from '../../model/inventory/proposal.ts'

/** Columns of a line that holds a whole map. */
const widest = 100

/** The text of a fleet.yaml, with its comments: one line for what fits into one, a blank line between the parts. */
export function fleetYaml({ file, comments }: Proposal): string {
  const document = new Document(file)
  const top = comments.get('')?.above ?? []
  if (top.length > 0) document.commentBefore = commentOf(top)
  decorate(document.contents, '', (node, at, key) => {
    const own = comments.get(at)
    if (own !== undefined && own.above.length > 0 && isScalar(key)) key.commentBefore = commentOf(own.above)
    if (own?.behind != null) node.comment = ` ${own.behind}`
    if (isScalar(key) && sections.has(at)) key.spaceBefore = true
    if ((isMap(node) || isSeq(node)) && at !== '' && fits(node, at)) node.flow = true
    if (isSeq(node) && node.flow === true) tighten(node)
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

const sections: ReadonlySet<string> = new Set(['/defaults', '/hosts', '/groups', '/waves'])

function commentOf(lines: readonly string[]): string {
  return lines.map((line) => ` ${line}`).join('\n')
}

type Visit = (node: Node, at: string, key: unknown) => void

function decorate(node: unknown, at: string, visit: Visit, key: unknown = null): void {
  if (isMap(node)) {
    for (const item of node.items) decoratePair(item, at, visit)
    visit(node, at, key)
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) decorate(item, at + pointer(index), visit)
    visit(node, at, key)
  } else if (isScalar(node)) visit(node, at, key)
}

function decoratePair(item: unknown, at: string, visit: Visit): void {
  if (!isPair(item)) return
  const { key, value } = item
  decorate(value, at + pointer(isScalar(key) ? String(key.value) : ''), visit, key)
}

/** A list on one line has no blanks inside of its brackets, as people write it; a map has. */
function tighten(list: YAMLSeq): void {
  const write = list.toString.bind(list)
  list.toString = (context, ...rest) =>
    write(context === undefined ? undefined : { ...context, flowCollectionPadding: '' }, ...rest)
}

/** Whole parts of the file stay open; what is in them is on one line where that is short and holds no comment. */
function fits(node: Node, at: string): boolean {
  if (sections.has(at)) return false
  const name = at.slice(at.lastIndexOf('/') + 1)
  const alone = new Document(node.clone())
  if (isMap(alone.contents) || isSeq(alone.contents)) alone.contents.flow = true
  const text = alone.toString({ lineWidth: 0 }).trimEnd()
  return !text.includes('\n') && !text.includes(' #') && name.length + text.length + 6 <= widest
}
