import { parseAccounts } from '../../../model/host/accounts.ts'
import { attribute, type Derivation, listAttribute, textAttribute } from '../../../model/nix/derivation.ts'
import { type DerivationGraph, outputIndex } from '../../../model/nix/derivation-graph.ts'
import { isFirewall, openPorts } from '../../../model/host/firewall-rules.ts'
import {
  type EtcEntry,
  type Known,
  type NixosSystem,
  predicted,
  type UnitSet,
  unknown,
} from '../../../model/host/nixos-system.ts'
import { shellWords } from '../../../model/text/shell-words.ts'
import { storeObject } from '../../../model/nix/store-path.ts'
import type { BootLinks, Link } from '../../../model/host/system.ts'
import { etcEntries } from './graph-etc.ts'
import { graphTexts } from './graph-texts.ts'
import { type FindNode, graphUnits } from './graph-units.ts'

/**
 * The system that a toplevel's derivation will make, without building it (where each part stands: nixpkgs
 * nixos/modules/system/activation/top-level.nix). `before` are the unit links of the system it replaces, which tell what
 * units a package brings. Packages and size take closures and are added by `withClosure`.
 */
export function systemOfDerivations(graph: DerivationGraph, before: readonly Link[]): NixosSystem {
  const node = graph.nodes.get(graph.root)
  const top = node?.whole ?? null
  const toplevel = node?.outputs.get('out') ?? graph.root
  const index = outputIndex(graph)
  const find: FindNode = (path) => index.get(storeObject(path) ?? path)?.node
  const texts = graphTexts(graph)
  const notRead = unknown('the derivation of the toplevel has another form than NixOS gives it')
  const missing = { packages: unknown('not worked out'), size: unknown('known only when built') }
  if (top === null) {
    const fields = {
      boot: notRead,
      systemd: notRead,
      etc: notRead,
      units: notRead,
      userUnits: notRead,
      users: notRead,
      groups: notRead,
    }
    return {
      toplevel,
      ...fields,
      firewall: notRead,
      inhibitors: notRead,
      specialisations: notRead,
      label: notRead,
      revision: notRead,
      texts,
      ...missing,
    }
  }
  const links = toplevelLinks(top)
  const etc = etcOf(links.get('etc'), find)
  const accounts = accountsOf(graph, texts)
  return {
    toplevel,
    boot: predicted(bootOf(top, links)),
    systemd: maybe(textAttribute(top, 'systemd') ?? links.get('systemd'), 'the toplevel names no systemd'),
    etc,
    units: unitsOf(etc, 'system', find, before),
    userUnits: unitsOf(etc, 'user', find, []),
    users: accounts === null ? unknown('no users-groups.json') : predicted(accounts.users),
    groups: accounts === null ? unknown('no users-groups.json') : predicted(accounts.groups),
    firewall: firewallOf(graph, texts),
    inhibitors: inhibitorsOf(links.get('switch-inhibitors'), find),
    specialisations: predicted(specialisationsOf(links)),
    label: maybe(textAttribute(top, 'nixosLabel'), 'the toplevel names no label'),
    revision: unknown('not visible in derivations'),
    texts,
    ...missing,
  }
}

/** Paths that system-path takes its programs from; null where its derivation does not tell. */
export function chosenPackages(graph: DerivationGraph): readonly string[] | null {
  const top = graph.nodes.get(graph.root)?.whole
  const path = top == null ? undefined : toplevelLinks(top).get('sw')
  const chooser = [...graph.nodes.values()].find(
    ({ outputs }) => path !== undefined && outputs.get('out') === path,
  )?.whole
  if (chooser == null) return null
  const chosen = parsedList(attribute(chooser, 'chosenOutputs') ?? attribute(chooser, 'pkgs'))
  return (
    chosen?.flatMap((item) => {
      const { paths } = (typeof item === 'object' && item !== null ? item : {}) as { readonly paths?: unknown }
      return Array.isArray(paths) ? paths.filter((each) => typeof each === 'string') : []
    }) ?? null
  )
}

