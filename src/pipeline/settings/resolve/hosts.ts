import { milliseconds } from '../../../model/fleet/duration.ts'
import type { Host } from '../../../model/fleet/fleet.ts'
import type { Defaults, Host as HostFile } from '../../../model/fleet/fleet-schema.ts'
import type { HostSettings } from '../../../model/plan/plan-schema.ts'
import { pathOf, pointer } from '../../../model/fleet/source.ts'
import { quoteList } from '../suggest.ts'
import type { Context } from './context.ts'
import { checkLayer } from './layers.ts'
import { type Conflict, type Layer, layerOf, mergeSettings } from './settings.ts'
import { overruledByPin } from './ssh-options.ts'

/** Every host with its settings merged: its own, then its groups' in the order of fleet.yaml, then the defaults. */
export function resolveHosts(
  context: Context,
  members: ReadonlyMap<string, readonly string[]>,
  checks: readonly string[],
): readonly Host[] {
  const { file } = context
  const defaults = layerOf('`defaults`', pointer('defaults'), file.defaults ?? {})
  const groups = new Map(
    Object.entries(file.groups ?? {}).map(([name, group]) => [
      name,
      { layer: layerOf(`group \`${name}\``, pointer('groups', name), group), hosts: new Set(members.get(name)) },
    ]),
  )
  for (const layer of [defaults, ...[...groups.values()].map((group) => group.layer)])
    checkLayer(context, layer, checks)
  const conflicts = new Map<string, Conflict & { readonly hosts: string[] }>()
  const hosts = Object.entries(file.hosts).map(([name, written]): Host => {
    const at = pointer('hosts', name)
    const own = layerOf(`host \`${name}\``, at, written ?? {})
    checkLayer(context, own, checks)
    const ofHost = [...groups.values()].filter((group) => group.hosts.has(name)).map((group) => group.layer)
    const merged = mergeSettings(defaults, ofHost, own)
    for (const conflict of merged.conflicts) {
      const id = `${conflict.second.at}${conflict.leaf} ${conflict.first.at}`
      const known = conflicts.get(id)
      if (known === undefined) conflicts.set(id, { ...conflict, hosts: [name] })
      else known.hosts.push(name)
    }
    checkOptions(context, [own, ...ofHost, defaults], merged.settings)
    checkEngine(context, [own, ...ofHost, defaults], merged.settings)
    // deploy-rs takes a flake, and a Nix file is none.
    const filled = context.file.file === undefined ? merged.settings : { engine: 'nix' as const, ...merged.settings }
    const settings = settingsOf(name, written, addressesOf(context, name, written), filled)
    const hostnameFrom = merged.settings.expectHostname === undefined ? 'configuration' : 'fleet.yaml'
    return { name, enabled: written?.enabled ?? true, settings, hostnameFrom, place: context.placeOfKey(at) }
  })
  for (const conflict of conflicts.values()) reportConflict(context, conflict)
  return hosts
}

/** Options that would lose, to another spelling of the same one or to a pinned key: told where they are written. */
function checkOptions(context: Context, layers: readonly Layer[], { ssh }: Defaults): void {
  const seen = new Map<string, string>()
  for (const name of Object.keys(ssh?.options ?? {})) {
    const other = seen.get(name.toLowerCase())
    seen.set(name.toLowerCase(), name)
    const twice =
      other === undefined
        ? null
        : `\`${name}\` and \`${other}\` are one option to ssh, which takes the first it meets. Write it the same way everywhere.`
    const why = twice ?? (ssh?.hostKey === undefined ? null : overruledByPin(name))
    const leaf = pointer('ssh', 'options', name)
    const layer = layers.find(({ leaves }) => leaves.has(leaf))
    if (why !== null && layer !== undefined) context.atKey('config/unsafe-ssh-option', layer.at + leaf, why)
  }
}

