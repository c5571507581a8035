import type { NodeFacts } from '../../model/inventory/facts.ts'
import type { Remark } from '../../model/inventory/proposal.ts'
import { readAddress } from './address.ts'
import {
  answerOf,
  configured,
  type Draft,
  type Drafts,
  leftOut,
  type Material,
  type Settings,
  whyNot,
} from './draft.ts'
import { sshWords } from './ssh-words.ts'
import { sudoPrefix } from './sudo-prefix.ts'

/** What deploy-rs takes where nothing is said (serokell/deploy-rs src/data.rs and src/cli.rs). */
const usual = { confirmTimeout: 30, activationTimeout: 240, tempPath: '/tmp' }

/** The hosts of `deploy.nodes`; the engine stays deploy-rs. */
export function fromDeployRs(material: Material): Drafts {
  const { outline, told } = material
  const remarks: Remark[] = []
  const hosts = outline.names.node.flatMap((name): readonly Draft[] => {
    const say = (text: string) => remarks.push({ subject: name, text })
    const node = answerOf(told, 'node', name)
    const attribute = configurationOf(name, node, material)
    if (attribute === null) {
      say('left out: deploy.nodes has it, and nixosConfigurations has no system for it. fleet deploys NixOS systems.')
      return []
    }
    const bare = {
      name,
      attribute,
      address: null,
      disabled: whyNot(told, 'node', name),
      settings: {},
      tags: [],
      comments: [],
    }
    const draft = node === null ? bare : drafted(bare, node, say)
    return [configured(draft, material, 'configuration')]
  })
  const taken = hosts.map(({ attribute }) => attribute)
  const others = leftOut(outline.names.configuration, taken, 'left out: it has no node in deploy.nodes.')
  return { set: 'nixosConfigurations', madeFrom: 'deploy.nodes', hosts, remarks: [...remarks, ...others] }
}

/** The configuration that a node deploys: of its own name, of the system in its profile, or of the first part of its name. */
function configurationOf(name: string, node: NodeFacts | null, { outline, told }: Material): string | null {
  const known = outline.names.configuration
  if (known.includes(name)) return name
  const system = /nixos-system-(.+?)-\d\d\.\d\d/.exec(node?.deploys ?? '')?.[1] ?? null
  const hostNameOf = (one: string) => answerOf(told, 'configuration', one)?.hostName ?? null
  const only = (names: readonly string[]) => (names.length === 1 ? (names[0] ?? null) : null)
  return (
    only(system === null ? [] : known.filter((one) => one === system || hostNameOf(one) === system)) ??
    only(known.filter((one) => one === name.split('.', 1)[0])) ??
    only(known.filter((one) => hostNameOf(one) === name))
  )
}

function drafted(bare: Draft, node: NodeFacts, say: (text: string) => void): Draft {
  const { ssh, unused } = sshWords(node.sshOpts)
  for (const word of unused) say(`sshOpts ${word}`)
  for (const text of remarksOn(node)) say(text)
  const place = placeOf(node.hostname)
  const user = node.sshUser ?? place.user
  const port = ssh.port ?? place.port
  const { name, attribute } = bare
  const refusals = [...(place.refusal === null ? [] : [place.refusal]), ...unfit(node)]
  return {
    ...bare,
    address: place.address,
    disabled: place.disabled,
    comments: refusals,
    settings: {
      ...(attribute === name ? {} : { attribute }),
      ...sshOf({ ...ssh, ...(user === null ? {} : { user }), ...(port == null ? {} : { port }) }),
      ...sudoPrefix(node.sudo?.replace(/ -u$/, '').split(' ') ?? null),
      ...(refusals.length === 0 ? {} : { engine: 'nix' as const }),
      ...activationOf(node),
      ...(node.remoteBuild === true ? { buildOn: 'target' as const } : {}),
      ...(node.fastConnection === true ? { substituteOnTarget: false } : {}),
    },
  }
}

function sshOf(ssh: NonNullable<Settings['ssh']>): Settings {
  return Object.keys(ssh).length === 0 ? {} : { ssh }
}

interface Place {
  readonly address: string | null
  readonly user: string | null
  readonly port: number | null
  readonly disabled: string | null
  /** Why deploy-rs cannot be driven to it. */
  readonly refusal: string | null
}

function placeOf(hostname: string | null): Place {
  const none = { address: null, user: null, port: null, disabled: null, refusal: null }
  if (hostname === null) return none
  const read = readAddress(hostname)
  switch (read.kind) {
    case 'address':
      return { ...none, address: read.address, user: read.user, port: read.port }
    case 'placeholder':
      return { ...none, disabled: `no address: deploy.nodes has the placeholder ${read.text}` }
    case 'unusable':
      return { ...none, disabled: `no address: deploy.nodes has ${read.text}` }
    case 'this-machine':
      return {
        ...none,
        refusal: `deploy.nodes says ${read.text}, which is another machine elsewhere: fleet knows this one by its host name.`,
      }
  }
}

/** Why fleet's own engine deploys the host instead of deploy-rs; nothing where deploy-rs can. */
function* unfit({ user, profile, profilePath, interactiveSudo }: NodeFacts): Iterable<string> {
  if (interactiveSudo === true)
    yield 'deploy-rs would ask for the password of sudo (interactiveSudo): fleet needs a login whose sudo asks for none.'
  if (profile !== null && profile !== 'system')
    yield `deploy-rs would set the profile ${profile}, which the next boot does not use.`
  if (profilePath !== null && profilePath !== '/nix/var/nix/profiles/system')
    yield `deploy-rs would set ${profilePath}, which the next boot does not use.`
  if (user !== null && user !== 'root') yield `deploy-rs would activate as ${user}; a system is activated by root.`
}

function activationOf(node: NodeFacts): Settings {
  const { autoRollback, magicRollback, confirmTimeout, activationTimeout } = node
  const activation = {
    ...(activationTimeout === null || activationTimeout === usual.activationTimeout
      ? {}
      : { timeout: `${activationTimeout}s` }),
    ...(confirmTimeout === null || confirmTimeout === usual.confirmTimeout
      ? {}
      : { confirmTimeout: `${confirmTimeout}s` }),
    ...(autoRollback === false ? { autoRollback } : {}),
    ...(magicRollback === false ? { magicRollback } : {}),
  }
  return Object.keys(activation).length === 0 ? {} : { activation }
}

/** What of the node fleet.yaml cannot say. */
function* remarksOn({ otherProfiles, tempPath, profile }: NodeFacts): Iterable<string> {
  if (otherProfiles.length > 0 && profile !== null)
    yield `${otherProfiles.length === 1 ? 'profile' : 'profiles'} ${otherProfiles.join(', ')}: fleet deploys the system alone; \`deploy\` by hand deploys the rest.`
  if (tempPath !== null && tempPath !== usual.tempPath)
    yield `tempPath ${tempPath}: fleet uses a folder of its own on the host.`
}
