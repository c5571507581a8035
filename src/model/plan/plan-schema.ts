// Generated from schemas/plan.schema.json by `npm run generate`. Do not edit.
import type { AnyCode } from '../codes/codes.ts'

export type Check = SshCheck | SystemdCheck | HttpCheck | TcpCheck | CommandCheck | ModuleCheck
export type HostPlan = UnchangedHost | ChangedHost | UnreachableHost | UnevaluatedHost | ExcludedHost
/**
 * Built: compared as built. Predicted: worked out from derivations. Unknown: not compared.
 */
export type Provenance = 'built' | 'predicted' | 'unknown'

/**
 * A saved plan of fleet: what every host runs, what it should run, and how the rollout goes. Read by `fleet apply` and `fleet show`. Readers accept any 1.x and ignore keys they do not know.
 */
export interface Plan {
  /**
   * Version of this format, MAJOR.MINOR; another major is refused.
   */
  readonly format: string
  /**
   * The version of fleet that made the plan.
   */
  readonly fleet: string
  /**
   * When the plan was made (RFC 3339, UTC).
   */
  readonly createdAt: string
  /**
   * Who made it, as user@machine.
   */
  readonly createdBy: string
  /**
   * sha256 over the canonical JSON (RFC 8785) of `body`: the identity of the plan.
   */
  readonly planId: string
  /**
   * sha256 over the hosts' semantic differences alone; survives a new commit that changes nothing.
   */
  readonly changeDigest: string
  readonly body: PlanBody
}
/**
 * Everything the plan says; `planId` is its digest.
 */
export interface PlanBody {
  /**
   * Name of the fleet, from fleet.yaml.
   */
  readonly name: string
  readonly source: Source
  /**
   * False when a host could not be evaluated or observed.
   */
  readonly complete: boolean
  /**
   * The rollout, frozen, in order, percentages resolved.
   */
  readonly waves: readonly Wave[]
  /**
   * Groups with a limit on unavailable hosts, by name.
   */
  readonly groups: {
    readonly [k: string]: Group
  }
  /**
   * The checks in use, by name.
   */
  readonly checks: {
    readonly [k: string]: Check
  }
  /**
   * Programs that are notified of events.
   */
  readonly hooks: readonly Hook[]
  /**
   * A fleet lock over Terraform’s HTTP protocol; null: none.
   */
  readonly lock: {
    /**
     * URL.
     */
    readonly http: string
  } | null
  /**
   * Every host of the fleet, by name.
   */
  readonly hosts: {
    readonly [k: string]: HostPlan
  }
  /**
   * What a reviewer should know about the whole plan.
   */
  readonly notes: readonly Note[]
  /**
   * What the plan was compared with instead of the hosts (--base --offline); null: it was compared with what the hosts run. Such a plan cannot be applied.
   */
  readonly base?: Base | null
  /**
   * What `fleet diff` compared; null: this is a plan. A comparison has one host, which stands for both sides, and cannot be applied.
   */
  readonly comparison?: Comparison | null
  /**
   * The run that this plan rolls back; null: the plan deploys what the flake says.
   */
  readonly rollback?: Rollback | null
  /**
   * This plan reboots hosts, and rolls out nothing; null: it is no such plan.
   */
  readonly reboot?: RebootPlan | null
  /**
   * Another revision of the flake: what changed since then is noted; the hosts are compared with what they run. Null: none.
   */
  readonly since?: Base | null
  /**
   * When saved observations, used instead of contacting the hosts, were made (RFC 3339, UTC); null: the hosts were contacted.
   */
  readonly observedAt?: string | null
  /**
   * What plans of this fleet made run on the deploying machine before this one: the views mark what differs. Null: there is nothing to compare with.
   */
  readonly ranBefore?: RanBefore | null
}
/**
 * The flake, locked once for the whole plan.
 */
export interface Source {
  /**
   * The reference as fleet.yaml has it.
   */
  readonly original: string
  /**
   * The locked reference that every evaluation used.
   */
  readonly flake: string
  /**
   * The commit, when the source is a revision.
   */
  readonly rev: string | null
  /**
   * Hash of the source tree, when Nix reports it.
   */
  readonly narHash: string | null
  /**
   * True when the working tree had changes that are not committed.
   */
  readonly dirty: boolean
  /**
   * Time of the commit or of the newest file (RFC 3339, UTC).
   */
  readonly lastModified: string | null
  /**
   * Where the source is in the Nix store.
   */
  readonly storePath: string | null
}
/**
 * A stage of the rollout with its limits.
 */
