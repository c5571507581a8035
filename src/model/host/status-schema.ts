// Generated from schemas/status.schema.json by `npm run generate`. Do not edit.
import type { AnyCode } from '../codes/codes.ts'

/**
 * One host.
 */
export type HostStatus = AnsweredHost | SilentHost | DisabledHost
/**
 * A path that leads into a Nix store.
 */
export type StorePath = string
/**
 * A path below a directory, which leads nowhere else.
 */
export type EntryName = string

/**
 * What the hosts of a fleet run, as `fleet status --json` writes it and `fleet plan --observed` reads it.
 */
export interface Status {
  /**
   * Version of this format.
   */
  readonly format: string
  /**
   * Version of fleet that wrote it.
   */
  readonly fleet: string
  /**
   * When the hosts were contacted (RFC 3339, UTC).
   */
  readonly observedAt: string
  /**
   * user@machine.
   */
  readonly observedBy: string
  /**
   * Name of the fleet.
   */
  readonly name: string
  /**
   * Waves, in order.
   *
   * @maxItems 10000
   */
  readonly waves: readonly StatusWave[]
  /**
   * Hosts by name.
   */
  readonly hosts: {
    readonly [k: string]: HostStatus
  }
}
/**
 * A wave of the fleet.
 */
export interface StatusWave {
  /**
   * Its name.
   */
  readonly name: string
  /**
   * Its hosts, in order.
   *
   * @maxItems 100000
   *
   * Items: A host.
   */
  readonly hosts: readonly string[]
}
/**
 * A host that answered.
 */
export interface AnsweredHost {
  /**
   * It answered.
   */
  readonly reach: 'answered'
  /**
   * Its wave.
   */
  readonly wave: string | null
  /**
   * It is not as the last run left it, or not as it says itself that it will boot.
   */
  readonly drifted: boolean
  /**
   * The running system would boot something else than was booted; null: unknown.
   */
  readonly rebootPending: boolean | null
  /**
   * What is worth knowing, drift first.
   *
   * @maxItems 1000
   */
  readonly notes: readonly StatusNote[]
  /**
   * Null: no run on record here had to do with it.
   */
  readonly lastRun: LastRun | null
  readonly observation: HostObservation
}
/**
 * Something worth knowing of a host.
 */
export interface StatusNote {
  /**
   * Stable code, e.g. `drift/unrecorded`.
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
   * Full sentences.
   */
  readonly detail?: string
}
/**
 * The latest run on record here that had to do with the host.
 */
export interface LastRun {
  /**
   * Its name, for `fleet history`.
   */
  readonly run: string
  /**
   * When the host's part of it ended, or was last heard of.
   */
  readonly at: string
  /**
   * How it ended for the host.
   */
  readonly ending:
    'succeeded' | 'skipped' | 'stale' | 'failed' | 'rolled-back' | 'reverted' | 'unknown' | 'cancelled' | 'unfinished'
  /**
   * The system that the host was to have.
   */
  readonly to: StorePath | null
  /**
   * How it was to be activated.
   */
  readonly mode: ('switch' | 'boot' | 'test') | null
}
/**
 * What it said.
 */
export interface HostObservation {
  /**
   * A path that leads into a Nix store.
   */
  readonly system: string
  /**
   * What the system profile points at.
   */
  readonly profile: StorePath | null
  /**
   * The toplevel that the system profile would boot; differs from `profile` under deploy-rs.
   */
  readonly nextBoot: StorePath | null
  /**
   * The toplevel that was booted; null: a container.
   */
  readonly booted: StorePath | null
  /**
   * Generation number of the system profile.
   */
  readonly generation: number | null
  /**
   * Seconds since the profile was set, by the host's clock.
   */
  readonly profileAgeSeconds: number | null
  /**
   * Seconds since the host booted.
   */
  readonly uptimeSeconds: number | null
  /**
   * Units that have failed.
   *
   * @maxItems 50000
   *
   * Items: A unit.
   */
  readonly failedUnits: readonly string[]
  /**
   * As `systemctl is-system-running` says: running, degraded, …
   */
  readonly systemState: string
  /**
   * What the host calls itself.
   */
  readonly hostname: string
  /**
   * Nix system double, e.g. x86_64-linux.
   */
  readonly platform: string | null
  /**
   * sha256 of the machine id.
   */
  readonly machine: string | null
  /**
   * Fingerprint of the host's ssh key.
   */
  readonly hostKey: string | null
  /**
   * Changes with every boot.
   */
  readonly bootId: string | null
  /**
   * NixOS version.
   */
  readonly release: string | null
  /**
   * The specialisation that runs, and the system that it belongs to. Null, or missing in older files: none that is known.
   */
  readonly specialisation?: {
    readonly name: string
    readonly of: StorePath
  } | null
  /**
   * Configuration revision, when the host reports it.
   */
  readonly revision: string | null
  /**
   * Release of the kernel that runs.
   */
  readonly kernelRelease: string
  readonly bootLinks: BootLinks
  readonly freeBytes: FreeBytes
  /**
   * An activation was running.
   */
  readonly activating: boolean
  /**
   * Store paths that the PATH offers.
   */
  readonly selectedPackages: readonly StorePath[] | null
  /**
   * Programs that every NixOS has and that fleet's questions need, and that are not on its PATH; missing: none.
   *
   * @maxItems 100
   */
  readonly missingTools?: readonly string[]
  /**
   * Null: the host did not report it.
   */
  readonly detail: Detail | null
}
/**
 * What decides whether a change takes a reboot: in `bootLinks` of the booted system, in `detail.links` of the running one.
 */
