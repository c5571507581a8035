import type { Entries } from './consequences.ts'

/** What stops a host's change or its rollback, and locks. */
export const hostCodes = {
  'lock/aborted': {
    kind: 'shown',
    title: 'interrupted',
    means: 'The command was interrupted while it waited for a lock.',
    next: 'Run the command again.',
  },
  'lock/failed': {
    kind: 'shown',
    title: 'the lock could not be taken',
    means: 'The program that holds the lock could not be started on the host.',
    next: 'Read what it says in the message, fix it there, and run the command again.',
  },
  'lock/held': {
    kind: 'held',
    title: 'locked by another run',
    means:
      'Another run holds the lock of the host or of the fleet, and did not release it within `--lock-timeout`. Nothing was changed.',
    next: 'Wait for that run. If it is dead, remove the lock with `fleet unlock ID`.',
  },
  'lock/not-encrypted': {
    kind: 'shown',
    title: 'the password would be readable on the way',
    means:
      'There is a password for the lock server, and `lock.http` starts with http://, so every network on the way could read it. Nothing was sent. Only a server on this machine (localhost, 127.0.0.0/8, ::1) may be used without encryption.',
    next: 'Use https:// in `lock.http`, or remove FLEET_LOCK_USERNAME and FLEET_LOCK_PASSWORD where the server needs none.',
  },
  'lock/not-released': {
    kind: 'shown',
    title: 'the fleet lock may not have been released',
    means:
      'The lock server did not confirm that it released the lock of this run, or it may have granted a lock whose answer never came. Such a lock never expires.',
    next: 'Look with `fleet unlock`, and remove it with `fleet unlock ID`.',
  },
  'lock/server': {
    kind: 'shown',
    title: 'lock server failed',
    means: 'The lock server did not answer, or its answer means neither free nor held.',
    next: 'Look at the log of the lock server, and check the URL of `lock.http`. Then run the command again.',
  },
  'lock/unprotected': {
    kind: 'shown',
    title: 'store paths could not be protected',
    means:
      'The host could not protect the store paths of a rollback from garbage collection. fleet does not change a host that it could not roll back.',
    next: 'Check that root can write /nix/var/nix/gcroots on the host, then apply again.',
  },
  'lock/refused': {
    kind: 'shown',
    title: 'lock server denied access',
    means: 'The lock server refused the user or the password.',
    next: 'Set FLEET_LOCK_USERNAME and FLEET_LOCK_PASSWORD, or correct the URL of `lock.http`.',
  },
  'lock/sudo': {
    kind: 'shown',
    title: 'sudo refuses this login',
    means: 'The lock of a host is held by root, and sudo wants a password or does not allow the login.',
    next: 'Let the login use sudo without a password, or set `ssh.user: root`.',
  },
  'preflight/activating': {
    kind: 'shown',
    title: 'an activation is already running',
    means: 'Another run or another tool is changing the host, and did not end in time. This run changed nothing.',
    next: 'Look at the host with `fleet status`, wait, and apply again.',
  },
  'preflight/clock-skew': {
    kind: 'shown',
    title: 'the clock of the host is wrong',
    means:
      'The clocks of the host and of this machine differ. Ages count by the clock of the host, and certificates may be refused.',
    next: 'Set up time synchronisation on the host.',
  },
  'preflight/hostname': {
    kind: 'shown',
    title: 'hostname is "NAME", expected "NAME"',
    means:
      'The host answers another host name than the plan expects (`expectHostname`, or else `networking.hostName` of its configuration). Nothing was changed.',
    next: 'Correct `address` in fleet.yaml. Where the host is right and is being renamed, write its present name as `expectHostname`.',
  },
  'preflight/missing-path': {
    kind: 'shown',
    title: 'its store no longer has PATH',
    means:
      'The host no longer has the system to roll back to: it was collected as garbage. fleet does not change a host that it could not roll back.',
    next: 'Deploy the configuration of that time instead, or plan again.',
  },
  'preflight/no-space': {
    kind: 'shown',
    title: 'not enough space on PATH',
    means: 'The new system does not fit on /nix or /boot of the host. Nothing was changed.',
    next: 'Collect garbage on the host with `nix-collect-garbage`, then apply again.',
  },
  'preflight/other-machine': {
    kind: 'shown',
    title: 'the host is another machine than the plan saw',
    means: 'The machine id is not the one of the plan. Nothing was changed.',
    next: 'Check that the address is right, then plan again.',
  },
  'preflight/platform': {
    kind: 'shown',
    title: 'the host is PLATFORM, but its configuration is for PLATFORM',
    means: 'The configuration is for another platform than the host. Nothing was changed.',
    next: 'Correct the platform of the configuration, or the address of the host.',
  },
  'preflight/sudo': {
    kind: 'shown',
    title: 'sudo needs a password',
    means: 'The login cannot become root without a password. Nothing was changed.',
    next: 'Let the login use sudo without a password, or set `ssh.user: root`.',
  },
  'reboot/failed': {
    kind: 'shown',
    title: 'the reboot failed',
    means:
      'The host did not reboot into the planned system, for an unknown reason. Its profile holds the planned system.',
    next: 'Look at the host on its console.',
  },
  'reboot/held-back': {
    kind: 'shown',
    title: 'not rebooted, because HOST failed its reboot',
    means:
      'Another host of the wave failed its reboot, and the wave halts for that. A system that one host does not boot is tried on no other: this host keeps running, with its reboot pending.',
    next: 'Look at the host that failed. Then reboot this one, or return it to its old system with `fleet rollback`.',
  },
  'reboot/no-boot-id': {
    kind: 'shown',
    title: 'the host reports no boot id',
    means: 'The host gives no boot id, so fleet could not see whether it rebooted. fleet did not reboot it.',
    next: 'Reboot the host yourself.',
  },
  'reboot/no-return': {
    kind: 'shown',
    title: 'the host did not come back after its reboot',
    means: 'The host did not answer within the time that fleet waits after a reboot.',
    next: 'Look at the host on its console. An older generation can be chosen in its boot menu.',
  },
  'reboot/not-started': {
    kind: 'shown',
    title: 'the host did not reboot',
    means: 'The reboot command was sent, but the host still runs the same boot.',
    next: 'Look at the host for what blocks the reboot: `systemd-inhibit --list`.',
  },
  'reboot/other-system': {
    kind: 'shown',
    title: 'the host booted another system',
    means:
      'After the reboot the host runs another system than the planned one. The boot menu or the boot loader chose another generation.',
    next: 'Look at the boot loader of the host, then plan again.',
  },
  'reboot/plan': {
    kind: 'shown',
    title: 'reboots, and changes nothing else',
    means: 'The plan was made by `fleet reboot`: each host boots what its system profile holds.',
    next: 'Nothing: this is information.',
  },
  'reboot/refused': {
    kind: 'shown',
    title: 'the host refused to reboot',
    means: '`systemctl reboot` failed on the host.',
    next: 'Look at what blocks it: `systemd-inhibit --list`. Then reboot the host yourself.',
  },
  'reboot/unreachable': {
    kind: 'shown',
    title: 'the host does not say what it has booted',
    means: '`fleet reboot` asks each host what it has booted, and this one did not answer. Nothing was rebooted.',
    next: 'Leave the host out with `--on`, or set `onUnreachable: skip` for it.',
  },
  'verify/activating': {
    kind: 'shown',
    title: 'an activation is still running on the host',
    means: 'The activation did not end in the time that fleet waits for it, so the state of the host is unknown.',
    next: 'Look at the host with `fleet status` until the activation has ended.',
  },
  'roll-back/failed': {
    kind: 'rollback-failed',
    title: 'rollback failed',
    means: 'fleet tried to roll the host back, and it does not run its previous system. The run stops.',
    next: 'Look at this host first: `fleet status --on HOST` shows what it runs, `fleet history RUN` its log.',
  },
  'roll-back/locked': {
    kind: 'rollback-prevented',
    title: 'the host lock could not be taken again',
    means: 'fleet lost the lock of the host and could not take it again, so it did not roll the host back.',
    next: 'Look at who works on the host, then roll it back with `fleet rollback --on HOST`.',
  },
  'roll-back/changed': {
    kind: 'rollback-prevented',
    title: 'the host was changed outside this run',
    means:
      'Since this run changed the host, another system was deployed to it, by another tool or by hand. fleet did not roll the host back, and leaves it as it is.',
    next: 'Find out who did it. Then plan again.',
  },
  'roll-back/not-started': {
    kind: 'rollback-not-started',
    title: 'the rollback was not started',
    means:
      'The host still runs the new system. The reason is in the message: the run was interrupted, or another rollback had failed.',
    next: 'Roll it back with `fleet rollback --on HOST`, or fix it and plan again.',
  },
  'roll-back/unhealthy': {
    kind: 'rollback-failed',
    title: 'rolled back to PATH (verified), but check NAME fails there too',
    means:
      'The host runs its previous system again, and a check fails there too. Something else is wrong. The run stops.',
    next: 'Look at this host first, at what the check says.',
  },
  'unlock/activating': {
    kind: 'shown',
    title: 'an activation is running',
    means:
      'The lock is kept while an activation runs on the host, because the next run would find the host in the middle of a change.',
    next: 'Wait until it ends: `fleet status` shows it.',
  },
  'unlock/failed': {
    kind: 'shown',
    title: 'the lock could not be removed',
    means: 'The host or the lock server did not remove the lock.',
    next: 'Read the reason in the message. The lock of a host ends with its holder or with a reboot.',
  },
  'unlock/not-read': {
    kind: 'shown',
    title: 'a lock could not be read',
    means: 'A host or the lock server did not answer, so it is unknown whether it holds the lock.',
    next: 'Run the command again when it answers.',
  },
  'unlock/not-found': {
    kind: 'shown',
    title: 'no lock has that id',
    means: 'No lock of this id is held. The locks of hosts end with their holders.',
    next: 'Nothing has to be done. The message lists the locks that are held.',
  },
} satisfies Entries