export interface Wave {
  /**
   * Name of the wave.
   */
  readonly name: string
  /**
   * Its hosts, in order.
   */
  readonly hosts: readonly string[]
  /**
   * Hosts in flight at a time.
   */
  readonly maxParallel: number
  /**
   * Cumulative host counts; a batch starts when the one before is healthy. Empty: no batches.
   */
  readonly batches: readonly number[]
  /**
   * The wave halts when failures exceed this.
   */
  readonly maxFailures: number
  /**
   * What a failure rolls back.
   */
  readonly rollback: 'none' | 'host' | 'wave' | 'run'
  /**
   * The wave must stay healthy this long before the next may start, in milliseconds.
   */
  readonly bakeTimeMs: number
  /**
   * Whether the run asks for approval before this wave starts.
   */
  readonly promotion: 'auto' | 'manual'
  /**
   * No host became ready to start, or healthy, for this long: the wave halts, in milliseconds.
   */
  readonly progressDeadlineMs: number
  /**
   * Gate checks of the wave itself.
   */
  readonly checks: readonly string[]
}
/**
 * A named set of hosts.
 */
export interface Group {
  /**
   * Members, in order.
   */
  readonly hosts: readonly string[]
  /**
   * Never more members down, in flight or unhealthy at a time; null: no limit.
   */
  readonly maxUnavailable: number | null
}
/**
 * A health check of type ssh, with every default filled in.
 */
export interface SshCheck {
  readonly type: 'ssh'
  /**
   * One attempt may take this long, in milliseconds.
   */
  readonly timeoutMs: number
  /**
   * Wait before the first attempt, in milliseconds.
   */
  readonly initialDelayMs: number
  /**
   * Pause between attempts, in milliseconds.
   */
  readonly intervalMs: number
  /**
   * Healthy by then, or unhealthy, in milliseconds.
   */
  readonly deadlineMs: number
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold: number
  /**
   * Passes without a break for this long, in milliseconds.
   */
  readonly stableForMs: number
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both.
   */
  readonly when: readonly ('before' | 'after')[]
  /**
   * Must pass before the host is touched.
   */
  readonly precondition: boolean
}
/**
 * A health check of type systemd, with every default filled in.
 */
export interface SystemdCheck {
  readonly type: 'systemd'
  /**
   * One attempt may take this long, in milliseconds.
   */
  readonly timeoutMs: number
  /**
   * Wait before the first attempt, in milliseconds.
   */
  readonly initialDelayMs: number
  /**
   * Pause between attempts, in milliseconds.
   */
  readonly intervalMs: number
  /**
   * Healthy by then, or unhealthy, in milliseconds.
   */
  readonly deadlineMs: number
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold: number
  /**
   * Passes without a break for this long, in milliseconds.
   */
  readonly stableForMs: number
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both.
   */
  readonly when: readonly ('before' | 'after')[]
  /**
   * Must pass before the host is touched.
   */
  readonly precondition: boolean
  /**
   * Which failed units fail the host.
   */
  readonly failedUnits: 'new' | 'any' | 'ignore'
  /**
   * Units that must be active.
   */
  readonly active: readonly string[]
}
/**
 * A health check of type http, with every default filled in.
 */
