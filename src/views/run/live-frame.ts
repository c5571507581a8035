import type { HostRun, RunState, WaveRun } from '../../model/run/run.ts'
import { countRun } from '../../model/run/run-summary.ts'
import { cleanLine } from '../../model/text/text.ts'
import { clockTime } from '../terminal/clock-time.ts'
import { doing } from './doing.ts'
import { isTrouble, markOfHost, tellHost } from './ending.ts'
import type { Paint } from '../terminal/paint.ts'
import { displayWidth, hang, pad, truncate } from '../terminal/width.ts'

/** What a frame is drawn for. */
export interface FrameOptions {
  readonly paint: Paint
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly columns: number
  /** Lines that fit; Infinity for the last frame, which stays. */
  readonly rows: number
  /** What stands before a host in flight. */
  readonly spinner: string
  /** What the latest interruption said: what is in flight, how long that may take or what becomes of it; null: none. */
  readonly interruption: string | null
}

/** A group of hosts longer than this becomes one line with a count. */
const linesAtMost = 8

/** The run as it is now, in no more lines than fit: a heading per wave, a line per host that moves or waits, a summary. */
export function liveFrame(state: RunState, options: FrameOptions): readonly string[] {
  const column = hostColumn(state)
  const opened = state.waves.filter((wave) => wave.phase !== 'pending' || wave.hosts.some(hasMoved))
  const ahead = state.waves.filter((wave) => !opened.includes(wave))
  const tail = [...aheadLines(ahead, options), ...interruptionLines(state, options), summaryLine(state, options)]
  const blocks = opened.map((wave) => waveLines(wave, column, options))
  // Waves that are done give way first: their hosts come back in the last frame and in the report.
  for (let index = 0; index < blocks.length - 1 && linesIn(blocks) + tail.length > options.rows; index += 1) {
    blocks[index] = (blocks[index] ?? []).slice(0, 1)
  }
  const lines = blocks.flat()
  const room = Math.max(1, options.rows - tail.length)
  return [...(lines.length > room ? lines.slice(-room) : lines), ...tail]
}

function linesIn(blocks: readonly (readonly string[])[]): number {
  return blocks.reduce((sum, block) => sum + block.length, 0)
}

function hasMoved(host: HostRun): boolean {
  return host.phase !== 'pending' && host.ending?.type !== 'host.cancelled'
}

function hostColumn(state: RunState): number {
  let widest = 0
  for (const name of state.hosts.keys()) widest = Math.max(widest, displayWidth(cleanLine(name)))
  return Math.min(28, widest)
}

function waveLines(wave: WaveRun, column: number, options: FrameOptions): readonly string[] {
  const { paint, columns } = options
  const ended = wave.hosts.filter((host) => host.phase === 'ended')
  const settled = ended.filter((host) => !host.reverting)
  const troubled = settled.filter(isTrouble)
  const fine = settled.filter((host) => !isTrouble(host))
  const cancelled = troubled.filter((host) => host.ending?.type === 'host.cancelled')
  const failed = troubled.filter((host) => host.ending?.type !== 'host.cancelled')
  const moving = wave.hosts.filter((host) => host.phase === 'preparing' || host.phase === 'in-flight' || host.reverting)
  const still = wave.hosts.filter((host) => host.phase === 'pending' || host.phase === 'prepared')
  const each = (hosts: readonly HostRun[], what: string, mark: string) =>
    hosts.length > linesAtMost
      ? [`  ${mark} ${hosts.length} hosts ${what}`]
      : hosts.map((host) => hostLine(host, column, options))
  return [
    paint('strong', truncate(`${cleanLine(wave.name)}  ${phaseOf(wave, options.now)}`, columns)),
    ...each(fine, 'done', paint('good', '✓')),
    ...failed.map((host) => hostLine(host, column, options)),
    ...moving.slice(0, movingAtMost(options)).map((host) => hostLine(host, column, options)),
    ...furtherLine(moving.slice(movingAtMost(options))),
    ...each(still, wave.phase === 'finished' ? 'not started' : 'waiting', paint('faint', '·')),
    ...each(cancelled, 'not started', paint('faint', '-')),
  ]
}

function furtherLine(hosts: readonly HostRun[]): readonly string[] {
  if (hosts.length === 0) return []
  const isFlying = hosts.every((host) => host.phase === 'in-flight' || host.reverting)
  return [`  · ${hosts.length} more ${hosts.length === 1 ? 'host' : 'hosts'} ${isFlying ? 'in flight' : 'at work'}`]
}

function movingAtMost({ rows }: FrameOptions): number {
  return Math.max(4, Math.min(40, rows - 10))
}

