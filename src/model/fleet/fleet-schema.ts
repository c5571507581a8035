// Generated from schemas/fleet.schema.json by `npm run generate`. Do not edit.

/**
 * The name of a check: `ssh`, `units`, one under `checks`, or `builtin/NAME`.
 */
export type CheckName = string
/**
 * One host. Its own settings win over its groups' and the defaults.
 */
export type Host = {
  /**
   * Where the host is reached: one address, or a list that is tried in order. The host's name unless given.
   *
   * @minItems 1
   */
  readonly address?: string | [Address, ...readonly Address[]]
  /**
   * The flake attribute of this host's configuration, when it differs from the host's name.
   */
  readonly attribute?: string
  /**
   * `false`: the host is listed by `fleet status`, never planned or deployed.
   */
  readonly enabled?: boolean
  /**
   * One line shown wherever the host fails, is unreachable or is disabled: its console, the reason, whom to ask.
   */
  readonly note?: string
  /**
   * Hosts that must be done before this one starts. They are in the same wave or an earlier one.
   */
  readonly dependsOn?: readonly HostName[]
  readonly ssh?: Ssh
  /**
   * How to become root on the host. `auto`: `sudo -n` where the ssh user is not root; `none`: never; or a prefix such as `doas -n`. A host where it needs a password is refused before anything is changed.
   */
  readonly sudo?: string
  /**
   * Whether a host that is the deploying machine itself is deployed without ssh. `auto`: when the machine's name is this host's name here, or its `expectHostname`.
   */
  readonly local?: 'auto' | 'never'
  /**
   * What `hostname` must answer on the host before anything is activated; `false` turns the guard off. Unless given, the configuration's own `networking.hostName`; where it sets none, the host's name.
   */
  readonly expectHostname?: string | boolean
  /**
   * What activates the host. `nix` is built in and needs nothing in the flake.
   */
  readonly engine?: 'deploy-rs' | 'nix' | 'nixos-rebuild'
  readonly deployRs?: DeployRs
  /**
   * What activation does: `switch` now and at every boot, `boot` from the next boot on, `test` now and until the next boot.
   */
  readonly mode?: 'switch' | 'boot' | 'test'
  readonly activation?: Activation
  /**
   * Where the system is built.
   */
  readonly buildOn?: 'operator' | 'target'
  /**
   * The target fetches from its caches what it can, instead of being sent everything.
   */
  readonly substituteOnTarget?: boolean
  /**
   * What apply does when the host is unreachable: count it as a failure, or continue without it.
   */
  readonly onUnreachable?: 'fail' | 'skip'
  /**
   * What happens where NixOS refuses to switch because a switch inhibitor changes. `refuse`: the plan says so and apply does not start; `boot`: the system is activated at the next boot instead, and fleet reboots the host where `reboot: when-needed`.
   */
  readonly onInhibitors?: 'refuse' | 'boot'
  /**
   * Whether fleet reboots the host when the change takes a reboot; `never`: it is only reported.
   */
  readonly reboot?: 'never' | 'when-needed'
  /**
   * Names of the host's checks. The nearest level's list replaces the others.
   */
  readonly checks?: readonly CheckName[]
  readonly vars?: Vars
} | null
/**
 * A host name or an IP address, without user and port.
 */
export type Address = string
/**
 * A host's name: letters, digits, `-`, `_` and `.`, starting with a letter or digit.
 */
export type HostName = string
/**
 * Hosts: a name, a glob such as `web-*`, a group such as `@servers`, or an exclusion such as `!web-1` or `!@edge`.
 */
export type Selector = string
/**
 * A health check; `type` says which kind.
 */
export type Check = SshCheck | SystemdCheck | HttpCheck | TcpCheck | CommandCheck | ModuleCheck | BuiltinCheck
/**
 * A systemd unit, such as nginx.service.
 */
export type Unit = string
/**
 * A number of hosts, or a percentage such as 25%, rounded down but never below 1.
 */
export type Count = number | string

/**
 * fleet.yaml: the hosts of a fleet, how they are reached and checked, and the waves in which changes roll out.
 */