export interface HttpCheck {
  readonly type: 'http'
  /**
   * One attempt may take this long, in milliseconds.
   */
  readonly timeoutMs: number
  /**
   * Wait before the first attempt, in milliseconds.
   */
  readonly initialDelayMs: number
  /**
   * Pause between attempts, in milliseconds.
   */
  readonly intervalMs: number
  /**
   * Healthy by then, or unhealthy, in milliseconds.
   */
  readonly deadlineMs: number
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold: number
  /**
   * Passes without a break for this long, in milliseconds.
   */
  readonly stableForMs: number
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both.
   */
  readonly when: readonly ('before' | 'after')[]
  /**
   * Must pass before the host is touched.
   */
  readonly precondition: boolean
  /**
   * The URL to fetch.
   */
  readonly url: string
  /**
   * HTTP method.
   */
  readonly method: string
  /**
   * Request headers.
   */
  readonly headers: {
    readonly [k: string]: string
  }
  /**
   * Status codes that pass.
   */
  readonly expectStatus: readonly number[]
  /**
   * Regular expression that the body must match.
   */
  readonly expectBody: string | null
  /**
   * Accept any certificate.
   */
  readonly insecure: boolean
  /**
   * Where the check runs.
   */
  readonly from: 'operator' | 'host'
}
/**
 * A health check of type tcp, with every default filled in.
 */
export interface TcpCheck {
  readonly type: 'tcp'
  /**
   * One attempt may take this long, in milliseconds.
   */
  readonly timeoutMs: number
  /**
   * Wait before the first attempt, in milliseconds.
   */
  readonly initialDelayMs: number
  /**
   * Pause between attempts, in milliseconds.
   */
  readonly intervalMs: number
  /**
   * Healthy by then, or unhealthy, in milliseconds.
   */
  readonly deadlineMs: number
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold: number
  /**
   * Passes without a break for this long, in milliseconds.
   */
  readonly stableForMs: number
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both.
   */
  readonly when: readonly ('before' | 'after')[]
  /**
   * Must pass before the host is touched.
   */
  readonly precondition: boolean
  /**
   * Where to connect; null: the host's address.
   */
  readonly address: string | null
  /**
   * TCP port.
   */
  readonly port: number
  /**
   * Where the check runs.
   */
  readonly from: 'operator' | 'host'
}
/**
 * A health check of type command, with every default filled in.
 */
export interface CommandCheck {
  readonly type: 'command'
  /**
   * One attempt may take this long, in milliseconds.
   */
  readonly timeoutMs: number
  /**
   * Wait before the first attempt, in milliseconds.
   */
  readonly initialDelayMs: number
  /**
   * Pause between attempts, in milliseconds.
   */
  readonly intervalMs: number
  /**
   * Healthy by then, or unhealthy, in milliseconds.
   */
  readonly deadlineMs: number
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold: number
  /**
   * Passes without a break for this long, in milliseconds.
   */
  readonly stableForMs: number
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both.
   */
  readonly when: readonly ('before' | 'after')[]
  /**
   * Must pass before the host is touched.
   */
  readonly precondition: boolean
  /**
   * An argument list, or a text for `sh -c`.
   */
  readonly run: string | readonly string[]
  /**
   * How the result is read.
   */
  readonly protocol: 'exit' | 'nagios' | 'json'
  /**
   * Where the check runs.
   */
  readonly from: 'operator' | 'host'
  /**
   * Variables of this check.
   */
  readonly vars: {
    readonly [k: string]: string
  }
}
/**
 * A health check of type module, with every default filled in.
 */
export interface ModuleCheck {
  readonly type: 'module'
  /**
   * One attempt may take this long, in milliseconds.
   */
  readonly timeoutMs: number
  /**
   * Wait before the first attempt, in milliseconds.
   */
  readonly initialDelayMs: number
  /**
   * Pause between attempts, in milliseconds.
   */
  readonly intervalMs: number
  /**
   * Healthy by then, or unhealthy, in milliseconds.
   */
  readonly deadlineMs: number
  /**
   * Passes in a row that are needed.
   */
  readonly successThreshold: number
  /**
   * Passes without a break for this long, in milliseconds.
   */
  readonly stableForMs: number
  /**
   * What a failure does: `fail` fails the host, `warn` is only reported.
   */
  readonly severity: 'fail' | 'warn'
  /**
   * Run before the change, after it, or both.
   */
  readonly when: readonly ('before' | 'after')[]
  /**
   * Must pass before the host is touched.
   */
  readonly precondition: boolean
  /**
   * JavaScript module whose default export is the check.
   */
  readonly path: string
  /**
   * Handed to the module as it is.
   */
  readonly with: {
    readonly [k: string]: unknown
  }
}
/**
 * A program that is notified of events, or decides at a gate.
 */
