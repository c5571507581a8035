import { resolveCount, type Count } from '../../../model/text/count.ts'
import { milliseconds } from '../../../model/fleet/duration.ts'
import type { Host } from '../../../model/fleet/fleet.ts'
import type { Wave as WaveFile } from '../../../model/fleet/fleet-schema.ts'
import type { Wave } from '../../../model/plan/plan-schema.ts'
import { pointer } from '../../../model/fleet/source.ts'
import { matchAll, type Matched, type Selectable } from '../select.ts'
import type { Context } from './context.ts'
import type { Members } from './groups.ts'

/** Who took a host: the wave, and the selector that brought it there. */
interface Taken {
  readonly wave: string
  readonly selector: string
}

/** The rollout, frozen: every enabled host in exactly one wave, percentages turned into numbers of hosts. */
export function resolveWaves(context: Context, hosts: readonly Host[], { groups, unsound }: Members): readonly Wave[] {
  const from = { hosts: new Set(hosts.map(({ name }) => name)), groups, unsound }
  const enabled = new Set(hosts.filter((host) => host.enabled).map(({ name }) => name))
  const written = context.file.waves
  if (written === undefined) return context.damaged('/waves') ? [] : [theOnlyWave(context, enabled)]
  const taken = new Map<string, Taken>()
  let sound = true
  const waves = written.map((wave, index) => {
    const at = pointer('waves', index)
    sound = sound && !context.damaged(`${at}/hosts`)
    const members = takeHosts(context, { at, wave }, { from, enabled, taken })
    sound = sound && members.sound
    if (written.findIndex(({ name }) => name === wave.name) < index) {
      context.atValue(
        'config/duplicate-wave',
        `${at}/name`,
        `There is a wave \`${wave.name}\` already. Give this one another name.`,
      )
    }
    return freeze(context, at, wave, members.hosts)
  })
  if (sound)
    reportLeftOut(
      context,
      [...enabled].filter((host) => !taken.has(host)),
    )
  return waves
}

function theOnlyWave(context: Context, enabled: ReadonlySet<string>): Wave {
  if (enabled.size === 0)
    context.atKey('config/empty-wave', '/hosts', 'Every host is disabled, so there is nothing to roll out.')
  return freeze(context, '/waves', { name: 'all', hosts: ['*'] }, [...enabled])
}

/** What a wave may take its hosts from. */
interface Takeable {
  readonly from: Selectable & Members
  readonly enabled: ReadonlySet<string>
  /** By host: what earlier waves have taken. */
  readonly taken: Map<string, Taken>
}

/** The wave's hosts, which are noted as taken; reports what does not match, and hosts that an earlier wave has taken. */
function takeHosts(
  context: Context,
  { at, wave }: { readonly at: string; readonly wave: WaveFile },
  { from, enabled, taken }: Takeable,
): { readonly hosts: readonly string[]; readonly sound: boolean } {
  const found = matchAll(wave.hosts, from)
  const brought = broughtBy(found.matched, wave.hosts)
  let sound = true
  for (const { index, selector, match } of found.matched) {
    const excused = selector.kind === 'group' && from.unsound.has(selector.name)
    if (excused || !match.ok) sound = false
    if (!excused && !match.ok) context.atValue(match.code, `${at}/hosts/${index}`, match.detail)
  }
  const hosts: string[] = []
  for (const host of found.hosts.filter((name) => enabled.has(name))) {
    const earlier = taken.get(host)
    const outright = wave.hosts.indexOf(host)
    if (earlier === undefined) {
      taken.set(host, { wave: wave.name, selector: brought.get(host) ?? '*' })
      hosts.push(host)
    } else if (outright >= 0) {
      sound = false
      context.atValue('config/host-in-two-waves', `${at}/hosts/${outright}`, inTwoWaves(host, earlier))
    }
  }
  if (hosts.length === 0 && sound && wave.allowEmpty !== true) {
    context.atKey('config/empty-wave', `${at}/hosts`, emptyWave(wave.name, found.hosts, enabled, taken))
  }
  return { hosts, sound }
}

