import type { Facts } from './facts.ts'
import type { Failure, Observed, Target } from '../plan/plan-schema.ts'

/** What a host answered about itself in one session; the plan keeps the part that does not change by itself. */
export interface Observation extends Observed {
  /** The specialisation that it runs, and the system to which that belongs; null or missing: none that is known. */
  readonly specialisation?: { readonly name: string; readonly of: string } | null
  /** `running`, `degraded`, … as `systemctl is-system-running` says. */
  readonly systemState: string
  readonly bootId: string | null
  /** Release of the kernel that runs (`uname -r`). */
  readonly kernelRelease: string
  /** What /run/booted-system's kernel, initrd and kernel-modules resolve to; null where there is no such link. */
  readonly bootLinks: BootLinks
  /** Free bytes on the file systems of /nix/store and /boot; null: could not be read. */
  readonly freeBytes: { readonly nix: number | null; readonly boot: number | null }
  /** An activation is running on the host right now. */
  readonly activating: boolean
  /** Store paths that the system profile's PATH offers (references of `sw`), for naming packages; null: not asked for. */
  readonly selectedPackages: readonly string[] | null
  /** Whether the login may act as root without a password; null: not asked. */
  readonly mayActAsRoot: boolean | null
  /** Whether the host's Nix takes unsigned paths from the login; missing or null: not told, or not asked. */
  readonly isTrusted?: boolean | null
  /** Seconds since the system profile was set, by the host's own clock. */
  readonly profileAgeSeconds: number | null
  /** The highest number of its profile's generations: one may have been rolled back since. Missing or null: not told. */
  readonly newestGeneration?: number | null
  /** What its clock says, seconds since the epoch; missing or null: not asked. */
  readonly clockSeconds?: number | null
  /** Seconds since the host booted; null: not told. */
  readonly uptimeSeconds: number | null
  /** Programs that every NixOS has and that the questions need, and that are not on its PATH; missing: not told. */
  readonly missingTools?: readonly string[]
  /** What a plan compares; null: not asked for. */
  readonly detail: HostDetail | null
}

/** What a system consists of, without its files' texts. Null: could not be read. */
export interface SystemContents {
  /** Links of the running system's etc directory, by path below it. */
  readonly etc: readonly Link[] | null
  /** Mode, user and group of entries that are not plain links, by path below /etc. */
  readonly etcModes: ReadonlyMap<string, EtcMode>
  /** Links of its /etc/systemd/system, drop-ins and `.wants` included. */
  readonly unitLinks: readonly Link[] | null
  /** The same of its /etc/systemd/user; missing: not reported. */
  readonly userUnitLinks?: readonly Link[] | null
  /** Of this system, whatever the host has booted. */
  readonly links: BootLinks
  readonly systemd: string | null
  /** The package that `sw` leads to; its references are what the system's PATH offers. */
  readonly softwarePath: string | null
  /** The text of `switch-inhibitors`; null: there is none. */
  readonly inhibitors: string | null
  /** Names of its specialisations; missing: not told. */
  readonly specialisations?: readonly string[]
  /** The users-groups.json that its activation reads. */
  readonly usersFile: string | null
  /** The script or rules of its firewall. */
  readonly firewallFile: string | null
}

/** What the running system consists of, as the host tells it. */
export interface HostDetail extends SystemContents {
  /** Those that are not inactive. */
  readonly unitStates: readonly UnitState[] | null
  /** Units that are inactive, and why. Missing or null: not told, and nothing is known of what else a switch starts. */
  readonly idleUnits?: readonly IdleUnit[] | null
  /** What units need, as systemd knows it; those that need nothing are left out. */
  readonly unitNeeds?: readonly UnitNeeds[] | null
  /** E.g. `systemd 2`. */
  readonly initInterface: string | null
  /** Null: not asked for. */
  readonly nixVersion: string | null
  /** Active units that update the host by themselves: system.autoUpgrade's timer, comin. */
  readonly selfUpdaters: readonly string[]
  /** The derivation that made the running system, as the host's store remembers it; null: not known or not asked for. */
  readonly deriver: string | null
}

/** What a file of /etc that is no plain link is to be: octal, and names or numbers. */
export interface EtcMode {
  readonly mode: string
  readonly user: string
  readonly group: string
}

/** A symbolic link: its name below some directory, and what stands in it. */
export interface Link {
  readonly name: string
  readonly target: string
}

/** A unit that systemd has loaded, as `systemctl show` tells it. */
export interface UnitState {
  readonly unit: string
  /** `active`, `activating`, `failed`, … */
  readonly active: string
  readonly sub: string
  /** Empty where systemd made the unit itself. */
  readonly fragment: string
}

/** A unit that systemd has loaded and that is inactive. */
export interface IdleUnit {
  readonly unit: string
  /**
   * `stopped`: it was active in this boot, and was stopped or ended; `ended`: it did its work and ended, as oneshots do; `unmet`: a
   * condition of its own kept it from starting; `never`: it was not started in this boot.
   */
  readonly since: 'stopped' | 'ended' | 'unmet' | 'never'
}

/** Units that a unit needs in some way, by name. */
export interface UnitNeeds {
  readonly unit: string
  /** Wants and Upholds. */
  readonly wants: readonly string[]
  /** Requires, Requisite and BindsTo. */
  readonly requires: readonly string[]
  readonly partOf: readonly string[]
}

/** What decides whether a change takes a reboot (nixpkgs nixos/modules/tasks/auto-upgrade.nix compares these links). */
export interface BootLinks {
  readonly kernel: string | null
  readonly initrd: string | null
  readonly kernelModules: string | null
  /** Words of kernel-params, in order. */
  readonly kernelParams: readonly string[] | null
}

/** What evaluation says a host should run, with the facts that need no build. */
export interface Evaluation extends Target {
  /** Evaluating always tells it. */
  readonly drv: string
  readonly bootLinks: BootLinks
  readonly kernelVersion: string | null
  /** `name-version` of environment.systemPackages; null: not known. */
  readonly selectedPackages: readonly string[] | null
  readonly warnings: readonly string[]
  readonly facts?: Facts | null
  /** Its networking.hostName; null or missing: not known, or it sets none. */
  readonly hostname?: string | null
  /** Why deploy-rs cannot deploy it, where it is the host's engine; missing or null: nothing speaks against it. */
  readonly deployRsProblem?: Failure | null
}

/** Found out, or why not. */
export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }
