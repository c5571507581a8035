import type { FleetFile } from '../../model/fleet/fleet-schema.ts'
import { pointer } from '../../model/fleet/source.ts'
import type { Comments, Proposal, Remark } from '../../model/inventory/proposal.ts'
import { canaryOf } from './canary.ts'
import type { Draft, Drafts, Settings } from './draft.ts'
import { fromClan } from './from-clan.ts'
import { fromColmena } from './from-colmena.ts'
import { fromConfigurations, fromNixinate } from './from-configurations.ts'
import { fromDeployRs } from './from-deploy-rs.ts'
import { hostNames } from './host-names.ts'
import type { ReadInventory } from './read-inventory.ts'
import { sharedSettings, withoutShared } from './shared-settings.ts'

export interface ProposalRequest {
  /** Of the fleet; any text, of which a slug is made. */
  readonly name: string
  /** As fleet.yaml is to have it, relative to that file. */
  readonly flake: string
  /** Put behind the names of hosts whose address the flake does not say; null: nothing. */
  readonly domain: string | null
  /** The host name of the machine that fleet runs on. */
  readonly thisMachine: string
}

/** A fleet.yaml of what a flake tells, with all that a person should know of it. */
export function propose(found: ReadInventory, request: ProposalRequest): Proposal {
  const drafts = draftsOf(found)
  const { hosts: named, remarks: renamed } = hostNames(drafts.hosts)
  const { defaults, rest } = settingsOf(named)
  const notes = new Notes()
  const hosts = Object.fromEntries(
    named.map((draft, index) => [draft.name, hostOf(draft, rest[index] ?? {}, request, notes)] as const),
  )
  const groups = groupsOf(named)
  const enabled = named.filter(({ disabled }) => disabled === null)
  const waves = wavesOf(enabled, found, request, notes)
  const isDeployRs = found.origin === 'deploy-rs'
  const common: Settings = { ...(isDeployRs ? {} : { engine: 'nix' }), ...defaults }
  introduce(notes, { drafts, named, request, isDeployRs, hasUser: defaults.ssh?.user !== undefined })
  const file: FleetFile = {
    version: 1,
    name: slug(request.name),
    ...(request.flake === '.' ? {} : { flake: request.flake }),
    ...(drafts.set === 'nixosConfigurations' ? {} : { attribute: drafts.set }),
    ...(Object.keys(common).length === 0 ? {} : { defaults: common }),
    hosts,
    ...(Object.keys(groups).length === 0 ? {} : { groups }),
    ...(waves === null ? {} : { waves }),
  }
  return { file, comments: notes.all, remarks: [...disabledIn(named), ...renamed, ...drafts.remarks, ...unread(found)] }
}

function draftsOf(found: ReadInventory): Drafts {
  switch (found.origin) {
    case 'deploy-rs':
      return fromDeployRs(found)
    case 'colmena':
      return fromColmena(found)
    case 'clan':
      return fromClan(found)
    case 'nixinate':
      return fromNixinate(found)
    case 'nixos':
      return fromConfigurations(found)
  }
}

/** What hosts that are deployed have alike; those that are not say what differs from it themselves. */
function settingsOf(hosts: readonly Draft[]): ReturnType<typeof sharedSettings> {
  const enabled = hosts.filter(({ disabled }) => disabled === null)
  const { defaults, rest } = sharedSettings(enabled.map(({ settings }) => settings))
  const left = new Map(enabled.map(({ name }, index) => [name, rest[index] ?? {}]))
  return { defaults, rest: hosts.map(({ name, settings }) => left.get(name) ?? withoutShared(settings, defaults)) }
}

/** Comments by place, gathered while the file is made. */
class Notes {
  readonly all = new Map<string, Comments>()

  above(at: string, lines: readonly string[]): void {
    const before = this.all.get(at) ?? { above: [], behind: null }
    if (lines.length > 0) this.all.set(at, { ...before, above: [...before.above, ...lines] })
  }

  behind(at: string, words: string): void {
    this.all.set(at, { above: this.all.get(at)?.above ?? [], behind: words })
  }
}

function hostOf(draft: Draft, settings: Settings, request: ProposalRequest, notes: Notes): Settings {
  const { name, address, disabled } = draft
  const { domain } = request
  notes.above(pointer('hosts', name), draft.comments)
  const own = name.includes('.') || domain === null ? name : `${name}.${domain}`
  const { attribute, expectHostname, ...others } = settings
  // What the configuration sets is expected anyway; written, it also makes the host the machine that fleet runs on.
  const isHere = expectHostname === request.thisMachine || expectHostname === false
  return {
    ...(disabled === null || address !== null ? { address: address ?? own } : {}),
    ...(attribute === undefined ? {} : { attribute }),
    ...(disabled === null ? {} : { enabled: false, note: disabled }),
    ...(isHere ? { expectHostname } : {}),
    ...others,
  }
}

