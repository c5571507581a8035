import type { DeployRsNode, HostSettings } from '../../../model/plan/plan-schema.ts'

/** What deploy-rs is told of one host. */
export interface DeployRsOrder {
  /** The node's name in the flake. */
  readonly node: string
  /** What ssh is told to connect to, by the generated ssh_config. */
  readonly address: string
  readonly sshUser: string
  /** The plan's profile, a literal store path. */
  readonly path: string
  readonly settings: Pick<HostSettings, 'sudo' | 'buildOn' | 'substituteOnTarget'>
  readonly planned: Pick<DeployRsNode, 'sudo' | 'tempPath' | 'profilePath' | 'fastConnection' | 'remoteBuild'>
}

/**
 * A flake of one node without inputs, whose profile is a literal store path: nothing is evaluated again, and what is
 * deployed is the plan's by construction. tempPath and sudo can be set by a flake alone (their flags do nothing).
 */
export function nodeFlake({ node, address, sshUser, path, settings, planned }: DeployRsOrder): string {
  const deploy = {
    nodes: {
      [node]: {
        hostname: address,
        sshUser,
        user: 'root',
        sudo: sudoOf(settings, planned.sudo),
        ...(planned.tempPath === null ? {} : { tempPath: planned.tempPath }),
        remoteBuild: settings.buildOn === 'target' || planned.remoteBuild === true,
        fastConnection: !settings.substituteOnTarget || planned.fastConnection === true,
        profiles: {
          system: { path, ...(planned.profilePath === null ? {} : { profilePath: planned.profilePath }) },
        },
      },
    },
  }
  return `{ outputs = { self }: { deploy = builtins.fromJSON ${nixString(JSON.stringify(deploy))}; }; }\n`
}

/** deploy-rs appends the user's name, and leaves it all out for a login that is root. Nobody could answer a prompt. */
function sudoOf({ sudo }: Pick<HostSettings, 'sudo'>, planned: string | null): string {
  if (sudo === 'auto' || sudo === 'none') return planned ?? 'sudo -n -u'
  return `${sudo} -u`
}

function nixString(text: string): string {
  return JSON.stringify(text).replaceAll('${', '\\${')
}