/** The first selector that brings each host. */
function broughtBy(matched: readonly Matched[], texts: readonly string[]): ReadonlyMap<string, string> {
  const brought = new Map<string, string>()
  for (const { index, selector, match } of matched) {
    if (!match.ok || selector.exclude) continue
    for (const host of match.hosts) if (!brought.has(host)) brought.set(host, texts[index] ?? '')
  }
  return brought
}

function inTwoWaves(host: string, { wave, selector }: Taken): string {
  const start = `\`${host}\` is already in the wave \`${wave}\``
  if (selector === host) return `${start}. A host is changed once in a run: keep it in one of the two.`
  return `${start}, where \`${selector}\` takes it. To have it here, add "!${host}" there.`
}

function emptyWave(
  wave: string,
  matched: readonly string[],
  enabled: ReadonlySet<string>,
  taken: ReadonlyMap<string, Taken>,
): string {
  const some = (names: readonly string[]) =>
    names
      .slice(0, 5)
      .map((name) => `\`${name}\``)
      .join(', ')
  const disabled = matched.filter((host) => !enabled.has(host))
  const gone = matched.filter((host) => enabled.has(host) && taken.has(host))
  const reasons = [
    matched.length === 0 ? ['its exclusions leave none'] : [],
    disabled.length > 0
      ? [`${some(disabled)} ${disabled.length > 1 ? 'are' : 'is'} disabled (\`enabled: false\`)`]
      : [],
    gone.length > 0 ? [`${some(gone)} went to earlier waves`] : [],
  ].flat()
  return `The wave \`${wave}\` has no hosts: ${reasons.join(', and ')}. If that is meant, set \`allowEmpty: true\`; else remove the wave.`
}

function freeze(context: Context, at: string, wave: WaveFile, hosts: readonly string[]): Wave {
  const total = hosts.length
  const progressDeadlineMs = milliseconds(wave.progressDeadline ?? '30m')
  if (progressDeadlineMs === 0) {
    context.atValue(
      'config/bad-duration',
      `${at}/progressDeadline`,
      'With `0s` the wave would halt before a host can become healthy.',
    )
  }
  return {
    name: wave.name,
    hosts,
    maxParallel: resolveCount(wave.maxParallel ?? 4, total, 1),
    batches: resolveBatches(context, at, wave.batches ?? [], total),
    maxFailures: resolveCount(wave.maxFailures ?? 0, total, 0),
    rollback: wave.rollback ?? 'host',
    bakeTimeMs: milliseconds(wave.bakeTime ?? '0s'),
    promotion: wave.promotion ?? 'auto',
    progressDeadlineMs,
    checks: [...new Set(wave.checks)],
  }
}

/** Cumulative numbers of hosts, each larger than the one before, the last of them the whole wave. */
function resolveBatches(context: Context, at: string, batches: readonly Count[], total: number): number[] {
  if (batches.length === 0 || total === 0) return []
  const counts = batches.map((batch) => resolveCount(batch, total, 1))
  const wrong = counts.findIndex((count, index) => count < (counts[index - 1] ?? 0))
  if (wrong > 0) {
    const detail =
      `Of ${total} hosts, \`${batches[wrong]}\` is ${counts[wrong]}, but \`${batches[wrong - 1]}\` before it is ${counts[wrong - 1]}. ` +
      'Batches are counted from the start of the wave, so each is at least as large as the one before.'
    context.atValue('config/bad-batches', `${at}/batches/${wrong}`, detail)
  }
  return [...new Set([...counts.map((count) => Math.min(count, total)), total])]
}

function reportLeftOut(context: Context, leftOut: readonly string[]): void {
  const hosts = leftOut.filter((host) => !context.damaged(`${pointer('hosts', host)}/enabled`))
  const [first] = hosts
  if (first === undefined) return
  const shown = hosts
    .slice(0, 10)
    .map((host) => `\`${host}\``)
    .join(', ')
  const more = hosts.length > 10 ? ` and ${hosts.length - 10} more` : ''
  const detail = `No wave holds ${shown}${more}. Add ${hosts.length > 1 ? 'them' : 'it'} to a wave, end with a wave of "*", or set \`enabled: false\`.`
  context.atKey('config/host-in-no-wave', pointer('hosts', first), detail)
}
