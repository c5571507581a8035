import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import type { Group, Wave } from '../../model/plan/plan-schema.ts'
import { expandSelectors } from '../../pipeline/settings/select.ts'
import { suggestion } from '../../pipeline/settings/suggest.ts'
import type { Selection } from '../arguments/selection.ts'

/** Hosts that the command line asks for, or why it asks for none. */
export type Selected =
  | { readonly ok: true; readonly hosts: ReadonlySet<string> }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Hosts in the named waves (all of them when none is named) that the `--on` selectors leave; `disabled` are in no wave. */
export function selectHosts(
  { waves: names, on }: Selection,
  waves: readonly Wave[],
  groups: Readonly<Record<string, Group>>,
  disabled: readonly string[] = [],
): Selected {
  const off = on.filter((name) => disabled.includes(name))
  if (off.length > 0) return { ok: false, diagnostics: off.map(disabledHost) }
  const unknown = names.filter((name) => !waves.some((wave) => wave.name === name))
  if (unknown.length > 0) return { ok: false, diagnostics: unknown.map((name) => unknownWave(name, waves)) }
  const named = names.length === 0 ? waves : waves.filter(({ name }) => names.includes(name))
  const inWaves = named.flatMap(({ hosts }) => hosts)
  if (on.length === 0) return { ok: true, hosts: new Set(inWaves) }
  const all = waves.flatMap(({ hosts }) => hosts)
  const expanded = expandSelectors(on, all, groups)
  if (!expanded.ok) return expanded
  const hosts = new Set(expanded.value.filter((host) => inWaves.includes(host)))
  return hosts.size > 0 ? { ok: true, hosts } : { ok: false, diagnostics: [nothing(names, on)] }
}

/** Names of the hosts that fleet.yaml switches off. */
export function disabledIn({ hosts }: Fleet): readonly string[] {
  return hosts.flatMap(({ name, enabled }) => (enabled ? [] : [name]))
}

function disabledHost(name: string): Diagnostic {
  const detail = `\`${name}\` is in fleet.yaml with \`enabled: false\`: it is in no wave, and never planned, checked or deployed.`
  return diagnostic('usage/disabled-host', 'the host is disabled', detail)
}

function unknownWave(name: string, waves: readonly Wave[]): Diagnostic {
  const known = waves.map((wave) => wave.name)
  return diagnostic(
    'usage/unknown-wave',
    'no such wave',
    `There is no wave ${name}. ${suggestion(name, known, 'The waves are')}`,
  )
}

function nothing(waves: readonly string[], on: readonly string[]): Diagnostic {
  const detail = `No host of ${waves.length === 0 ? 'any wave' : waves.join(', ')} is in ${on.join(' ')}.`
  return diagnostic('usage/nothing-selected', 'nothing is selected', detail)
}