function groupsOf(hosts: readonly Draft[]): NonNullable<FleetFile['groups']> {
  const tags = [...new Set(hosts.flatMap((host) => host.tags))].filter((tag) => isName.test(tag)).toSorted()
  return Object.fromEntries(
    tags.flatMap((tag) => {
      const [first, ...others] = hosts.filter((host) => host.tags.includes(tag)).map(({ name }) => name)
      return first === undefined ? [] : [[tag, { hosts: [first, ...others] as const }] as const]
    }),
  )
}

/** The names that fleet.yaml takes for groups. */
const isName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** One host first, then the rest; null: there is nothing to wait for. */
function wavesOf(
  enabled: readonly Draft[],
  found: ReadInventory,
  { thisMachine }: ProposalRequest,
  notes: Notes,
): NonNullable<FleetFile['waves']> | null {
  if (enabled.length === 0) {
    notes.above('/waves', ['Every host is disabled. Without this wave fleet would refuse a file that deploys nothing.'])
    return [{ name: 'all', hosts: ['*'], allowEmpty: true }]
  }
  const canary = canaryOf(enabled, found, thisMachine)
  if (enabled.length < 2 || canary === null) return null
  notes.above('/waves', [
    'One host first, then the rest. A wave starts when the one before is done and healthy, and has stayed so for',
    `its bakeTime. ${canary.name} goes first because ${canary.why}; choose one that little depends on.`,
    'Further waves take hosts by name, glob or group, such as ["web-*", "@servers", "!db-1"]; the last takes the rest.',
  ])
  return [
    { name: 'canary', hosts: [canary.name], bakeTime: '5m' },
    { name: 'rest', hosts: ['*'] },
  ]
}

interface Introduction {
  readonly drafts: Drafts
  readonly named: readonly Draft[]
  readonly request: ProposalRequest
  readonly isDeployRs: boolean
  readonly hasUser: boolean
}

function introduce(notes: Notes, { drafts, named, request, isDeployRs, hasUser }: Introduction): void {
  notes.above('', [
    `Written by \`fleet init\` from ${drafts.madeFrom}. It is yours now: edit it.`,
    'After an edit: `fleet validate`, then `fleet plan`.',
  ])
  if (!isDeployRs) notes.behind('/defaults/engine', 'built in; needs nothing in the flake')
  const isUserSaid = hasUser || named.some(({ settings }) => settings.ssh?.user !== undefined)
  if (isDeployRs)
    notes.above('/defaults', [
      'The engine is deploy-rs, for which `deploy` must be on PATH. `engine: nix` is built in and needs nothing.',
    ])
  if (!isUserSaid)
    notes.above('/defaults', ['The login is that of your ssh_config. To name it here: ssh: { user: admin }'])
  const unknown = named.filter(({ address, disabled }) => address === null && disabled === null)
  if (unknown.length > 0) notes.above('/hosts', [addressesComment(unknown, named, request.domain)])
}

function addressesComment(unknown: readonly Draft[], hosts: readonly Draft[], domain: string | null): string {
  const enabled = hosts.filter(({ disabled }) => disabled === null)
  const which =
    unknown.length === enabled.length
      ? 'The flake says no addresses'
      : `The flake says no address for ${unknown.map(({ name }) => name).join(', ')}`
  return domain === null
    ? `${which}: change what is only a name, unless ssh knows the host by it.`
    : `${which}: each is the host’s name in ${domain}.`
}

function disabledIn(hosts: readonly Draft[]): readonly Remark[] {
  return hosts.flatMap(({ name, disabled }) =>
    disabled === null ? [] : [{ subject: name, text: `disabled (enabled: false): ${disabled}` }],
  )
}

/** Outputs that were there, and are not in the file. */
function unread({ outline }: ReadInventory): readonly Remark[] {
  const failures = [...outline.failures].map(([part, { detail }]) => ({
    subject: outputs[part],
    text: `not read, because it does not evaluate: ${detail.split('\n', 1)[0] ?? ''}`,
  }))
  const { darwin } = outline.names
  return darwin.length === 0
    ? failures
    : [...failures, { subject: outputs.darwin, text: `left out: ${darwin.join(', ')}. fleet deploys NixOS systems.` }]
}

const outputs = {
  configuration: 'nixosConfigurations',
  hive: 'colmenaHive',
  module: 'colmena',
  node: 'deploy.nodes',
  machine: 'clan.inventory',
  darwin: 'darwinConfigurations',
} as const

/** Lower-case words joined by one hyphen. */
function slug(text: string): string {
  const made = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-|-$/g, '')
  return made === '' ? 'fleet' : made
}