export interface Hook {
  /**
   * Event types and gates.
   */
  readonly on: readonly string[]
  /**
   * The program and its arguments.
   */
  readonly run: readonly string[]
  /**
   * It may take this long, in milliseconds.
   */
  readonly timeoutMs: number
  /**
   * Whether its failure fails the run.
   */
  readonly onError: 'ignore' | 'fail'
}
/**
 * Runs its planned system, and will boot it.
 */
export interface UnchangedHost {
  readonly action: 'none'
  /**
   * The wave this host is in.
   */
  readonly wave: string
  readonly settings: HostSettings
  /**
   * What a reviewer should know about this host.
   */
  readonly notes: readonly Note[]
  readonly from: Observed
  readonly to: Target
}
/**
 * A host’s settings with nothing left open; null means "according to ssh_config".
 */
export interface HostSettings {
  /**
   * Addresses, tried in order.
   *
   * @minItems 1
   */
  readonly address: readonly [string, ...readonly string[]]
  /**
   * Attribute of the host’s configuration in the flake.
   */
  readonly attribute: string
  /**
   * Shown wherever the host fails, is unreachable or is disabled.
   */
  readonly note: string | null
  /**
   * Hosts that must be done first.
   */
  readonly dependsOn: readonly string[]
  /**
   * How the host is reached.
   */
  readonly ssh: {
    /**
     * Login.
     */
    readonly user: string | null
    /**
     * TCP port.
     */
    readonly port: number | null
    /**
     * Private key, as written in fleet.yaml: `~/` and paths relative to fleet.yaml are resolved when used.
     */
    readonly identityFile: string | null
    /**
     * A connection must be up by then, in milliseconds.
     */
    readonly connectTimeoutMs: number
    /**
     * Pinned public host key.
     */
    readonly hostKey: string | null
    /**
     * Further ssh_config options.
     */
    readonly options: {
      readonly [k: string]: string
    }
  }
  /**
   * `auto`, `none`, or a prefix such as `doas -n`.
   */
  readonly sudo: string
  /**
   * Whether the machine fleet runs on is deployed without ssh.
   */
  readonly local: 'auto' | 'never'
  /**
   * What `hostname` must answer before anything is activated; null: not checked.
   */
  readonly expectHostname: string | null
  /**
   * What activates the host.
   */
  readonly engine: 'deploy-rs' | 'nix' | 'nixos-rebuild'
  /**
   * Names for deploy-rs.
   */
  readonly deployRs: {
    /**
     * Node name.
     */
    readonly node: string
    /**
     * Profile name.
     */
    readonly profile: string
    /**
     * The deploy-rs flake to wrap with.
     */
    readonly flake: string | null
  }
  /**
   * What activation does.
   */
  readonly mode: 'switch' | 'boot' | 'test'
  /**
   * Limits of one activation.
   */
  readonly activation: {
    /**
     * Return to the old system when activation fails.
     */
    readonly autoRollback: boolean
    /**
     * Roll back automatically unless a new connection confirms the activation.
     */
    readonly magicRollback: boolean
    /**
     * A confirmation must arrive by then, in milliseconds.
     */
    readonly confirmTimeoutMs: number
    /**
     * An activation may take this long, in milliseconds.
     */
    readonly timeoutMs: number
  }
  /**
   * Where the system is built.
   */
  readonly buildOn: 'operator' | 'target'
  /**
   * The target fetches from its caches what it can.
   */
  readonly substituteOnTarget: boolean
  /**
   * What apply does when the host is unreachable.
   */
  readonly onUnreachable: 'fail' | 'skip'
  /**
   * What happens where a switch inhibitor changes: `mode` is then `boot` already where that is what was chosen.
   */
  readonly onInhibitors: 'refuse' | 'boot'
  /**
   * Whether fleet reboots the host.
   */
  readonly reboot: 'never' | 'when-needed'
  /**
   * Names of its checks.
   */
  readonly checks: readonly string[]
  /**
   * Variables for checks and hooks.
   */
  readonly vars: {
    readonly [k: string]: string
  }
}
/**
 * Something a reviewer should know.
 */
