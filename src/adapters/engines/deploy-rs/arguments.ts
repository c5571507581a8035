import type { HostSettings } from '../../../model/plan/plan-schema.ts'

/** What `deploy` is asked to do on the host. */
export type DeployRsAction = 'switch' | 'boot' | 'dry-activate'

/** The largest time-out that deploy-rs takes, in seconds (u16). */
const longest = 65_535

/** The command line: one host, one positional target; every switch that decides safety is said, and none is left to a default. */
export function deployArguments(
  { activation }: Pick<HostSettings, 'activation'>,
  node: string,
  action: DeployRsAction,
  files: { readonly flake: string; readonly sshConfig: string },
): readonly string[] {
  const { autoRollback, magicRollback, confirmTimeoutMs, timeoutMs } = activation
  return [
    '--skip-checks',
    '--rollback-succeeded',
    'false',
    '--auto-rollback',
    String(autoRollback),
    '--magic-rollback',
    String(magicRollback),
    '--confirm-timeout',
    String(seconds(confirmTimeoutMs)),
    '--activation-timeout',
    String(seconds(timeoutMs)),
    '--ssh-opts',
    `-F ${files.sshConfig}`,
    ...(action === 'switch' ? [] : [`--${action}`]),
    `path:${files.flake}#"${node}"."system"`,
    '--',
    '--option',
    'eval-cache',
    'false',
    '--no-write-lock-file',
  ]
}

/** Whole seconds, as deploy-rs takes them. */
export function seconds(milliseconds: number): number {
  return Math.min(longest, Math.max(1, Math.ceil(milliseconds / 1000)))
}

/**
 * RUST_LOG would take the markers away that fleet follows; whether flakes are on decides how deploy-rs evaluates.
 * LOCAL_KEY, with which it signs, stays the operator's.
 */
export function deployEnvironment(own: NodeJS.ProcessEnv): Readonly<Record<string, string | undefined>> {
  const settings = 'extra-experimental-features = nix-command flakes\nwarn-dirty = false'
  const { NIX_CONFIG: config = '' } = own
  return {
    RUST_LOG: undefined,
    RUST_BACKTRACE: '0',
    LC_ALL: 'C.UTF-8',
    NIX_PAGER: '',
    NIX_CONFIG: config === '' ? settings : `${config}\n${settings}`,
  }
}
