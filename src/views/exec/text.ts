import { formatDuration } from '../../model/fleet/duration.ts'
import type { Exec, HostExec } from '../../model/host/exec-schema.ts'
import { longestLine } from '../../model/text/line-cutter.ts'
import { cleanLine, cleanText } from '../../model/text/text.ts'
import { counted } from '../terminal/amounts.ts'
import { someOf } from '../terminal/names.ts'
import { type Paint, paintFor } from '../terminal/paint.ts'
import { hang } from '../terminal/width.ts'
import { type ExecGroup, groupsOf } from './groups.ts'

export interface ExecStyle {
  readonly color: boolean
  readonly width: number
  /** Every name and every line. */
  readonly verbose: boolean
  /** Only where it did not end with 0, and the sum. */
  readonly quiet: boolean
}

/** Lines of a group's stream that are shown where there are several groups: the first and the last. */
const [firstLines, lastLines] = [20, 10]

/** What a command did on each host: hosts with the same output once together, what went wrong last, and the sum. */
export function execText(exec: Exec, { color, width, verbose, quiet }: ExecStyle): string {
  const paint = paintFor(color)
  const groups = groupsOf(exec.hosts).filter(({ like }) => !quiet || !isGood(like))
  // Of one group alone everything is wanted.
  const lines = groups.map((group) =>
    groupLines(group, { exec, paint, width, verbose, whole: verbose || groups.length === 1 }),
  )
  return [...lines.map((block) => `${block.join('\n')}\n`), `${summary(exec, paint)}\n`].join('\n')
}

interface Look {
  readonly exec: Exec
  readonly paint: Paint
  readonly width: number
  readonly verbose: boolean
  /** Show every line of output. */
  readonly whole: boolean
}

function isGood(host: HostExec): boolean {
  return host.result === 'ended' && host.exitCode === 0
}

function groupLines({ hosts, like }: ExecGroup, look: Look): readonly string[] {
  const { paint, width, verbose, exec } = look
  const names = someOf(hosts, verbose || like.result !== 'ended')
  const what = endingOf(like, exec)
  const [mark, role] = isGood(like) ? ['', 'strong' as const] : ['✗ ', 'bad' as const]
  const [first = '', ...rest] = hang(mark, headOf(hosts.length, names, what), width)
  return [paint(role, first), ...rest, ...saidOf(like, hosts.length, look)]
}

function headOf(hosts: number, names: string, what: string | null): string {
  if (what === null) return hosts === 1 ? names : `${counted(hosts, 'host')}: ${names}`
  return hosts === 1 ? `${names}: ${what}` : `${counted(hosts, 'host')} (${names}): ${what}`
}

/** How it ended, where that is not with 0. */
function endingOf(host: HostExec, { timeoutMs }: Exec): string | null {
  switch (host.result) {
    case 'ended':
      return host.exitCode === 0 ? null : `exit ${host.exitCode}`
    case 'timed-out':
      return `timed out after ${formatDuration(timeoutMs)}: ${host.isEnded ? 'ended on the host' : 'the host did not say that it has ended it'}`
    case 'lost':
      return `no result: ${cleanLine(host.failure.summary)}`
    case 'unreachable':
      return `unreachable: ${cleanLine(host.failure.summary)}`
    case 'interrupted':
      return 'interrupted: its connection is closed, which ends the command on the host'
    case 'not-started':
      return 'not started'
  }
}

function saidOf(host: HostExec, hosts: number, look: Look): readonly string[] {
  switch (host.result) {
    case 'ended':
    case 'timed-out': {
      const out = linesOf(host.stdout, host.isCut, look)
      const err = linesOf(host.stderr, host.isErrorCut, look)
      const title = err.length > 0 && out.length > 0 ? [look.paint('faint', '  standard error:')] : []
      if (out.length + err.length > 0) return [...out, ...title, ...err]
      return host.result === 'ended' ? [look.paint('faint', '  (no output)')] : []
    }
    case 'lost':
    case 'unreachable': {
      const detail = cleanLine(host.failure.detail)
      // Of many hosts each has its own, with its address: the JSON has them.
      return detail === '' || hosts > 1 ? [] : hang('  ', detail, look.width)
    }
    case 'interrupted':
    case 'not-started':
      return []
  }
}

function linesOf(text: string, isCut: boolean, { paint, whole }: Look): readonly string[] {
  const lines = cleanText(text).split('\n').map(shown)
  const all = lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
  const before = isCut ? [paint('faint', '  (only the last 64 KiB)')] : []
  const over = all.length - firstLines - lastLines
  if (whole || over <= 1) return [...before, ...all]
  const gap = paint('faint', `  (${over} lines left out; --verbose shows all)`)
  return [...before, ...all.slice(0, firstLines), gap, ...all.slice(-lastLines)]
}

function shown(line: string): string {
  const cut = line.length > longestLine ? `${line.slice(0, longestLine)} … (line cut)` : line
  return `  ${cut}`.trimEnd()
}

function summary({ hosts }: Exec, paint: Paint): string {
  const all = Object.values(hosts)
  const good = all.filter(isGood).length
  const named = (result: HostExec['result']) => all.filter((host) => host.result === result).length
  const parts = [
    [all.filter((host) => host.result === 'ended' && host.exitCode !== 0).length, 'with another code'],
    [named('timed-out'), 'timed out'],
    [named('lost'), 'without a result'],
    [named('unreachable'), 'unreachable'],
    [named('interrupted'), 'interrupted'],
    [named('not-started'), 'not started'],
  ] as const
  const bad = parts.flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`]))
  if (bad.length === 0) return paint('good', `Exec complete: ${counted(good, 'host')} ended with 0.`)
  const isStopped = named('interrupted') + named('not-started') > 0
  return paint('bad', `Exec ${isStopped ? 'interrupted' : 'failed'}: ${[`${good} ended with 0`, ...bad].join(', ')}.`)
}
