import type { Entries } from './consequences.ts'

/** What `fleet status` remarks of a host. */
export const statusCodes = {
  'status/not-deployed': {
    kind: 'drifted',
    title: 'does not run the system its last run was meant to deploy',
    means: 'The last run failed or was interrupted on this host, or the host was rolled back since, without fleet.',
    next: 'Look at the run with `fleet history RUN`, then plan and apply again.',
  },
  'status/activating': {
    kind: 'shown',
    title: 'an activation is running',
    means: 'The host is being changed now, by a run or by hand.',
    next: 'Wait, then look again with `fleet status`.',
  },
  'status/hostname': {
    kind: 'shown',
    title: 'hostname is "NAME", and no plan has seen this machine',
    means:
      'The host answers another host name than its name in fleet.yaml, and no plan made on this machine has seen it. Whether its configuration sets that name is not evaluated for a status.',
    next: 'Run `fleet plan`, which compares the name with `networking.hostName`. If it differs there too, check the address.',
  },
  'status/reboot-pending': {
    kind: 'shown',
    title: 'reboot pending',
    means:
      'The running system would boot with another kernel, initrd, modules or parameters than the host booted with.',
    next: 'Reboot the host when it suits.',
  },
  'status/set-for-boot': {
    kind: 'shown',
    title: 'set for the next boot',
    means: 'The last run had `mode: boot`: the host runs its old system until it reboots.',
    next: 'Reboot the host.',
  },
} satisfies Entries