export interface FleetFile {
  /**
   * Version of this file's format: 1.
   */
  readonly version: 1
  /**
   * Lower-case slug, such as home-lab: the scope of the lock, the state and the pull-request comment.
   */
  readonly name: string
  /**
   * The flake that holds the hosts' configurations; a relative path is relative to this file. It is locked once per plan.
   */
  readonly flake?: string
  /**
   * Instead of `flake`: a Nix file that holds the hosts' configurations, or a folder with a `default.nix` or `hive.nix`; relative to this file. Its tree is copied to the store once per plan; what it evaluates to may depend on this machine. The engine is `nix`. A Colmena hive is evaluated by the `colmena` on PATH.
   */
  readonly file?: string
  /**
   * Attribute set of the flake that holds the hosts' configurations: host NAME is `<flake>#<attribute>."NAME"`. Of a `file` without `nixosConfigurations` it is the file itself unless given.
   */
  readonly attribute?: string
  readonly defaults?: Defaults
  /**
   * The hosts, by name.
   */
  readonly hosts: {
    readonly [k: string]: Host
  }
  /**
   * Named sets of hosts, by name. They may overlap and hold one another.
   */
  readonly groups?: {
    readonly [k: string]: Group
  }
  /**
   * Health checks, by name. `ssh` and `units` exist without being written down.
   */
  readonly checks?: {
    readonly [k: string]: Check
  }
  /**
   * Programs that are notified of events, or decide at a gate.
   */
  readonly hooks?: readonly Hook[]
  /**
   * The rollout, in order. Without waves there is one wave, `all`; with them, every enabled host must be in one.
   *
   * @minItems 1
   */
  readonly waves?: [Wave, ...readonly Wave[]]
  readonly lock?: Lock
}
/**
 * Settings for every host; a group's or a host's own value wins.
 */
export interface Defaults {
  readonly ssh?: Ssh
  /**
   * How to become root on the host. `auto`: `sudo -n` where the ssh user is not root; `none`: never; or a prefix such as `doas -n`. A host where it needs a password is refused before anything is changed.
   */
  readonly sudo?: string
  /**
   * Whether a host that is the deploying machine itself is deployed without ssh. `auto`: when the machine's name is this host's name here, or its `expectHostname`.
   */
  readonly local?: 'auto' | 'never'
  /**
   * What `hostname` must answer on the host before anything is activated; `false` turns the guard off. Unless given, the configuration's own `networking.hostName`; where it sets none, the host's name.
   */
  readonly expectHostname?: string | boolean
  /**
   * What activates the host. `nix` is built in and needs nothing in the flake.
   */
  readonly engine?: 'deploy-rs' | 'nix' | 'nixos-rebuild'
  readonly deployRs?: DeployRs
  /**
   * What activation does: `switch` now and at every boot, `boot` from the next boot on, `test` now and until the next boot.
   */
  readonly mode?: 'switch' | 'boot' | 'test'
  readonly activation?: Activation
  /**
   * Where the system is built.
   */
  readonly buildOn?: 'operator' | 'target'
  /**
   * The target fetches from its caches what it can, instead of being sent everything.
   */
  readonly substituteOnTarget?: boolean
  /**
   * What apply does when the host is unreachable: count it as a failure, or continue without it.
   */
  readonly onUnreachable?: 'fail' | 'skip'
  /**
   * What happens where NixOS refuses to switch because a switch inhibitor changes. `refuse`: the plan says so and apply does not start; `boot`: the system is activated at the next boot instead, and fleet reboots the host where `reboot: when-needed`.
   */
  readonly onInhibitors?: 'refuse' | 'boot'
  /**
   * Whether fleet reboots the host when the change takes a reboot; `never`: it is only reported.
   */
  readonly reboot?: 'never' | 'when-needed'
  /**
   * Names of the host's checks. The nearest level's list replaces the others.
   */
  readonly checks?: readonly CheckName[]
  readonly vars?: Vars
}
/**
 * How the host is reached. What is set here wins over your ssh_config; the rest is taken from ssh_config.
 */
export interface Ssh {
  /**
   * Login on the host.
   */
  readonly user?: string
  /**
   * TCP port of sshd.
   */
  readonly port?: number
  /**
   * Private key; `~/` is your home, other relative paths start at fleet.yaml. Implies `IdentitiesOnly yes`: no other key is tried.
   */
  readonly identityFile?: string
  /**
   * A connection must be up by then.
   */
  readonly connectTimeout?: string
  /**
   * The host's public key, `TYPE BASE64`, as in /etc/ssh/ssh_host_ed25519_key.pub without the comment. Another key is refused.
   */
  readonly hostKey?: string
  /**
   * Further ssh_config options by name. One that would weaken what fleet relies on, or lose to what fleet sets, is refused with the reason.
   */
  readonly options?: {
    /**
     * The option's value.
     */
    readonly [k: string]: string | number
  }
}
/**
 * Names for deploy-rs that differ from the host's.
 */
