import { formatDuration } from '../../model/fleet/duration.ts'
import type { Fleet, Host } from '../../model/fleet/fleet.ts'
import { placeOfKey, pointer } from '../../model/fleet/source.ts'
import type { ExplainedHost, ExplainedSetting, Origin } from '../../model/host/explain-schema.ts'
import type { Check } from '../../model/plan/plan-schema.ts'
import type { FleetSource } from './load.ts'
import { matchAll } from './select.ts'

/** Where fleet.yaml says something of one host: each setting, its groups, its wave and what it waits for, its checks. */
export function explainHost(
  { file, source }: FleetSource,
  fleet: Fleet,
  host: Host,
): Omit<ExplainedHost, 'format' | 'runs'> {
  const groups = Object.entries(fleet.groups).flatMap(([name, group]) =>
    group.hosts.includes(host.name) ? [name] : [],
  )
  const origin = (what: Origin['what'], name: string | null, at: string): Origin => {
    const place = placeOfKey(source, at)
    return { what, name, file: place.file, line: place.line }
  }
  const levels = [
    { what: 'host', name: host.name, at: pointer('hosts', host.name) },
    ...groups.map((name) => ({ what: 'group', name, at: pointer('groups', name) }) as const),
    { what: 'defaults', name: null, at: pointer('defaults') },
  ] as const
  const originOf = (leaf: string): Origin => {
    const level = levels.find(({ at }) => source.spots.has(at + leaf))
    return level === undefined ? builtIn : origin(level.what, level.name, level.at + leaf)
  }
  return {
    host: host.name,
    name: fleet.name,
    enabled: host.enabled,
    from: origin('host', host.name, pointer('hosts', host.name)),
    settings: leavesOf(host).map(([leaf, key, value]): ExplainedSetting => ({ key, value, from: originOf(leaf) })),
    groups: groups.map((name) => ({
      name,
      maxUnavailable: fleet.groups[name]?.maxUnavailable ?? null,
      from: origin('group', name, pointer('groups', name)),
    })),
    wave: waveOf({ file, source, problems: [], damaged: new Set() }, fleet, host.name, origin),
    checks: host.settings.checks.flatMap((name) => {
      const check = fleet.checks[name]
      const at = pointer('checks', name)
      const from = source.spots.has(at) ? origin('check', name, at) : builtIn
      return check === undefined ? [] : [{ name, type: check.type, text: textOf(check), from }]
    }),
  }
}

const builtIn: Origin = { what: 'built-in', name: null, file: null, line: null }

/** Each setting of a host: its JSON pointer below a level of fleet.yaml, its key, its value in words; null: not set. */
function leavesOf({ settings, hostnameFrom }: Host): readonly (readonly [string, string, string | null])[] {
  const leaves: (readonly [string, string, string | null])[] = []
  const take = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) take(inner, [...path, key])
      return
    }
    const last = path.at(-1) ?? ''
    const isDuration = last.endsWith('Ms')
    const written = isDuration ? [...path.slice(0, -1), last.slice(0, -2)] : path
    const isOpen = last === 'expectHostname' && hostnameFrom === 'configuration'
    leaves.push([pointer(...written), written.join('.'), isOpen ? 'networking.hostName' : wordsOf(value, isDuration)])
  }
  for (const [key, value] of Object.entries(settings)) take(value, [key])
  return leaves
}

function wordsOf(value: unknown, isDuration: boolean): string | null {
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(', ')
  if (typeof value === 'number' && isDuration) return formatDuration(value)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : null
}

function waveOf(
  { file, source }: FleetSource,
  fleet: Fleet,
  host: string,
  origin: (what: Origin['what'], name: string | null, at: string) => Origin,
): ExplainedHost['wave'] {
  const index = fleet.waves.findIndex(({ hosts }) => hosts.includes(host))
  const wave = fleet.waves[index]
  if (wave === undefined) return null
  const written = file.waves?.[index]
  const from = {
    hosts: new Set(Object.keys(file.hosts)),
    groups: new Map(Object.entries(fleet.groups).map(([name, { hosts }]) => [name, hosts])),
  }
  const selector = written?.hosts.find((text) => !text.startsWith('!') && matchAll([text], from).hosts.includes(host))
  const at = pointer('waves', index)
  const dependsOn = fleet.hosts.find(({ name }) => name === host)?.settings.dependsOn ?? []
  return {
    name: wave.name,
    number: index + 1,
    of: fleet.waves.length,
    selector: selector ?? null,
    from: source.spots.has(at) ? origin('wave', wave.name, at) : builtIn,
    maxParallel: wave.maxParallel,
    maxFailures: wave.maxFailures,
    bakeTime: formatDuration(wave.bakeTimeMs),
    promotion: wave.promotion,
    waitsForWaves: fleet.waves.slice(0, index).map(({ name }) => name),
    waitsForHosts: [...dependsOn],
  }
}

/** What a check asks, in its own words. */
function textOf(check: Check): string {
  switch (check.type) {
    case 'ssh':
      return 'a new connection answers'
    case 'systemd':
      return [
        `failed units: ${check.failedUnits}`,
        ...(check.active.length > 0 ? [`active: ${check.active.join(', ')}`] : []),
      ].join('; ')
    case 'http':
      return `${check.method} ${check.url} → ${check.expectStatus.join(', ')}`
    case 'tcp':
      return `${check.address ?? 'its address'}:${check.port}`
    case 'command':
      return typeof check.run === 'string' ? check.run : check.run.join(' ')
    case 'module':
      return check.path
  }
}
