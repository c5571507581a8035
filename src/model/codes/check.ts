import type { Entries } from './consequences.ts'

/** What a check can end with, and what can be wrong with one. */
export const checkCodes = {
  'check/aborted': {
    kind: 'unchecked',
    title: 'the checks were interrupted',
    means: 'The run was interrupted while it ran the checks. What the host runs is verified, its health is unknown.',
    next: 'Run the checks with `fleet check --on HOST`.',
  },
  'check/no-result-before': {
    kind: 'shown',
    title: 'check NAME gave no result',
    means: 'A check could not be run on the host as it is now, before any change.',
    next: 'Run it with `fleet check --on HOST` and fix what it says.',
  },
  'check/failed-before': {
    kind: 'shown',
    title: 'check NAME fails before the change',
    means: 'The check fails before the change, so it does not fail the host after it.',
    next: 'Fix the host first, if the check matters for this change.',
  },
  'check/no-result': {
    kind: 'no-result',
    title: 'check NAME gave no result',
    means:
      'A check could not be run to its end, so the health of the host is unknown. It fails no host, and pauses the wave.',
    next: 'Fix the check or what it needs, look with `fleet check`, and apply the plan again.',
  },
  'check/missing-module': {
    kind: 'shown',
    title: 'the module of a check is missing',
    means: 'The file that `module` names cannot be read. A path starts at the directory of fleet.yaml.',
    next: 'Correct the path.',
  },
  'check/missing-program': {
    kind: 'shown',
    title: 'the program of a check is missing',
    means:
      'The program is not on this machine or may not be run. A name with a slash starts at fleet.yaml, one without is looked for on PATH.',
    next: 'Install the program, or correct the name.',
  },
  'check/no-answer': {
    kind: 'shown',
    title: 'the answer was cut short',
    means: 'The session with the host ended before the check had answered.',
    next: 'Run `fleet check --on HOST` to see whether it stays so.',
  },
  'check/no-tools': {
    kind: 'shown',
    title: 'the host lacks a program',
    means: 'The check needs a program on the host that is not there.',
    next: 'Install it on the host, or use another check.',
  },
  'check/precondition': {
    kind: 'unhealthy',
    title: 'precondition check NAME failed',
    means: 'A check with `precondition: true` fails, so the host is not changed.',
    next: 'Fix what the check says, then apply again.',
  },
  'check/unhealthy': {
    kind: 'unhealthy',
    title: 'check NAME failed',
    means: 'The check failed after the change, until its deadline. fleet rolls the host back according to `rollback`.',
    next: 'Read what the check says. Fix the configuration and plan again.',
  },
  'check/no-result-anywhere': {
    kind: 'shown',
    title: 'a check gave no result on any host',
    means:
      'The check gave no result on several hosts, which says more of the check than of the hosts. Nothing was rolled back for it.',
    next: 'Fix the check or what it needs, then apply the plan again.',
  },
  'check/rolled-back': {
    kind: 'unhealthy',
    title: 'it was healthy, then rolled back by itself',
    means: 'The host was healthy, and then runs its previous system again. The confirmation may not have reached it.',
    next: 'Read its log: `fleet history RUN`. Then apply again.',
  },
} satisfies Entries

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