function phaseOf(wave: WaveRun, now: number): string {
  const hosts = `${wave.hosts.length} ${wave.hosts.length === 1 ? 'host' : 'hosts'}`
  if (wave.halted !== null) return `${hosts}, halted: ${cleanLine(wave.halted)}`
  switch (wave.phase) {
    case 'pending':
      return `${hosts}, preparing`
    case 'open':
      return hosts
    case 'baking':
      return `${hosts}, baking, ${clockTime(Math.max(0, (wave.bakingUntil ?? now) - now))} to go`
    case 'paused':
      return `${hosts}, paused${wave.paused === null ? '' : `: ${cleanLine(wave.paused.reason)}`}`
    case 'finished':
      return `${hosts}, done`
  }
}

function hostLine(host: HostRun, column: number, { paint, now, columns, spinner }: FrameOptions): string {
  const name = pad(truncate(cleanLine(host.host), column), column)
  const room = Math.max(10, columns - column - 6)
  if (host.ending !== null && !host.reverting) {
    const { mark, role } = markOfHost(host)
    return `  ${paint(role, mark)} ${name}  ${truncate(tellHost(host), room)}`
  }
  const reason = host.waiting === null ? '' : cleanLine(host.waiting)
  if (host.phase === 'pending' || host.phase === 'prepared') {
    const what = host.phase === 'prepared' ? 'ready' : 'waiting'
    const text = reason === '' ? what : `${what}: ${reason}`
    return `  ${paint('faint', '·')} ${name}  ${paint('faint', truncate(text, room))}`
  }
  const age = clockTime(now - host.since)
  const step = host.step === null ? 'starting' : doing[host.step]
  const what = [host.reverting ? 'rolling back' : step, reason].filter((part) => part !== '').join(': ')
  return `  ${paint('change', spinner)} ${name}  ${pad(truncate(what, room - 8), Math.min(22, room - 8))} ${paint('faint', age)}`
}

function aheadLines(waves: readonly WaveRun[], { paint, columns }: FrameOptions): readonly string[] {
  const shown = waves.slice(0, waves.length > 4 ? 3 : 4).map((wave) => `${cleanLine(wave.name)}  ${notYet([wave])}`)
  const rest = waves.slice(shown.length)
  const more = rest.length === 0 ? [] : [`and ${rest.length} more waves with ${notYet(rest)}`]
  return [...shown, ...more].map((text) => paint('faint', truncate(text, columns)))
}

function notYet(waves: readonly WaveRun[]): string {
  const hosts = waves.flatMap((wave) => wave.hosts)
  const isOver = hosts.every((host) => host.ending !== null)
  return `${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}, ${isOver ? 'not started' : 'waiting'}`
}

/** What the operator should know while waiting, and after leaving what was in flight. */
function interruptionLines(state: RunState, { paint, columns, interruption }: FrameOptions): readonly string[] {
  if (interruption === null || !isInterruptionTold(state)) return []
  const more = state.interruptions === 1 ? '. Nothing new starts. Interrupt again to stop waiting for these hosts.' : ''
  const told = hang('! ', `${cleanLine(interruption)}${more}`, columns)
  return told.map((line, index) => (index === 0 ? paint('warning', '!') + line.slice(1) : line))
}

/** After the first, only while there is something to wait for. */
function isInterruptionTold({ interruptions, flying }: RunState): boolean {
  return interruptions > 1 || (interruptions === 1 && flying.size > 0)
}

function summaryLine(state: RunState, { paint, now, columns }: FrameOptions): string {
  const counts = countRun(state)
  const flying = state.flying.size
  const ahead = state.waves.reduce((sum, { count }) => sum + count.pending + count.preparing + count.prepared, 0)
  const unended = state.waves.reduce((sum, { hosts, count }) => sum + hosts.length - count.ended, 0)
  const cancelled = counts.notStarted - unended
  const parts = [
    ...(state.interruptions > 0 && !isInterruptionTold(state) ? ['interrupted, starting nothing new'] : []),
    `${counts.changed} changed`,
    ...(counts.unchanged > 0 ? [`${counts.unchanged} unchanged`] : []),
    `${counts.failed} failed`,
    ...(counts.reverted > 0
      ? [`${counts.reverted} rolled back with ${counts.reverted === 1 ? 'its wave' : 'their waves'}`]
      : []),
    ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
    ...(flying > 0 ? [`${flying} in flight`] : []),
    ...(ahead > 0 ? [`${ahead} waiting`] : []),
    ...(cancelled > 0 ? [`${cancelled} not started`] : []),
  ]
  const elapsed = clockTime(now - (state.startedAt ?? now))
  const text = truncate(parts.join(', '), columns - 10)
  return `${counts.failed > 0 ? paint('bad', text) : text}  ${paint('faint', elapsed)}`
}
