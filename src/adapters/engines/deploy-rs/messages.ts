import type { Code } from '../../../model/codes/codes.ts'

/** What the log of a failed deploy-rs says happened. */
export type Happened =
  | 'usage'
  | 'bad-target'
  | 'nix-missing'
  | 'flakes-off'
  | 'check'
  | 'evaluation'
  | 'schema'
  | 'no-deriver'
  | 'build'
  | 'no-script'
  | 'sign'
  | 'copy'
  | 'other-nix'
  | 'cancelled'
  | 'unreachable'
  | 'rolled-back'
  | 'rollback-failed'
  | 'no-rollback'
  | 'set-failed'
  | 'remote-missing'
  | 'remote-panic'
  | 'timed-out'
  | 'temp-path'
  | 'watch'
  | 'not-confirmed'
  | 'connection-lost'
  | 'confirm-failed'
  | 'sudo'
  | 'switch-lock'
  | 'crashed'
  | 'unknown'

/** A wording, and what it means; `of`: who must say it (`any`: also Nix, ssh and sudo). */
interface Wording {
  readonly happened: Happened
  readonly of: 'deploy' | 'activate' | 'wait' | 'any'
  readonly pattern: RegExp
}

/**
 * Wordings of deploy-rs from before 2024 to 2026, most telling first (serokell/deploy-rs src/cli.rs, src/deploy.rs,
 * src/push.rs, src/bin/activate.rs and its pull requests #214, #271, #274, #310, #398). The first that is found decides.
 */
export const wordings: readonly Wording[] = [
  { happened: 'bad-target', of: 'deploy', pattern: /^Error parsing flake: / },
  { happened: 'nix-missing', of: 'deploy', pattern: /^Failed to test for flake support: / },
  { happened: 'cancelled', of: 'deploy', pattern: /User cancelled deployment/ },
  { happened: 'check', of: 'deploy', pattern: /^Failed to check deployment: / },
  {
    happened: 'schema',
    of: 'deploy',
    pattern:
      /^(Failed to evaluate deployment data: Error (decoding|converting)|Error processing deployment definitions: )/,
  },
  { happened: 'evaluation', of: 'deploy', pattern: /^(Failed to evaluate deployment data: |No (node|profile) named )/ },
  // In the activation: the rollback, the confirmation, the activation script, waiting, ssh.
  { happened: 'connection-lost', of: 'any', pattern: /SSHActivateExit\(Some\(255\)\)|SSHActivateExit\(None\)/ },
  {
    happened: 'rollback-failed',
    of: 'activate',
    pattern: /^(There was an error de-activating|Failed to run command for re-activating|Command for re-activating)/,
  },
  { happened: 'not-confirmed', of: 'deploy', pattern: /RecvError\(\(\)\)/ },
  {
    happened: 'set-failed',
    of: 'activate',
    pattern:
      /(command for setting profile) resulted in a bad exit code|Failed to execute the command for setting profile/,
  },
  { happened: 'switch-lock', of: 'any', pattern: /^Could not acquire lock/ },
  {
    happened: 'rolled-back',
    of: 'activate',
    pattern: /^(The activation script resulted in a bad exit code|Failed to execute the activation script)/,
  },
  { happened: 'timed-out', of: 'wait', pattern: /^Error waiting for activation: Timeout elapsed/ },
  { happened: 'watch', of: 'wait', pattern: /^Error waiting for activation: / },
  { happened: 'temp-path', of: 'wait', pattern: /^Error creating watcher for activation: / },
  {
    happened: 'not-confirmed',
    of: 'activate',
    pattern: /^(Failed to get activation confirmation: )?Error waiting for confirmation event: /,
  },
  {
    happened: 'sudo',
    of: 'any',
    pattern:
      /sudo: .{0,300}(a terminal is required|a password is required|not allowed to execute|command not allowed)|is not in the sudoers file/,
  },
  {
    happened: 'confirm-failed',
    of: 'deploy',
    pattern: /^Error confirming deployment: |Confirming activation over SSH resulted in a bad exit code/,
  },
  {
    happened: 'unreachable',
    of: 'deploy',
    pattern: /(Activating|Waiting)\b.{0,300} over SSH resulted in a bad exit code.{0,300}: (Some\(255\)|None)/,
  },
  {
    happened: 'remote-missing',
    of: 'deploy',
    pattern: /Activating\b.{0,300} over SSH resulted in a bad exit code.{0,300}: Some\(12[67]\)/,
  },
  {
    happened: 'remote-panic',
    of: 'deploy',
    pattern: /Activating\b.{0,300} over SSH resulted in a bad exit code.{0,300}: Some\(101\)/,
  },
  // Before it. A reason may follow the name of the node, or its name again (#357).
  { happened: 'copy', of: 'deploy', pattern: /^Failed to push profile( \S+)?( (on|to|for) node \S+)?:/ },
  { happened: 'build', of: 'deploy', pattern: /^Failed to build profile( \S+)?( (on|to|for) node \S+)?:/ },
  { happened: 'build', of: 'any', pattern: /^Build exited with status \d+/ },
]

/** Why a connection or a copy failed, in the words of ssh and Nix. The code is what fleet calls it elsewhere, too. */
export const causes: readonly { readonly pattern: RegExp; readonly code: Code; readonly summary: string }[] = [
  { pattern: /Permission denied \(/, code: 'ssh/refused-login', summary: 'login refused' },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    code: 'ssh/host-key-changed',
    summary: 'host key changed',
  },
  { pattern: /Host key verification failed/, code: 'ssh/host-key-unknown', summary: 'host key unknown' },
  { pattern: /Could not resolve hostname/, code: 'ssh/unknown-address', summary: 'the address does not resolve' },
  { pattern: /Connection refused/, code: 'ssh/connection-refused', summary: 'connection refused' },
  { pattern: /timed out|No route to host|Network is unreachable/, code: 'ssh/no-answer', summary: 'no answer' },
  {
    pattern: /kex_exchange_identification/,
    code: 'ssh/connection-closed',
    summary: 'the host closed the connection before a login',
  },
  { pattern: /No space left on device/, code: 'copy/no-space', summary: 'no space left on the host' },
  {
    pattern: /lacks a( valid)? signature/,
    code: 'copy/not-trusted',
    summary: 'the host does not trust this login to copy',
  },
  {
    pattern: /protocol mismatch/,
    code: 'copy/protocol',
    summary: 'something else than Nix answered: does the login shell print?',
  },
  {
    pattern: /inotify|No space left on watch|max_user_(watches|instances)/i,
    code: 'deploy-rs/inotify',
    summary: 'the host is out of file watches',
  },
  {
    pattern:
      /cannot connect to '|failed to start SSH connection to|Connection (closed|reset)|Broken pipe|unexpected end-of-file/,
    code: 'copy/connection-lost',
    summary: 'the connection was lost while copying',
  },
]