export interface Note {
  /**
   * Stable code, e.g. `plan/half-way`.
   */
  readonly code: AnyCode
  /**
   * How loud it is.
   */
  readonly severity: 'info' | 'warning' | 'error'
  /**
   * One line.
   */
  readonly summary: string
  /**
   * Full sentences: what, why, what to do.
   */
  readonly detail?: string
}
/**
 * What the host runs, as read over ssh while planning.
 */
export interface Observed {
  /**
   * The toplevel behind /run/current-system.
   */
  readonly system: string
  /**
   * What /nix/var/nix/profiles/system points at; null: there is none.
   */
  readonly profile: string | null
  /**
   * The toplevel that the system profile would boot; differs from `profile` under deploy-rs. Null: there is none.
   */
  readonly nextBoot: string | null
  /**
   * The toplevel behind /run/booted-system; null: there is none (a container).
   */
  readonly booted: string | null
  /**
   * Generation number of the system profile.
   */
  readonly generation: number | null
  /**
   * Units that had failed already.
   */
  readonly failedUnits: readonly string[]
  /**
   * What the host calls itself.
   */
  readonly hostname: string
  /**
   * Nix system double, e.g. x86_64-linux.
   */
  readonly platform: string | null
  /**
   * sha256 of the machine id: reveals a host that was installed anew.
   */
  readonly machine: string | null
  /**
   * NixOS version.
   */
  readonly release: string | null
  /**
   * Configuration revision, when the host reports it.
   */
  readonly revision: string | null
  /**
   * Fingerprint of the host's ssh key, as the host reports it: reveals a host that was installed anew.
   */
  readonly hostKey?: string | null
}
/**
 * What the host should run.
 */
export interface Target {
  /**
   * Derivation of the toplevel; null: unknown, the path itself is planned (rollback): nothing is built or copied.
   */
  readonly drv: string | null
  /**
   * Store path of the toplevel.
   */
  readonly system: string
  /**
   * Derivation of what the profile will point at, when it is not the toplevel (deploy-rs).
   */
  readonly profileDrv: string | null
  /**
   * What the system profile will point at.
   */
  readonly profile: string
  /**
   * Nix system double, e.g. x86_64-linux.
   */
  readonly platform: string
  /**
   * NixOS version.
   */
  readonly release: string | null
  /**
   * What deploy-rs gets to know of the host; null or missing: another engine activates it.
   */
  readonly deployRs?: DeployRsNode | null
}
/**
 * A node of deploy-rs with its settings merged: profile before node before all nodes. Null: said nowhere.
 */
export interface DeployRsNode {
  /**
   * Where the profile is from: the flake's own nodes, or fleet.yaml's `deployRs.flake` around the toplevel.
   */
  readonly source: 'deploy.nodes' | 'deployRs.flake'
  /**
   * Name of the node.
   */
  readonly node: string
  /**
   * Name of the profile.
   */
  readonly profile: string
  /**
   * Address that the node names; fleet connects to the one of fleet.yaml and refuses where they differ. Null: it names none.
   */
  readonly hostname: string | null
  /**
   * Login that the node names; fleet uses its own.
   */
  readonly sshUser: string | null
  /**
   * Whom the profile belongs to.
   */
  readonly user: string | null
  /**
   * Command that becomes that user; null: `sudo -u`.
   */
  readonly sudo: string | null
  /**
   * Directory on the host for the file that is removed to confirm; null: `/tmp`.
   */
  readonly tempPath: string | null
  /**
   * Link of the profile on the host; null: as user and profile say.
   */
  readonly profilePath: string | null
  /**
   * Arguments for ssh, of profile, node and all nodes in this order.
   */
  readonly sshOpts: readonly string[]
  /**
   * The host does not fetch from its caches.
   */
  readonly fastConnection: boolean | null
  /**
   * The host builds.
   */
  readonly remoteBuild: boolean | null
  /**
   * Needs a password for sudo: refused.
   */
  readonly interactiveSudo: boolean | null
  /**
   * As the node says; `activation.autoRollback` of fleet.yaml decides.
   */
  readonly autoRollback: boolean | null
  /**
   * As the node says; `activation.magicRollback` of fleet.yaml decides.
   */
  readonly magicRollback: boolean | null
  /**
   * Seconds, as the node says; `activation.confirmTimeout` of fleet.yaml decides.
   */
  readonly confirmTimeout: number | null
  /**
   * Seconds, as the node says; `activation.timeout` of fleet.yaml decides.
   */
  readonly activationTimeout: number | null
  /**
   * Names of the node’s other profiles, which fleet does not deploy; missing: unknown.
   */
  readonly otherProfiles?: readonly string[]
}
/**
 * Will be changed.
 */
