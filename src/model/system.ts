import type { Failure, Observed, Target } from './plan-schema.ts'

/** What a host answered about itself in one session; the plan keeps the part that does not change by itself. */
export interface Observation extends Observed {
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
  /** Store paths that the system profile's PATH offers (references of `sw`), for naming packages; null: not answered. */
  readonly selectedPackages: readonly string[] | null
  /** Whether the login may act as root without a password; null: not asked. */
  readonly mayActAsRoot: boolean | null
  /** Seconds since the system profile was set, by the host's own clock. */
  readonly profileAgeSeconds: number | null
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
  readonly bootLinks: BootLinks
  readonly kernelVersion: string | null
  /** `name-version` of environment.systemPackages; null: not known. */
  readonly selectedPackages: readonly string[] | null
  readonly warnings: readonly string[]
}

/** Found out, or why not. */
export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }
