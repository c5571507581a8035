/** A parsed unit: values by key by section, drop-ins merged; `[Install]` is left out. */
export type UnitInfo = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

/**
 * Parses a unit file and then its drop-ins as switch-to-configuration does (nixpkgs switch-to-configuration-ng
 * src/main.rs, parse_systemd_ini): values of a key collect, an empty one forgets those before it, `[Install]` says nothing.
 */
export function parseUnit(texts: readonly string[]): UnitInfo {
  const sections = new Map<string, Map<string, readonly string[]>>()
  for (const text of texts) {
    for (const [section, keys] of sectionsOf(text)) {
      if (section === 'Install') continue
      const known = sections.get(section) ?? new Map<string, readonly string[]>()
      sections.set(section, known)
      for (const [key, values] of keys) {
        const cleared = values.lastIndexOf('')
        known.set(key, cleared < 0 ? [...(known.get(key) ?? []), ...values] : values.slice(cleared + 1))
      }
    }
  }
  return sections
}

function sectionsOf(text: string): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const sections = new Map<string, Map<string, string[]>>()
  let keys: Map<string, string[]> | null = null
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const [, section] = /^\[(.*)\]$/.exec(line) ?? []
    if (section !== undefined) {
      keys = sections.get(section) ?? new Map<string, string[]>()
      sections.set(section, keys)
      continue
    }
    const at = line.indexOf('=')
    if (at < 0 || keys === null) continue
    const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    const known = keys.get(key)
    if (known === undefined) keys.set(key, [value])
    else known.push(value)
  }
  return sections
}

/** A boolean of a unit as systemd writes them; the last value counts. */
export function unitFlag(unit: UnitInfo, section: string, key: string, otherwise: boolean): boolean {
  const last = unit.get(section)?.get(key)?.at(-1)
  return last === undefined ? otherwise : ['1', 'yes', 'true', 'on'].includes(last)
}

/** Keys of `[Unit]` whose change does not concern a running unit (the same file, compare_units). */
const ignored = new Set([
  'X-Reload-Triggers',
  'Description',
  'Documentation',
  'OnFailure',
  'OnSuccess',
  'OnFailureJobMode',
  'IgnoreOnIsolate',
  'StopWhenUnneeded',
  'RefuseManualStart',
  'RefuseManualStop',
  'AllowIsolate',
  'CollectMode',
  'SourcePath',
])

/** Whether two versions of a unit differ in a way that takes a reload, a restart, or nothing (the same file, compare_units). */
export function compareUnits(current: UnitInfo, next: UnitInfo): 'equal' | 'reload' | 'restart' {
  let result: 'equal' | 'reload' = 'equal'
  for (const section of new Set([...current.keys(), ...next.keys()])) {
    const [before, after] = [current.get(section) ?? new Map<string, readonly string[]>(), next.get(section)]
    for (const key of new Set([...before.keys(), ...(after?.keys() ?? [])])) {
      const verdict = compareKey(section, key, before.get(key), after?.get(key))
      if (verdict === 'restart') return 'restart'
      if (verdict === 'reload') result = 'reload'
    }
    // A section that holds nothing is a difference all the same, except of [Unit].
    if (section !== 'Unit' && current.has(section) !== next.has(section) && before.size + (after?.size ?? 0) === 0)
      return 'restart'
  }
  return result
}

function compareKey(
  section: string,
  key: string,
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
): 'equal' | 'reload' | 'restart' {
  if (before !== undefined && after !== undefined && before.join('\n') === after.join('\n')) return 'equal'
  if (section === 'Unit' && key === 'X-Reload-Triggers') return after === undefined ? 'equal' : 'reload'
  if (section === 'Unit' && ignored.has(key)) return 'equal'
  // Without ExecReload the unit that runs is the same, and can no longer be reloaded.
  if (section === 'Service' && key === 'ExecReload') return after === undefined ? 'equal' : 'reload'
  if (section === 'Mount' && key === 'Options' && before !== undefined && after !== undefined) return 'reload'
  return 'restart'
}