export interface ChangedHost {
  readonly action: 'change'
  /**
   * The wave this host is in.
   */
  readonly wave: string
  readonly settings: HostSettings
  /**
   * What a reviewer should know about this host.
   */
  readonly notes: readonly Note[]
  readonly from: Observed
  readonly to: Target
  readonly diff: Diff
  /**
   * The host is rebooted, and nothing is activated: the id of the boot that is to end, as the host reported it. Null or missing: its planned system is activated.
   */
  readonly rebootFrom?: string | null
}
/**
 * How the two systems differ; null means "unknown", never "nothing".
 */
export interface Diff {
  /**
   * True when both systems were compared as built; false: predicted.
   */
  readonly exact: boolean
  /**
   * The most important thing that changes; `stamp`: only the revision that the system was made from.
   */
  readonly kind?: 'stamp' | 'configuration' | 'packages' | 'reboot'
  /**
   * Packages whose versions differ.
   */
  readonly packages: readonly PackageChange[] | null
  /**
   * Change of closure size, bytes.
   */
  readonly sizeDelta: number | null
  /**
   * To be fetched, bytes.
   */
  readonly download: number | null
  /**
   * Whether the change takes a reboot to be complete.
   */
  readonly reboot: {
    /**
     * Null: unknown.
     */
    readonly needed: boolean | null
    /**
     * Why.
     */
    readonly because: readonly string[]
    /**
     * None: no reboot before or after. Needed: this change makes one needed. Pending: one is needed already, and still is. Cleared: one was pending, and this change ends that. Null: unknown.
     */
    readonly state?: 'none' | 'needed' | 'pending' | 'cleared' | null
  }
  /**
   * What activation does to units.
   */
  readonly units: UnitChanges | null
  /**
   * Entries of /etc that differ.
   */
  readonly etc: readonly EtcChange[] | null
  /**
   * Users; never a hash.
   */
  readonly users?: NameChanges | null
  /**
   * Groups of users.
   */
  readonly groups?: NameChanges | null
  /**
   * Open ports.
   */
  readonly firewall?: PortChanges | null
  /**
   * Switch inhibitors that differ.
   */
  readonly inhibitors?: readonly InhibitorChange[] | null
  /**
   * Specialisations that come or go; what changes in one that stays is not compared.
   */
  readonly specialisations?: NameChanges | null
  /**
   * Which derivations’ own changes explain the rebuild of the rest.
   */
  readonly causes?: readonly Cause[] | null
  /**
   * How each part is known, by its key in this object.
   */
  readonly provenance?: {
    readonly [k: string]: Provenance
  }
}
/**
 * One package whose versions differ; an empty list means absent.
 */
export interface PackageChange {
  /**
   * Package name.
   */
  readonly name: string
  /**
   * Versions now.
   */
  readonly from: readonly string[]
  /**
   * Versions planned.
   */
  readonly to: readonly string[]
  /**
   * By Nix’s own order of versions; `changed` where there is none.
   */
  readonly direction?: 'added' | 'removed' | 'up' | 'down' | 'changed'
  /**
   * It is, or will be, among the packages of the system’s PATH.
   */
  readonly selected?: boolean
}
/**
 * What activation does to units.
 */