export interface DeployRs {
  /**
   * Name of the node in `deploy.nodes`. The host's name unless given.
   */
  readonly node?: string
  /**
   * Name of the node's profile.
   */
  readonly profile?: string
  /**
   * The deploy-rs flake to wrap systems with, when the fleet's flake has no `deploy.nodes`.
   */
  readonly flake?: string
}
/**
 * Limits of one activation, and what ends it.
 */
export interface Activation {
  /**
   * Return to the old system when activation fails.
   */
  readonly autoRollback?: boolean
  /**
   * Roll back automatically unless a new connection confirms the activation. The engine `nixos-rebuild` cannot.
   */
  readonly magicRollback?: boolean
  /**
   * The confirmation must arrive by then.
   */
  readonly confirmTimeout?: string
  /**
   * An activation may take this long.
   */
  readonly timeout?: string
}
/**
 * Strings for checks and hooks: `{{vars.x}}`, and shell variables of the same name.
 */
export interface Vars {
  /**
   * The variable's value, a text: put numbers in quotes.
   */
  readonly [k: string]: string
}
/**
 * A named set of hosts, and settings for them; a host's own value wins.
 */
export interface Group {
  /**
   * Who is in the group, in this order.
   *
   * @minItems 1
   */
  readonly hosts: [Selector, ...readonly Selector[]]
  /**
   * Never more of its hosts down, in flight or unhealthy at a time, in any wave. No limit unless given.
   */
  readonly maxUnavailable?: number | string
  readonly ssh?: Ssh
  /**
   * How to become root on the host. `auto`: `sudo -n` where the ssh user is not root; `none`: never; or a prefix such as `doas -n`. A host where it needs a password is refused before anything is changed.
   */
  readonly sudo?: string
  /**
   * Whether a host that is the deploying machine itself is deployed without ssh. `auto`: when the machine's name is this host's name here, or its `expectHostname`.
   */
  readonly local?: 'auto' | 'never'
  /**
   * What `hostname` must answer on the host before anything is activated; `false` turns the guard off. Unless given, the configuration's own `networking.hostName`; where it sets none, the host's name.
   */
  readonly expectHostname?: string | boolean
  /**
   * What activates the host. `nix` is built in and needs nothing in the flake.
   */
  readonly engine?: 'deploy-rs' | 'nix' | 'nixos-rebuild'
  readonly deployRs?: DeployRs
  /**
   * What activation does: `switch` now and at every boot, `boot` from the next boot on, `test` now and until the next boot.
   */
  readonly mode?: 'switch' | 'boot' | 'test'
  readonly activation?: Activation
  /**
   * Where the system is built.
   */
  readonly buildOn?: 'operator' | 'target'
  /**
   * The target fetches from its caches what it can, instead of being sent everything.
   */
  readonly substituteOnTarget?: boolean
  /**
   * What apply does when the host is unreachable: count it as a failure, or continue without it.
   */
  readonly onUnreachable?: 'fail' | 'skip'
  /**
   * What happens where NixOS refuses to switch because a switch inhibitor changes. `refuse`: the plan says so and apply does not start; `boot`: the system is activated at the next boot instead, and fleet reboots the host where `reboot: when-needed`.
   */
  readonly onInhibitors?: 'refuse' | 'boot'
  /**
   * Whether fleet reboots the host when the change takes a reboot; `never`: it is only reported.
   */
  readonly reboot?: 'never' | 'when-needed'
  /**
   * Names of the host's checks. The nearest level's list replaces the others.
   */
  readonly checks?: readonly CheckName[]
  readonly vars?: Vars
}
/**
 * Passes when a new ssh connection to the host answers.
 */
export interface SshCheck {
  /**
   * The kind of check.
   */
  readonly type: 'ssh'
  /**
   * One attempt may take this long.
   */
  readonly timeout?: string
  /**
   * Wait this long before the first attempt.
   */
  readonly initialDelay?: string
  /**
   * From the start of one attempt to the start of the next; one that takes longer is followed at the next multiple.
   */
  readonly interval?: string
  /**
   * The check must be healthy by then.
   */
  readonly deadline?: string
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold?: number
  /**
   * The check must pass without a break for this long.
   */
  readonly stableFor?: string
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity?: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both. A check that failed before does not fail the change.
   *
   * @minItems 1
   */
  readonly when?: ['before' | 'after', ...readonly ('before' | 'after')[]]
  /**
   * `true`: a precondition: the check must pass before fleet changes the host.
   */
  readonly precondition?: boolean
}
/**
 * Passes when no unit failed that had not failed before, and the named units are active.
 */