/** An engine that evaluates a flake by itself has none where the hosts are in a Nix file. */
function checkEngine(context: Context, layers: readonly Layer[], { engine = 'nix' }: Defaults): void {
  if (context.file.file === undefined || engine === 'nix') return
  const leaf = pointer('engine')
  const layer = layers.find(({ leaves }) => leaves.has(leaf))
  if (layer !== undefined)
    context.atValue(
      'config/bad-value',
      layer.at + leaf,
      `\`${engine}\` takes a flake, and the hosts are in a Nix file. Remove it: with \`file\` the engine is \`nix\`, which is built in.`,
    )
}

/** Told once for two groups and a key, however many hosts are in both. */
function reportConflict(
  context: Context,
  { leaf, first, second, hosts }: Conflict & { readonly hosts: readonly string[] },
): void {
  const key = pathOf(leaf).join('.')
  const more = hosts.length > 3 ? ` and ${hosts.length - 3} more` : ''
  const names = quoteList(hosts.slice(0, 3)) + more
  const detail =
    `The ${first.owner} and the ${second.owner} both hold ${names} and set different values of \`${key}\`. ` +
    `Set \`${key}\` on ${hosts.length === 1 ? 'the host' : 'each host'} itself, or in one of the groups only.`
  context.atKey('config/conflicting-groups', second.at + leaf, detail)
}

function addressesOf(context: Context, name: string, written: HostFile): readonly string[] {
  const address = written?.address ?? name
  const at = pointer('hosts', name, 'address')
  const list = typeof address === 'string' ? [address] : address
  for (const [index, one] of list.entries()) {
    const spot = typeof address === 'string' ? at : at + pointer(index)
    if (/^[^:]*:[^:]*$/.test(one)) {
      const [host = '', port = ''] = one.split(':')
      context.atValue(
        'config/bad-value',
        spot,
        `\`${one}\` is not an address. Write \`${host}\` here and the port as \`ssh.port\`: ${port}.`,
      )
    } else if (/^(localhost|127\.0\.0\.1|::1)$/i.test(one)) {
      const detail = `\`${one}\` is whichever machine fleet runs on, so from another machine this would be another host. Write its own name or address; with \`local: auto\` fleet notices by itself when it runs there.`
      context.warnAtValue('config/localhost', spot, detail)
    }
  }
  return list
}

/** The built-in defaults of fleet.yaml are here and nowhere else. */
function settingsOf(
  name: string,
  written: HostFile,
  addresses: readonly string[],
  { ssh = {}, deployRs = {}, activation = {}, ...settings }: Defaults,
): HostSettings {
  const expected = settings.expectHostname ?? name
  return {
    address: [addresses[0] ?? name, ...addresses.slice(1)],
    attribute: written?.attribute ?? name,
    note: written?.note ?? null,
    dependsOn: [...new Set(written?.dependsOn)],
    ssh: {
      user: ssh.user ?? null,
      port: ssh.port ?? null,
      identityFile: ssh.identityFile ?? null,
      connectTimeoutMs: milliseconds(ssh.connectTimeout ?? '5s'),
      hostKey: ssh.hostKey ?? null,
      options: Object.fromEntries(Object.entries(ssh.options ?? {}).map(([key, value]) => [key, String(value)])),
    },
    sudo: settings.sudo ?? 'auto',
    local: settings.local ?? 'auto',
    expectHostname: typeof expected === 'string' ? expected : null,
    engine: settings.engine ?? 'deploy-rs',
    deployRs: { node: deployRs.node ?? name, profile: deployRs.profile ?? 'system', flake: deployRs.flake ?? null },
    mode: settings.mode ?? 'switch',
    activation: {
      autoRollback: activation.autoRollback ?? true,
      magicRollback: activation.magicRollback ?? true,
      confirmTimeoutMs: milliseconds(activation.confirmTimeout ?? '30s'),
      timeoutMs: milliseconds(activation.timeout ?? '240s'),
    },
    buildOn: settings.buildOn ?? 'operator',
    substituteOnTarget: settings.substituteOnTarget ?? true,
    onUnreachable: settings.onUnreachable ?? 'fail',
    onInhibitors: settings.onInhibitors ?? 'refuse',
    reboot: settings.reboot ?? 'never',
    checks: [...new Set(settings.checks ?? ['ssh', 'units'])],
    vars: settings.vars ?? {},
  }
}