export interface UnitChanges {
  /**
   * Restarted.
   */
  readonly restarted: readonly string[]
  /**
   * Stopped.
   */
  readonly stopped: readonly string[]
  /**
   * Started.
   */
  readonly started: readonly string[]
  /**
   * Reloaded.
   */
  readonly reloaded: readonly string[]
  /**
   * Changed, and left running all the same.
   */
  readonly notStopped?: readonly string[]
  /**
   * Of those above, units whose text differs in store paths only, where no file behind such a path is known to differ in more.
   */
  readonly pathsOnly?: readonly string[]
  /**
   * Changed in a way that is unknown without building.
   */
  readonly unclear?: readonly string[]
  /**
   * Packages whose units are unknown without building.
   */
  readonly opaque?: readonly string[]
  /**
   * Units that the change does not concern, that a running target wants and that do not run: every switch starts the targets again, and with them these. Missing: unknown.
   */
  readonly alsoStarted?: readonly AlsoStarted[]
  /**
   * Running units that are restarted because one that they require, are bound to or are part of is. Missing: unknown.
   */
  readonly restartedWith?: readonly DependentUnit[]
  /**
   * Running units that are stopped with one that they need, and that nothing starts again. Missing: unknown.
   */
  readonly stoppedWith?: readonly DependentUnit[]
  /**
   * Units whose text differs in store paths only, with the files behind those paths that differ in more.
   */
  readonly because?: readonly UnitCause[]
  /**
   * systemd itself is executed again: another build of it, or only its own settings. Missing: it is not.
   */
  readonly reexecuted?: 'package' | 'settings'
  readonly userUnits?: UserUnitChanges
}
/**
 * A unit that is started though nothing about it changes.
 */
export interface AlsoStarted {
  /**
   * Its name.
   */
  readonly unit: string
  /**
   * `failed`: it had failed; `stopped`: it was active in this boot, and was stopped or ended by itself; `ended`: it does its work and ends, and so it does again; `inactive`: it was not started in this boot.
   */
  readonly was: 'failed' | 'stopped' | 'ended' | 'inactive'
}
/**
 * A unit to which the same happens as to others.
 */
export interface DependentUnit {
  /**
   * Its name.
   */
  readonly unit: string
  /**
   * The units that it needs and that are restarted or stopped.
   */
  readonly with: readonly string[]
}
/**
 * Why a unit is treated as changed.
 */
export interface UnitCause {
  /**
   * Its name.
   */
  readonly unit: string
  /**
   * Files that changed: paths below /etc as /etc/X, others by the name they have in the store.
   */
  readonly files: readonly string[]
}
/**
 * Units of users’ own managers that differ. Missing: none differs, or unknown.
 */
export interface UserUnitChanges {
  /**
   * Numbers of the users whose managers run and are switched; empty: the units change at the next login.
   */
  readonly users: readonly string[]
  /**
   * Restarted.
   */
  readonly restarted: readonly string[]
  /**
   * Stopped.
   */
  readonly stopped: readonly string[]
  /**
   * Newly wanted.
   */
  readonly started: readonly string[]
  /**
   * Reloaded.
   */
  readonly reloaded: readonly string[]
  /**
   * Changed, and left running all the same.
   */
  readonly notStopped: readonly string[]
}
/**
 * One entry of /etc that differs.
 */
export interface EtcChange {
  /**
   * Path below /etc.
   */
  readonly path: string
  /**
   * What happens to it.
   */
  readonly change: 'added' | 'removed' | 'changed'
  /**
   * Only store paths in it differ: not a change of its own.
   */
  readonly inherited?: boolean
  /**
   * Unified difference of its text, secrets masked; null: unknown, or none to show.
   */
  readonly patch?: string | null
  /**
   * Why no patch is shown although both texts are known: it is longer than 1,000 changed lines or 32 KiB, or only values that look like secrets differ.
   */
  readonly withheld?: 'too-large' | 'secrets'
}
/**
 * Names that come, go, or stay with other properties.
 */
export interface NameChanges {
  /**
   * Come.
   */
  readonly added: readonly string[]
  /**
   * Go.
   */
  readonly removed: readonly string[]
  /**
   * Stay, with other properties.
   */
  readonly changed: readonly string[]
}
/**
 * Ports of the firewall, as `tcp/22` or `udp/41641`; a range is `tcp/6000-6010`.
 */
export interface PortChanges {
  /**
   * Opened.
   */
  readonly opened: readonly string[]
  /**
   * Closed.
   */
  readonly closed: readonly string[]
  /**
   * The firewall is switched on or off by this change; null: neither.
   */
  readonly enabled: boolean | null
}
/**
 * A switch inhibitor that differs: `switch` refuses, a reboot is needed.
 */