/** Structured attributes hold the list itself; buildEnv of earlier releases holds it as JSON in the environment. */
function parsedList(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value as readonly unknown[]
  if (typeof value !== 'string') return null
  try {
    const found = JSON.parse(value) as unknown
    return Array.isArray(found) ? (found as readonly unknown[]) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Lines `ln -s TARGET $out/NAME` of the toplevel's script. */
export function toplevelLinks(top: Derivation): ReadonlyMap<string, string> {
  const links = new Map<string, string>()
  for (const line of (textAttribute(top, 'buildCommand') ?? '').split('\n')) {
    if (!/^\s*ln -s/.test(line)) continue
    const [target, place] = (shellWords(line.trim()) ?? []).slice(1).filter((word) => !word.startsWith('-'))
    if (target?.startsWith('/') === true && place?.startsWith('$out/') === true)
      links.set(place.slice('$out/'.length), target)
  }
  return links
}

function bootOf(top: Derivation, links: ReadonlyMap<string, string>): BootLinks {
  const kernelParams = listAttribute(top, 'kernelParams')
  const [kernel, initrd, kernelModules] = ['kernel', 'initrd', 'kernel-modules'].map((name) => links.get(name) ?? null)
  return { kernel: kernel ?? null, initrd: initrd ?? null, kernelModules: kernelModules ?? null, kernelParams }
}

function maybe(value: string | null | undefined, why: string): Known<string> {
  return value == null ? unknown(why) : predicted(value)
}

function etcOf(link: string | undefined, find: FindNode): Known<ReadonlyMap<string, EtcEntry>> {
  const derivation = link === undefined ? null : (find(link)?.whole ?? null)
  const entries = derivation === null ? null : etcEntries(derivation)
  return entries === null ? unknown('the derivation of /etc has another form than NixOS gives it') : predicted(entries)
}

function unitsOf(
  etc: Known<ReadonlyMap<string, EtcEntry>>,
  kind: 'system' | 'user',
  find: FindNode,
  before: readonly Link[],
): Known<UnitSet> {
  if (etc.how === 'unknown') return etc
  const source = etc.value.get(`systemd/${kind}`)?.source
  const derivation = source === undefined ? null : (find(source)?.whole ?? null)
  const units = derivation === null ? null : graphUnits(derivation, find, before)
  return units === null ? unknown('the derivation of the units has another form than NixOS gives it') : predicted(units)
}

function accountsOf(graph: DerivationGraph, texts: ReadonlyMap<string, string>) {
  const text = textNamed(graph, texts, ['users-groups.json'])
  return text === null ? null : parseAccounts(text)
}

function firewallOf(graph: DerivationGraph, texts: ReadonlyMap<string, string>): NixosSystem['firewall'] {
  const text = textNamed(graph, texts, ['firewall-start', 'nftables-rules'])
  const enabled = text !== null && isFirewall(text)
  return predicted({ enabled, ports: enabled ? openPorts(text) : new Set<string>() })
}

function textNamed(
  { nodes }: DerivationGraph,
  texts: ReadonlyMap<string, string>,
  names: readonly string[],
): string | null {
  for (const { name, outputs, whole } of nodes.values()) {
    if (!names.includes(name) || whole === null) continue
    const out = outputs.get('out')
    const path = [...texts.keys()].find((known) => out != null && (known === out || known.startsWith(`${out}/`)))
    return path === undefined ? textAttribute(whole, 'text') : (texts.get(path) ?? null)
  }
  return null
}

/** The toplevel links each of them. */
function specialisationsOf(links: ReadonlyMap<string, string>): ReadonlySet<string> {
  const folder = 'specialisation/'
  return new Set([...links.keys()].flatMap((name) => (name.startsWith(folder) ? [name.slice(folder.length)] : [])))
}

function inhibitorsOf(link: string | undefined, find: FindNode): NixosSystem['inhibitors'] {
  if (link === undefined) return predicted(new Map<string, string>())
  const derivation = find(link)?.whole
  const value = derivation == null ? undefined : attribute(derivation, 'value')
  const found = inhibitorsOfValue(value)
  return found === null ? unknown('the derivation of switch-inhibitors has another form') : predicted(found)
}

/** Switch inhibitors by name from their JSON object; null when it is none. */
export function inhibitorsOfValue(value: unknown): ReadonlyMap<string, string> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return new Map(
    Object.entries(value).map(([name, one]) => [name, typeof one === 'string' ? one : JSON.stringify(one)]),
  )
}