export interface SystemdCheck {
  /**
   * The kind of check.
   */
  readonly type: 'systemd'
  /**
   * Which failed units fail the host: those that had not failed before, all, or none.
   */
  readonly failedUnits?: 'new' | 'any' | 'ignore'
  /**
   * Units that must be active.
   */
  readonly active?: readonly Unit[]
  /**
   * One attempt may take this long.
   */
  readonly timeout?: string
  /**
   * Wait this long before the first attempt.
   */
  readonly initialDelay?: string
  /**
   * From the start of one attempt to the start of the next; one that takes longer is followed at the next multiple.
   */
  readonly interval?: string
  /**
   * The check must be healthy by then.
   */
  readonly deadline?: string
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold?: number
  /**
   * The check must pass without a break for this long.
   */
  readonly stableFor?: string
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity?: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both. A check that failed before does not fail the change.
   *
   * @minItems 1
   */
  readonly when?: ['before' | 'after', ...readonly ('before' | 'after')[]]
  /**
   * `true`: a precondition: the check must pass before fleet changes the host.
   */
  readonly precondition?: boolean
}
/**
 * Passes when a web server answers as expected.
 */
export interface HttpCheck {
  /**
   * The kind of check.
   */
  readonly type: 'http'
  /**
   * The URL to fetch: http:// or https://. May hold {{host.name}}, {{host.address}} and {{vars.NAME}}.
   */
  readonly url: string
  /**
   * The HTTP method.
   */
  readonly method?: string
  /**
   * Request headers by name.
   */
  readonly headers?: {
    /**
     * The header's value.
     */
    readonly [k: string]: string
  }
  /**
   * Status codes that pass.
   *
   * @minItems 1
   */
  readonly expectStatus?: [number, ...readonly number[]]
  /**
   * A JavaScript regular expression that the body must match.
   */
  readonly expectBody?: string
  /**
   * Accept any certificate.
   */
  readonly insecure?: boolean
  /**
   * Where the check runs: on the deploying machine (`operator`) or on the host.
   */
  readonly from?: 'operator' | 'host'
  /**
   * One attempt may take this long.
   */
  readonly timeout?: string
  /**
   * Wait this long before the first attempt.
   */
  readonly initialDelay?: string
  /**
   * From the start of one attempt to the start of the next; one that takes longer is followed at the next multiple.
   */
  readonly interval?: string
  /**
   * The check must be healthy by then.
   */
  readonly deadline?: string
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold?: number
  /**
   * The check must pass without a break for this long.
   */
  readonly stableFor?: string
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity?: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both. A check that failed before does not fail the change.
   *
   * @minItems 1
   */
  readonly when?: ['before' | 'after', ...readonly ('before' | 'after')[]]
  /**
   * `true`: a precondition: the check must pass before fleet changes the host.
   */
  readonly precondition?: boolean
}
/**
 * Passes when a TCP connection is accepted.
 */
export interface TcpCheck {
  /**
   * The kind of check.
   */
  readonly type: 'tcp'
  /**
   * Where to connect. The host's address unless given.
   */
  readonly address?: string
  /**
   * TCP port to connect to.
   */
  readonly port: number
  /**
   * Where the check runs: on the deploying machine (`operator`) or on the host.
   */
  readonly from?: 'operator' | 'host'
  /**
   * One attempt may take this long.
   */
  readonly timeout?: string
  /**
   * Wait this long before the first attempt.
   */
  readonly initialDelay?: string
  /**
   * From the start of one attempt to the start of the next; one that takes longer is followed at the next multiple.
   */
  readonly interval?: string
  /**
   * The check must be healthy by then.
   */
  readonly deadline?: string
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold?: number
  /**
   * The check must pass without a break for this long.
   */
  readonly stableFor?: string
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity?: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both. A check that failed before does not fail the change.
   *
   * @minItems 1
   */
  readonly when?: ['before' | 'after', ...readonly ('before' | 'after')[]]
  /**
   * `true`: a precondition: the check must pass before fleet changes the host.
   */
  readonly precondition?: boolean
}
/**
 * Passes when a program says so, by its protocol.
 */
