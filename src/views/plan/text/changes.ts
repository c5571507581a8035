import { counted } from '../../terminal/amounts.ts'
import { labelColumn, labelled } from '../../terminal/labelled.ts'
import { someOf } from '../../terminal/names.ts'
import { displayWidth, hang } from '../../terminal/width.ts'
import { type ChangeTable, changeTable } from '../change-text.ts'
import type { ChangeGroup } from '../groups.ts'
import { likenessesOf } from '../likeness.ts'
import { topicsOf } from '../topics.ts'
import { detailLines } from './detail.ts'
import type { Page } from './page.ts'

/** A label that is longer stands on a line of its own: on a wide screen, and on a narrow one. */
const labelAtMost = { wide: 14, narrow: 9 }
const narrowBelow = 60

/** What changes: each distinct change once, as a small table under its letter and its hosts; nothing where nothing does. */
export function changeLines(page: Page): readonly string[] {
  const { groups, paint, width, verbose } = page
  if (groups.length === 0) return []
  const likenesses = likenessesOf(groups)
  const changes = groups.map((group) => ({
    group,
    table: verbose ? headTable(group) : changeTable(group, likenesses.get(group)),
  }))
  const titles = changes.flatMap(({ group, table }) => [headOf(group), ...table.rows.map(({ title }) => title)])
  const column = labelColumn(titles, labelAtMost[width < narrowBelow ? 'narrow' : 'wide'])
  return [
    paint('strong', 'Changes'),
    ...changes.flatMap(({ group, table }) => [
      ...headLines(group, table, column, page),
      ...(verbose ? detailLines(group, indentOf(group), page) : rowLines(group, table, column, page)),
    ]),
  ]
}

/** Where everything is listed, the remark is in the list, unless there is none. */
function headTable(group: ChangeGroup): ChangeTable {
  return { remark: topicsOf(group).length === 0 ? changeTable(group).remark : '', rows: [] }
}

/** What stands for the hosts of a change: one by its name, many by their number. */
function headOf({ hosts }: ChangeGroup): string {
  return hosts.length === 1 ? hosts[0] : counted(hosts.length, 'host')
}

function headLines(group: ChangeGroup, { remark }: ChangeTable, column: number, page: Page): readonly string[] {
  const { paint, width, verbose } = page
  const mark = markOf(group)
  const columns = { indent: indentOf(group), column, width }
  const head = headOf(group)
  const isShared = group.hosts.length > 1
  // The names of many stand behind their number, and so does a remark behind one name, if that is short.
  const isBeside = !isShared && displayWidth(head) <= column
  const text = isShared ? someOf(group.hosts, verbose) : isBeside ? remark : ''
  const [first = '', ...rest] = labelled(head, text, columns)
  const below = isBeside || remark === '' ? [] : hang(' '.repeat(columns.indent), remark, width)
  return [`  ${paint('change', mark)}${first.slice(2 + mark.length)}`, ...rest, ...below]
}

function rowLines(group: ChangeGroup, { rows }: ChangeTable, column: number, { width }: Page): readonly string[] {
  return rows.flatMap(({ title, text }) => labelled(title, text, { indent: indentOf(group), column, width }))
}

/** The letter by which waves refer to it, or the sign for a change. */
function markOf({ letter }: ChangeGroup): string {
  return letter === '' ? '~' : letter
}

/** Columns before what is told of a change: two, the mark, and one behind a sign or two behind a letter. */
function indentOf({ letter }: ChangeGroup): number {
  return letter === '' ? 4 : 4 + letter.length
}
