import { userInfo } from 'node:os'
import type { Arguments } from './arguments.ts'

/** Settings that profile, node and all nodes may have. */
interface Generic {
  readonly sshUser?: string
  readonly user?: string
  readonly sudo?: string
  readonly tempPath?: string
  readonly sshOpts?: readonly string[]
  readonly fastConnection?: boolean
  readonly autoRollback?: boolean
  readonly magicRollback?: boolean
  readonly remoteBuild?: boolean
  readonly interactiveSudo?: boolean
  readonly confirmTimeout?: number
  readonly activationTimeout?: number
}

/** What `nix eval` prints of `deploy`. */
export interface Data extends Generic {
  readonly nodes: Readonly<Record<string, Node>>
}

interface Node extends Generic {
  readonly hostname: string
  readonly profiles: Readonly<Record<string, Profile>>
  readonly profilesOrder?: readonly string[]
}

interface Profile extends Generic {
  readonly path: string
  readonly profilePath?: string
}

/** One profile of one node with everything merged. */
export interface Order {
  readonly node: string
  readonly name: string
  readonly hostname: string
  readonly flakeHostname: string
  readonly path: string
  readonly profilePath: string | null
  readonly user: string
  readonly sshUser: string
  readonly sudo: string
  readonly sshOpts: readonly string[]
  readonly tempPath: string
  readonly fast: boolean
  readonly autoRollback: boolean
  readonly magicRollback: boolean
  readonly remoteBuild: boolean
  readonly confirmTimeout: number
  readonly activationTimeout: number | null
}

/** The profiles that a target means, in their order; a text where something is wrong. */
export function ordersOf(
  data: Data,
  wanted: { node: string | null; profile: string | null },
  args: Arguments,
): Order[] {
  const nodes = wanted.node === null ? Object.keys(data.nodes) : [wanted.node]
  return nodes.flatMap((name) => {
    const node = data.nodes[name]
    if (node === undefined) throw new Error(`No node named \`${name}\` was found`)
    const order = [...(node.profilesOrder ?? []), ...Object.keys(node.profiles)]
    const profiles = wanted.profile === null ? [...new Set(order)] : [wanted.profile]
    return profiles.map((profile) => orderOf(data, name, node, profile, args))
  })
}

function orderOf(data: Data, name: string, node: Node, profileName: string, { values, flags }: Arguments): Order {
  const profile = node.profiles[profileName]
  if (profile === undefined) throw new Error(`No profile named \`${profileName}\` was found`)
  const levels: readonly Generic[] = [profile, node, data]
  const first = <K extends keyof Generic>(key: K): Generic[K] | undefined =>
    levels.find((level) => level[key] !== undefined)?.[key]
  const flag = (option: string, key: 'fastConnection' | 'autoRollback' | 'magicRollback', otherwise: boolean) =>
    values.has(option) ? values.get(option) === 'true' : (first(key) ?? otherwise)
  const time = (option: string, key: 'confirmTimeout' | 'activationTimeout') =>
    values.has(option) ? Number(values.get(option)) : (first(key) ?? null)
  const givenUser = values.get('--profile-user') ?? first('user')
  const givenSshUser = values.get('--ssh-user') ?? first('sshUser')
  const user = givenUser ?? givenSshUser
  if (user === undefined)
    throw new Error(
      `Error processing deployment definitions: Neither \`user\` nor \`sshUser\` are set for profile ${profileName} of node ${name}`,
    )
  const sshUser = givenSshUser ?? userInfo().username
  const opts = values.get('--ssh-opts')
  return {
    node: name,
    name: profileName,
    hostname: values.get('--hostname') ?? node.hostname,
    flakeHostname: node.hostname,
    path: profile.path,
    profilePath: profile.profilePath ?? null,
    user,
    sshUser,
    // --sudo and --temp-path are taken, and do nothing.
    sudo: givenUser !== undefined && givenUser !== sshUser ? `${first('sudo') ?? 'sudo -u'} ${givenUser} ` : '',
    sshOpts: opts === undefined ? levels.flatMap((level) => level.sshOpts ?? []) : opts.split(' '),
    tempPath: first('tempPath') ?? '/tmp',
    fast: flag('--fast-connection', 'fastConnection', false),
    autoRollback: flag('--auto-rollback', 'autoRollback', true),
    magicRollback: flag('--magic-rollback', 'magicRollback', true),
    remoteBuild: flags.has('--remote-build') || first('remoteBuild') === true,
    confirmTimeout: time('--confirm-timeout', 'confirmTimeout') ?? 30,
    activationTimeout: time('--activation-timeout', 'activationTimeout'),
  }
}

/** What is logged of the profiles before anything is built. */
export function tomlOf(orders: readonly Order[]): string {
  const key = (text: string) => (/^[\w-]+$/.test(text) ? text : JSON.stringify(text))
  return orders
    .map(
      (order) => `[${key(order.node)}.${key(order.name)}]
user = ${JSON.stringify(order.user)}
ssh_user = ${JSON.stringify(order.sshUser)}
path = ${JSON.stringify(order.path)}
hostname = ${JSON.stringify(order.flakeHostname)}
ssh_opts = [${order.sshOpts.map((word) => JSON.stringify(word)).join(', ')}]
`,
    )
    .join('')
}