export interface CommandCheck {
  /**
   * The kind of check.
   */
  readonly type: 'command'
  /**
   * The program and its arguments as a list, or a text for `sh -c`.
   *
   * @minItems 1
   */
  readonly run: string | [string, ...readonly string[]]
  /**
   * How the result is read. `exit`: 0 pass, 75 or time-out error, else fail; `nagios`: 0 pass, 1 pass with a warning, 2 fail, 3 error; `json`: one JSON document on stdin, one on stdout.
   */
  readonly protocol?: 'exit' | 'nagios' | 'json'
  /**
   * Where the check runs: on the deploying machine (`operator`) or on the host.
   */
  readonly from?: 'operator' | 'host'
  readonly vars?: Vars1
  /**
   * One attempt may take this long.
   */
  readonly timeout?: string
  /**
   * Wait this long before the first attempt.
   */
  readonly initialDelay?: string
  /**
   * From the start of one attempt to the start of the next; one that takes longer is followed at the next multiple.
   */
  readonly interval?: string
  /**
   * The check must be healthy by then.
   */
  readonly deadline?: string
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold?: number
  /**
   * The check must pass without a break for this long.
   */
  readonly stableFor?: string
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity?: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both. A check that failed before does not fail the change.
   *
   * @minItems 1
   */
  readonly when?: ['before' | 'after', ...readonly ('before' | 'after')[]]
  /**
   * `true`: a precondition: the check must pass before fleet changes the host.
   */
  readonly precondition?: boolean
}
/**
 * Strings for checks and hooks: `{{vars.x}}`, and shell variables of the same name.
 */
export interface Vars1 {
  /**
   * The variable's value, a text: put numbers in quotes.
   */
  readonly [k: string]: string
}
/**
 * Passes when the default export of a JavaScript module says so.
 */
export interface ModuleCheck {
  /**
   * The kind of check.
   */
  readonly type: 'module'
  /**
   * The module; relative to fleet.yaml.
   */
  readonly path: string
  /**
   * Handed to the module as it is.
   */
  readonly with?: {
    readonly [k: string]: unknown
  }
  /**
   * One attempt may take this long.
   */
  readonly timeout?: string
  /**
   * Wait this long before the first attempt.
   */
  readonly initialDelay?: string
  /**
   * From the start of one attempt to the start of the next; one that takes longer is followed at the next multiple.
   */
  readonly interval?: string
  /**
   * The check must be healthy by then.
   */
  readonly deadline?: string
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold?: number
  /**
   * The check must pass without a break for this long.
   */
  readonly stableFor?: string
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity?: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both. A check that failed before does not fail the change.
   *
   * @minItems 1
   */
  readonly when?: ['before' | 'after', ...readonly ('before' | 'after')[]]
  /**
   * `true`: a precondition: the check must pass before fleet changes the host.
   */
  readonly precondition?: boolean
}
/**
 * A built-in check with some of its keys changed.
 */
export interface BuiltinCheck {
  /**
   * Its name, `builtin/NAME`; `fleet check --list` lists them.
   */
  readonly use: string
  readonly vars?: Vars2
  /**
   * One attempt may take this long.
   */
  readonly timeout?: string
  /**
   * Wait this long before the first attempt.
   */
  readonly initialDelay?: string
  /**
   * From the start of one attempt to the start of the next; one that takes longer is followed at the next multiple.
   */
  readonly interval?: string
  /**
   * The check must be healthy by then.
   */
  readonly deadline?: string
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold?: number
  /**
   * The check must pass without a break for this long.
   */
  readonly stableFor?: string
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity?: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both. A check that failed before does not fail the change.
   *
   * @minItems 1
   */
  readonly when?: ['before' | 'after', ...readonly ('before' | 'after')[]]
  /**
   * `true`: a precondition: the check must pass before fleet changes the host.
   */
  readonly precondition?: boolean
}
/**
 * Strings for checks and hooks: `{{vars.x}}`, and shell variables of the same name.
 */
export interface Vars2 {
  /**
   * The variable's value, a text: put numbers in quotes.
   */
  readonly [k: string]: string
}
/**
 * A program that is notified of events, or decides at a gate. The event is one JSON document on stdin.
 */