export interface BootLinks {
  /**
   * The kernel; null: there is none (a container).
   */
  readonly kernel: StorePath | null
  /**
   * The initial RAM disk.
   */
  readonly initrd: StorePath | null
  /**
   * The modules of the kernel.
   */
  readonly kernelModules: StorePath | null
  /**
   * Words of kernel-params, in order.
   */
  readonly kernelParams: readonly string[] | null
}
/**
 * Free bytes.
 */
export interface FreeBytes {
  /**
   * On the file system of /nix/store.
   */
  readonly nix: number | null
  /**
   * On that of /boot.
   */
  readonly boot: number | null
}
/**
 * What the running system consists of, names and store paths alone: what a plan compares.
 */
export interface Detail {
  /**
   * Links of the running system's etc directory.
   */
  readonly etc: readonly Link[] | null
  /**
   * Entries of /etc that are no plain links, keyed by path.
   */
  readonly etcModes: {
    readonly [k: string]: EtcMode
  }
  /**
   * Links of its /etc/systemd/system.
   */
  readonly unitLinks: readonly Link[] | null
  /**
   * Links of its /etc/systemd/user; missing: not reported.
   */
  readonly userUnitLinks?: readonly Link[] | null
  /**
   * Units that are not inactive.
   */
  readonly unitStates: readonly UnitState[] | null
  /**
   * Units that are inactive; null: not reported.
   */
  readonly idleUnits?: readonly IdleUnit[] | null
  /**
   * What units need, as systemd knows it; null: not reported.
   */
  readonly unitNeeds?: readonly UnitNeeds[] | null
  readonly links: BootLinks
  /**
   * Its systemd.
   */
  readonly systemd: StorePath | null
  /**
   * The package that the PATH leads to.
   */
  readonly softwarePath: StorePath | null
  /**
   * The text of switch-inhibitors; null: there is none.
   */
  readonly inhibitors: string | null
  /**
   * Names of its specialisations; missing: none was named.
   *
   * @maxItems 1000
   */
  readonly specialisations?: readonly EntryName[]
  /**
   * E.g. `systemd 2`.
   */
  readonly initInterface: string | null
  /**
   * What its Nix says of its version.
   */
  readonly nixVersion: string | null
  /**
   * Active units that update the host by themselves.
   *
   * @maxItems 1000
   */
  readonly selfUpdaters: readonly string[]
  /**
   * The derivation that made the running system, as the host remembers it.
   */
  readonly deriver: StorePath | null
  /**
   * The users-groups.json that its activation reads.
   */
  readonly usersFile: StorePath | null
  /**
   * The script or rules of its firewall.
   */
  readonly firewallFile: StorePath | null
}
/**
 * A symbolic link.
 */
export interface Link {
  /**
   * Its name below the directory.
   */
  readonly name: string
  /**
   * Where it points. An absolute one has no `..` step.
   */
  readonly target: string
}
/**
 * What a file of /etc that is no plain link should be.
 */
export interface EtcMode {
  /**
   * Octal.
   */
  readonly mode: string
  /**
   * Name or number.
   */
  readonly user: string
  /**
   * Name or number.
   */
  readonly group: string
}
/**
 * A unit that is not inactive, as systemctl show reports it.
 */
export interface UnitState {
  /**
   * A path below a directory, which leads nowhere else.
   */
  readonly unit: string
  /**
   * ActiveState.
   */
  readonly active: string
  /**
   * SubState.
   */
  readonly sub: string
  /**
   * FragmentPath; empty where systemd made the unit itself.
   */
  readonly fragment: string
}
/**
 * A unit that is loaded and inactive.
 */
export interface IdleUnit {
  /**
   * A path below a directory, which leads nowhere else.
   */
  readonly unit: string
  /**
   * `stopped`: it was active in this boot; `ended`: it did its work, as oneshots do; `unmet`: a condition of its own kept it from starting; `never`: it was not started in this boot.
   */
  readonly since: 'stopped' | 'ended' | 'unmet' | 'never'
}
/**
 * Units that a unit needs in some way.
 */
export interface UnitNeeds {
  /**
   * A path below a directory, which leads nowhere else.
   */
  readonly unit: string
  /**
   * Wants and Upholds.
   *
   * @maxItems 5000
   */
  readonly wants: readonly EntryName[]
  /**
   * Requires, Requisite and BindsTo.
   *
   * @maxItems 5000
   */
  readonly requires: readonly EntryName[]
  /**
   * PartOf.
   *
   * @maxItems 5000
   */
  readonly partOf: readonly EntryName[]
}
/**
 * A host that did not answer.
 */
export interface SilentHost {
  /**
   * It did not answer.
   */
  readonly reach: 'unreachable'
  /**
   * Its wave.
   */
  readonly wave: string | null
  /**
   * The note of fleet.yaml.
   */
  readonly note: string | null
  /**
   * Null: no run on record here had to do with it.
   */
  readonly lastRun: LastRun | null
  readonly failure: StatusFailure
}
/**
 * Why.
 */
export interface StatusFailure {
  /**
   * Stable code.
   */
  readonly code: AnyCode
  /**
   * One line.
   */
  readonly summary: string
  /**
   * Full sentences.
   */
  readonly detail: string
}
/**
 * A host that fleet.yaml disables: it was not contacted.
 */
export interface DisabledHost {
  /**
   * It was not contacted.
   */
  readonly reach: 'disabled'
  /**
   * The note of fleet.yaml.
   */
  readonly note: string | null
}