export interface InhibitorChange {
  /**
   * Its name.
   */
  readonly name: string
  /**
   * Now.
   */
  readonly from: string | null
  /**
   * Planned.
   */
  readonly to: string | null
}
/**
 * A derivation whose own change explains the rebuild of others.
 */
export interface Cause {
  /**
   * Its name.
   */
  readonly name: string
  /**
   * Version now; null: new or without one.
   */
  readonly from: string | null
  /**
   * Version planned; null: gone or without one.
   */
  readonly to: string | null
  /**
   * Derivations that differ only because of it and other causes.
   */
  readonly rebuilds: number
}
/**
 * Did not answer; what it runs is unknown.
 */
export interface UnreachableHost {
  readonly action: 'unreachable'
  /**
   * The wave this host is in.
   */
  readonly wave: string
  readonly settings: HostSettings
  /**
   * What a reviewer should know about this host.
   */
  readonly notes: readonly Note[]
  readonly to: Target
  readonly failure: Failure
}
/**
 * Why something could not be found out.
 */
export interface Failure {
  /**
   * Stable code, e.g. `ssh/refused-login`.
   */
  readonly code: AnyCode
  /**
   * One line.
   */
  readonly summary: string
  /**
   * Full sentences; host and Nix output cleaned of control characters.
   */
  readonly detail: string
  /**
   * The whole text that `detail` was shortened from; shown with --verbose.
   */
  readonly trace?: string
}
/**
 * Its configuration does not evaluate.
 */
export interface UnevaluatedHost {
  readonly action: 'evaluation-failed'
  /**
   * The wave this host is in.
   */
  readonly wave: string
  readonly settings: HostSettings
  /**
   * What a reviewer should know about this host.
   */
  readonly notes: readonly Note[]
  /**
   * What it runs, when it answered.
   */
  readonly from: Observed | null
  readonly failure: Failure
}
/**
 * Not part of this plan.
 */
export interface ExcludedHost {
  readonly action: 'excluded'
  /**
   * The wave this host is in.
   */
  readonly wave: string
  readonly settings: HostSettings
  /**
   * What a reviewer should know about this host.
   */
  readonly notes: readonly Note[]
  /**
   * Why, in words.
   */
  readonly reason: string
}
/**
 * Another revision of the flake, used in place of what the hosts run.
 */
export interface Base {
  /**
   * As given.
   */
  readonly ref: string
  /**
   * The locked reference.
   */
  readonly flake: string
  /**
   * The commit.
   */
  readonly rev: string | null
}
/**
 * Two systems that were compared.
 */
export interface Comparison {
  readonly from: ComparedSystem
  readonly to: ComparedSystem
}
/**
 * One side of a comparison.
 */
export interface ComparedSystem {
  /**
   * As given: a host, HOST@GENERATION, REVISION#HOST or a store path.
   */
  readonly name: string
  /**
   * What that is, in words.
   */
  readonly is: string
  /**
   * Store path of the system.
   */
  readonly system: string
}
/**
 * Where the plan of a rollback comes from.
 */
export interface Rollback {
  /**
   * The run that is rolled back.
   */
  readonly run: string
  /**
   * The plan that it rolled out: its waves, checks and settings are used again.
   */
  readonly planId: string
}
/**
 * What a plan of `fleet reboot` takes its hosts for.
 */
export interface RebootPlan {
  /**
   * `pending`: the selected hosts that need a reboot. `all`: all selected hosts.
   */
  readonly which: 'pending' | 'all'
}
/**
 * Programs and servers that another fleet.yaml made use of on the deploying machine. Nothing is decided by it.
 */
export interface RanBefore {
  /**
   * Where it is from, in words: a revision, or a run.
   */
  readonly of: string
  /**
   * In the order of that fleet.yaml.
   */
  readonly entries: readonly RunsHere[]
}
/**
 * Something that applying a plan runs on the deploying machine beside fleet's own programs.
 */
export interface RunsHere {
  /**
   * A hook, a check that runs here, a module, an ssh option that names a program, or the lock server.
   */
  readonly kind: 'hook' | 'check' | 'module' | 'ssh' | 'lock'
  /**
   * The hook's events, the check's name, or the option's name; empty for the lock server.
   */
  readonly name: string
  /**
   * The program with its arguments, the script, the file or the URL.
   */
  readonly what: string
}