export interface Hook {
  /**
   * The events that it is notified of: any except `hook.finished`. As a gate it decides at `before.run`, `before.wave` and `before.host`: exit 0 continues, 75 waits and runs it again, anything else refuses.
   *
   * @minItems 1
   */
  readonly on: [
    (
      | 'before.run'
      | 'before.wave'
      | 'before.host'
      | 'run.started'
      | 'run.interrupted'
      | 'run.stopped'
      | 'run.finished'
      | 'wave.promoted'
      | 'wave.started'
      | 'wave.baking'
      | 'wave.paused'
      | 'wave.halted'
      | 'wave.finished'
      | 'host.waiting'
      | 'host.started'
      | 'host.step'
      | 'host.output'
      | 'host.succeeded'
      | 'host.skipped'
      | 'host.stale'
      | 'host.failed'
      | 'host.rolled-back'
      | 'host.unknown'
      | 'host.cancelled'
      | 'host.unhealthy'
      | 'host.reverting'
      | 'host.reverted'
      | 'check.finished'
      | 'lock.waiting'
      | 'lock.acquired'
      | 'lock.released'
      | 'lock.lost'
      | 'diagnostic'
    ),
    ...readonly (
      | 'before.run'
      | 'before.wave'
      | 'before.host'
      | 'run.started'
      | 'run.interrupted'
      | 'run.stopped'
      | 'run.finished'
      | 'wave.promoted'
      | 'wave.started'
      | 'wave.baking'
      | 'wave.paused'
      | 'wave.halted'
      | 'wave.finished'
      | 'host.waiting'
      | 'host.started'
      | 'host.step'
      | 'host.output'
      | 'host.succeeded'
      | 'host.skipped'
      | 'host.stale'
      | 'host.failed'
      | 'host.rolled-back'
      | 'host.unknown'
      | 'host.cancelled'
      | 'host.unhealthy'
      | 'host.reverting'
      | 'host.reverted'
      | 'check.finished'
      | 'lock.waiting'
      | 'lock.acquired'
      | 'lock.released'
      | 'lock.lost'
      | 'diagnostic'
    )[]
  ]
  /**
   * The program and its arguments; a relative program starts at fleet.yaml.
   *
   * @minItems 1
   */
  readonly run: readonly [string, ...readonly string[]]
  /**
   * It may take this long.
   */
  readonly timeout?: string
  /**
   * Whether its failure fails the run.
   */
  readonly onError?: 'ignore' | 'fail'
}
/**
 * A stage of the rollout. Waves go in order; one starts when the one before is done and healthy.
 */
export interface Wave {
  /**
   * A name: letters, digits, `-`, `_` and `.`, starting with a letter or digit.
   */
  readonly name: string
  /**
   * Who is in the wave. A glob or group takes the hosts that no earlier wave has taken.
   *
   * @minItems 1
   */
  readonly hosts: [Selector, ...readonly Selector[]]
  /**
   * Hosts in flight at a time.
   */
  readonly maxParallel?: number | string
  /**
   * Sizes after which to wait, counted from the start of the wave, such as [1, 25%, 100%]: a batch starts when the one before is healthy. Hosts that the last one leaves out follow as one more batch.
   *
   * @minItems 1
   */
  readonly batches?: [Count, ...readonly Count[]]
  /**
   * The wave halts when failures exceed this; an unreachable host counts.
   */
  readonly maxFailures?: number | string
  /**
   * What a failure rolls back: nothing, the failed host, every host that this wave changed, or every host that the run changed.
   */
  readonly rollback?: 'none' | 'host' | 'wave' | 'run'
  /**
   * The wave must stay healthy this long before the next may start; checks keep running.
   */
  readonly bakeTime?: string
  /**
   * `manual`: fleet asks for approval before this wave starts; if it cannot ask, the run pauses. Naming the wave (`--wave`) is the approval.
   */
  readonly promotion?: 'auto' | 'manual'
  /**
   * No host became ready to start, or healthy, for this long: the wave halts.
   */
  readonly progressDeadline?: string
  /**
   * Gate checks of the wave itself, run on the deploying machine.
   */
  readonly checks?: readonly CheckName[]
  /**
   * `true`: no error when the wave has no hosts.
   */
  readonly allowEmpty?: boolean
}
/**
 * A lock over the whole fleet, besides the locks on the hosts.
 */
export interface Lock {
  /**
   * URL that speaks Terraform's HTTP LOCK/UNLOCK protocol.
   */
  readonly http: string
}
