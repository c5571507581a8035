import type { Entries } from './consequences.ts'

/** What a copy and an activation can end with, whoever does it; and nixos-rebuild's own. */
export const activationCodes = {
  'nixos-rebuild/older-nix': {
    kind: 'shown',
    title: 'this nixos-rebuild cannot build with this Nix',
    means:
      'A nixos-rebuild without `--store-path` runs `nix build --print-out-paths`, which Nix before 2.9 does not know. Nothing was changed.',
    next: 'Use Nix 2.9 or newer, a nixos-rebuild that knows `--store-path`, or `engine: nix`.',
  },
  'nixos-rebuild/not-started': {
    kind: 'shown',
    title: 'nixos-rebuild failed before it changed anything',
    means:
      'nixos-rebuild ended before it set the system profile or activated the system. Nothing was changed on the host.',
    next: 'Read what it says in the message, fix it there, and run `fleet apply` again.',
  },
  'activate/bootloader': {
    kind: 'shown',
    title: 'the boot loader could not be installed',
    means:
      'NixOS installs the boot loader before it activates anything, and that failed, mostly because /boot is full. Nothing was activated: the host runs its old system, and its boot menu may be incomplete.',
    next: 'Make room on /boot of the host (remove old generations), then apply again.',
  },
  'activate/inhibited': {
    kind: 'shown',
    title: 'NixOS refused to switch while the host is running',
    means: 'The pre-switch checks of NixOS failed, as they do where a switch inhibitor changes. Nothing was activated.',
    next: 'Set `onInhibitors: boot` for the host, and plan again.',
  },
  'copy/aborted': {
    kind: 'shown',
    title: 'interrupted before the activation',
    means: 'The run was interrupted while it copied or built. Nothing was activated.',
    next: 'Apply the plan again.',
  },
  'copy/build-failed': {
    kind: 'shown',
    title: 'the build on the host failed',
    means: 'With `buildOn: target` the host builds its own system, and the build failed. Nothing was activated.',
    next: 'Fix the build, or build on this machine with `buildOn: operator`.',
  },
  'copy/connection-lost': {
    kind: 'copy-broke-off',
    title: 'the connection was lost while copying',
    means: 'The connection broke during the copy. Nothing was activated.',
    next: 'Check the network of the host, then apply again: what was copied is not copied again.',
  },
  'copy/failed': {
    kind: 'shown',
    title: 'the copy failed',
    means: 'Nix could not copy the system to the host. Nothing was activated.',
    next: 'Read what Nix says in the message, then apply again.',
  },
  'copy/incomplete': {
    kind: 'shown',
    title: 'the copy ended early',
    means: 'The copy reported success, and the host does not have the system. Nothing was activated.',
    next: 'Apply again. If it stays so, copy by hand with `nix copy` to see why.',
  },
  'copy/no-space': {
    kind: 'shown',
    title: 'no space left on the host',
    means: 'The disk of the host filled up during the copy. Nothing was activated.',
    next: 'Free space on the host with `nix-collect-garbage`, then apply again.',
  },
  'copy/not-trusted': {
    kind: 'shown',
    title: 'the host does not trust this login to copy',
    means: 'The Nix daemon of the host takes unsigned store paths from trusted users only.',
    next: 'Add the login to `nix.settings.trusted-users` of the host, or sign the paths with a key that the host trusts.',
  },
  'copy/protocol': {
    kind: 'shown',
    title: 'something else than Nix answered',
    means: 'The login shell of the host prints text, which garbles the protocol of Nix.',
    next: 'Run `ssh HOST true`: it must print nothing. Remove what the shell prints from its start-up files.',
  },
  'activate/aborted': {
    kind: 'shown',
    title: 'interrupted',
    means: 'The run was interrupted during the activation. Unless it was confirmed, the host rolls back by itself.',
    next: 'Look at the host with `fleet status`, then apply again.',
  },
  'activate/converged': {
    kind: 'shown',
    title: 'the host is up to date',
    means: 'Another run brought the host to the planned system first. Nothing was done.',
    next: 'Nothing has to be done.',
  },
  'activate/done': {
    kind: 'shown',
    title: 'the engine reported success',
    means: 'The engine says that it activated the system, and the host does not run it.',
    next: 'Look at the host with `fleet status` and at its log: `fleet history RUN`.',
  },
  'activate/failed': {
    kind: 'shown',
    title: 'activation failed',
    means:
      'The activation script of the new system ended with an error. fleet rolls the host back, unless `activation.autoRollback` is off.',
    next: 'Read the output of the host in its log: `fleet history RUN`. Fix the configuration and plan again.',
  },
  'activate/forgotten': {
    kind: 'shown',
    title: 'the host has no record of the activation',
    means:
      'The connection broke after the activation was started, and the host has no trace of it. It may have rebooted.',
    next: 'Look at the host with `fleet status`, then plan again.',
  },
  'activate/half-way': {
    kind: 'shown',
    title: 'the engine reported success, but the host does not run its planned system',
    means: 'The running system and the system profile do not belong together. fleet rolls the host back where it may.',
    next: 'Look at the host with `fleet status`. Applying a plan again repairs it.',
  },
  'activate/locked': {
    kind: 'shown',
    title: 'another activation is running on the host',
    means:
      'Another activation runs on the host at this moment, by fleet, deploy-rs or nixos-rebuild. Nothing was changed.',
    next: 'Wait for its end, then apply again.',
  },
  'activate/needs-reboot': {
    kind: 'shown',
    title: 'the system cannot be activated while the host runs',
    means: 'NixOS refuses to switch to this system while the host runs.',
    next: 'Set `mode: boot` for the host, apply, and reboot it.',
  },
  'activate/no-place': {
    kind: 'shown',
    title: 'the host does not say what it runs',
    means: 'nixos-rebuild could not be guarded, because the answer of the host was cut short. Nothing was changed.',
    next: 'Apply again.',
  },
  'activate/rollback-failed': {
    kind: 'shown',
    title: 'the automatic rollback failed',
    means: 'The activation failed or was not confirmed, and the host could not roll back by itself.',
    next: 'Look at this host first: `fleet status --on HOST`, and its console if it is unreachable.',
  },
  'activate/over-rollback': {
    kind: 'shown',
    title: 'deploy-rs rolled back too far',
    means:
      'deploy-rs rolled the host back to an older generation than the one that ran before. fleet then rolls it back to the system that it ran before the change.',
    next: 'Check the host with `fleet status`.',
  },
  'activate/overtaken': {
    kind: 'shown',
    title: 'the host was changed outside this run',
    means:
      'During the run another system was activated on the host, by another tool or by hand. fleet leaves it as it is.',
    next: 'Find out who changed it, then plan again.',
  },
  'activate/profile': {
    kind: 'shown',
    title: 'the profile could not be set',
    means: 'The host could not set its system profile, for example because the disk is full.',
    next: 'Read the output of the host in its log, fix it on the host, and apply again.',
  },
  'activate/raced': {
    kind: 'shown',
    title: 'the system profile was changed outside this run',
    means:
      'The host runs its planned system, but the system profile was changed during the run, by another tool or by hand. fleet leaves it as it is.',
    next: 'Find out who changed it, then plan again.',
  },
  'activate/stale': {
    kind: 'shown',
    title: 'the host changed since the plan',
    means: 'Just before the activation the host ran another system than expected. Nothing was changed.',
    next: 'Plan again.',
  },
  'activate/timed-out': {
    kind: 'shown',
    title: 'the activation took too long',
    means: 'The activation did not end within `activation.timeout`, and was ended on the host.',
    next: 'Look for a unit that hangs in the log of the host. If the activation needs longer, raise `activation.timeout`.',
  },
  'activate/unconfirmed': {
    kind: 'shown',
    title: 'activation not confirmed',
    means:
      'No new connection reached the host within `activation.confirmTimeout` after the activation, so the host rolled back by itself. The new system may have cut off ssh or the network.',
    next: 'Look for changes of the network, the firewall and sshd in the plan. If the host only needs longer, raise `activation.confirmTimeout`.',
  },
  'activate/user-units-failed': {
    kind: 'shown',
    title: 'the units of a user failed during activation',
    means:
      'The system itself was activated. The manager of a user who is logged in or lingers, or a unit of theirs, failed, for which NixOS ends with 4 as for a unit of the system.',
    next: 'Run `systemctl --user --failed` as that user on the host. Repair it, or let them log out, and plan again.',
  },
  'activate/units-failed': {
    kind: 'shown',
    title: 'units failed during activation',
    means:
      'The system was activated, and units did not start. fleet rolls the host back, unless `activation.autoRollback` is off.',
    next: 'Look at the units on the host: `journalctl -u UNIT`. Fix the configuration and plan again.',
  },
  'activate/rolled-back': {
    kind: 'shown',
    title: 'the engine reported success, but the host runs its previous system',
    means: 'The engine reported success, but the host runs its previous system: it rolled back by itself.',
    next: 'Read the output of the host in its log: `fleet history RUN`.',
  },
  'nixos-rebuild/differs': {
    kind: 'shown',
    title: 'nixos-rebuild would deploy another system',
    means: 'nixos-rebuild evaluates the flake again, and the result is not the planned system. Nothing was changed.',
    next: 'Plan again from a clean tree, or use `engine: nix`, which deploys exactly what was planned.',
  },
  'nixos-rebuild/missing': {
    kind: 'shown',
    title: 'nixos-rebuild could not be started',
    means: 'There is no `nixos-rebuild` on PATH of this machine.',
    next: 'Install it, or use `engine: nix` or `engine: deploy-rs`.',
  },
  'nixos-rebuild/no-source': {
    kind: 'shown',
    title: 'no source to rebuild from',
    means: 'nixos-rebuild evaluates a flake, and the plan names only a store path.',
    next: 'Use `engine: nix` for the host.',
  },
  'nixos-rebuild/sudo': {
    kind: 'shown',
    title: 'nixos-rebuild becomes root with sudo only',
    means: 'The host has another `sudo` setting than `auto`, which nixos-rebuild cannot use.',
    next: 'Set `sudo: auto` for the host, or use another engine.',
  },
  'nixos-rebuild/unknown': {
    kind: 'shown',
    title: 'the options of this nixos-rebuild are unknown',
    means:
      'Its `--help` names neither `--sudo` nor `--use-remote-sudo`, so fleet does not know how to call it. Its help needs `man`.',
    next: 'Install `man`, or use `engine: nix`.',
  },
} satisfies Entries
