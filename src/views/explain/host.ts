import type { ExplainedHost, ExplainedWave, Origin } from '../../model/host/explain-schema.ts'
import { cleanLine } from '../../model/text/text.ts'
import { counted } from '../terminal/amounts.ts'
import { paintFor } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'
import { hang } from '../terminal/width.ts'

export interface ExplainStyle {
  readonly color: boolean
  readonly width: number
  /** Settings that are not set, too. */
  readonly verbose: boolean
}

/** All that fleet.yaml and the runs on record say of one host, each with its place. */
export function explainedText(host: ExplainedHost, { color, width, verbose }: ExplainStyle): string {
  const paint = paintFor(color)
  const settings = host.settings.filter(({ value }) => verbose || value !== null)
  const blocks: readonly (readonly [string, readonly string[]])[] = [
    ['Settings', rows(settings.map(({ key, value, from }) => [key, value ?? '-', placeOf(from)]))],
    [
      'Groups',
      rows(host.groups.map(({ name, maxUnavailable, from }) => [name, limitOf(maxUnavailable), placeOf(from)])),
    ],
    ['Wave', host.wave === null ? ['none: it is disabled'] : waveLines(host.wave)],
    ['Checks', rows(host.checks.map(({ name, type, text, from }) => [name, type, text, placeOf(from)]))],
    ['Last runs on record here', rows(host.runs.map(({ run, at, result }) => [at ?? 'time unknown', run, result]))],
  ]
  const title = `${paint('strong', cleanLine(host.host))}  ${cleanLine(host.name)}, ${placeOf(host.from)}${host.enabled ? '' : ', disabled'}`
  const lines = blocks.flatMap(([name, block]) => [
    '',
    paint('strong', name),
    ...(block.length === 0 ? ['  none'] : block.flatMap((line) => hang('  ', line, width))),
  ])
  return `${[title, ...lines].join('\n')}\n`
}

function rows(cells: readonly (readonly string[])[]): readonly string[] {
  const clean = cells.map((row) => row.map(cleanLine))
  return clean.length === 0
    ? []
    : table(
        clean,
        (clean[0] ?? []).map(() => 'left' as const),
      ).map((line) => line.replaceAll(' ', '\u00A0'))
}

/** `fleet.yaml:12 (group web)`. */
function placeOf({ what, name, file, line }: Origin): string {
  if (file === null) return 'built in'
  const owner = what === 'group' ? ` (group ${name})` : what === 'defaults' ? ' (defaults)' : ''
  return `${cleanLine(file)}:${line}${owner}`
}

function limitOf(maxUnavailable: number | null): string {
  return maxUnavailable === null ? 'no limit' : `at most ${maxUnavailable} down at once`
}

function waveLines(wave: ExplainedWave): readonly string[] {
  const why = wave.selector === null ? 'fleet.yaml has no waves' : `by "${cleanLine(wave.selector)}"`
  const limits = `${counted(wave.maxParallel, 'host')} at a time, ${counted(wave.maxFailures, 'failure')} allowed, bakes ${wave.bakeTime}`
  const waits = [
    ...(wave.waitsForWaves.length === 0 ? [] : [`waves ${wave.waitsForWaves.map(cleanLine).join(', ')}`]),
    ...(wave.waitsForHosts.length === 0 ? [] : [`hosts ${wave.waitsForHosts.map(cleanLine).join(', ')} (dependsOn)`]),
    ...(wave.promotion === 'manual' ? ['approval (promotion: manual)'] : []),
  ]
  return [
    `${cleanLine(wave.name)}, ${wave.number} of ${wave.of}, ${why}, ${placeOf(wave.from)}`,
    limits,
    `waits for: ${waits.length === 0 ? 'nothing' : waits.join('; ')}`,
  ]
}
