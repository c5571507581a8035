import type { Entries } from './consequences.ts'

/** Notes of a plan and of `fleet status`, and what can be wrong with a plan file. */
export const planCodes = {
  'plan/not-signed': {
    kind: 'shown',
    title: 'the plan could not be signed',
    means:
      '`ssh-keygen` could not sign the plan with the key of `--sign-with`. The plan file is there, without a signature.',
    next: 'Name a private key without a passphrase, or the .pub file of one that ssh-agent holds.',
  },
  'plan/signature': {
    kind: 'refused',
    title: 'the plan is not signed by an allowed signer',
    means:
      '`--require-signature` was given, and the .sig file beside the plan is missing, belongs to another text, or is by a key that the file of allowed signers does not have.',
    next: 'Plan again with `--sign-with KEY`, or add the signer to the file.',
  },
  'plan/sealed': {
    kind: 'shown',
    title: 'evaluated as a stranger’s flake',
    means:
      'With `--offline --base` fleet treats the flake as written by a stranger: Nix ignores its nixConfig, lets it build nothing while it is evaluated, fetches only what its flake.lock names, and nothing from this machine.',
    next: 'Nothing. If the flake needs to build while it is evaluated, pass `--allow-import-from-derivation`.',
  },
  'plan/boots-instead': {
    kind: 'shown',
    title: 'activated at the next boot',
    means: 'NixOS refuses to switch because a switch inhibitor changes. The system is set for the next boot instead.',
    next: 'Reboot the host after the change, or set `reboot: when-needed`.',
  },
  'plan/leaves-specialisation': {
    kind: 'shown',
    title: 'the change takes the host out of its specialisation NAME',
    means:
      'The host runs a specialisation of its system. fleet activates the planned system itself, not a specialisation of it.',
    next: 'Leave the host out with `--on`, or activate the specialisation again after the change.',
  },
  'plan/specialisation': {
    kind: 'shown',
    title: 'runs specialisation NAME of its planned system, and is left in it',
    means: 'The host runs a specialisation of the system that is planned. It is up to date and is left in it.',
    next: 'Nothing to do.',
  },
  'plan/inhibited': {
    kind: 'shown',
    title: 'the host cannot switch while running',
    means: 'NixOS refuses to switch because a switch inhibitor changes. `fleet apply` does not start.',
    next: 'Set `onInhibitors: boot` for the host, and plan again.',
  },
  'plan/base': {
    kind: 'shown',
    title: 'compared with REF, not with the hosts',
    means:
      'The plan was made with `--offline --base`: it compares two revisions, and what the hosts run is unknown. It cannot be applied.',
    next: 'Plan again without these flags to make a plan for `fleet apply`.',
  },
  'plan/console': {
    kind: 'shown',
    title: 'a note of the host',
    means: 'The `note` of the host in fleet.yaml, shown because the host is in trouble.',
    next: 'Do as the note says.',
  },
  'plan/damaged': {
    kind: 'shown',
    title: 'a damaged plan file',
    means: 'The file is not a whole plan. It was edited, or is cut off.',
    next: 'Plan again.',
  },
  'plan/evaluation-warning': {
    kind: 'shown',
    title: 'a warning of the evaluation',
    means: 'Nix printed a warning while it evaluated the configuration.',
    next: 'Nothing has to be done now. Fix what the warning names, because it may become an error.',
  },
  'plan/failed-units': {
    kind: 'shown',
    title: 'failed units (before this change): UNITS',
    means: 'These units had failed when the host was observed. They do not fail the host after the change.',
    next: 'Look at them on the host: `systemctl --failed`.',
  },
  'plan/half-way': {
    kind: 'drifted',
    title: 'runs another system than it would boot',
    means:
      'The system was switched without setting the profile, another system was set for the next boot, or an activation was interrupted.',
    next: 'Apply a plan to bring both together, or reboot if the next boot is the wanted system.',
  },
  'plan/hostname': {
    kind: 'drifted',
    title: 'hostname is "NAME", expected "NAME"',
    means:
      'The host answers another host name than `expectHostname`, or its configuration’s `networking.hostName`, says. So the address may lead to another machine, and fleet activates nothing on it.',
    next: 'Correct `address` in fleet.yaml. Where the host is right and is being renamed, write its present name as `expectHostname`.',
  },
  'plan/not-a-plan': {
    kind: 'shown',
    title: 'not a plan file',
    means: 'The file is JSON, and no plan of fleet.',
    next: 'Name a file that `fleet plan -o FILE` wrote.',
  },
  'plan/no-root': {
    kind: 'shown',
    title: 'the login may not act as root',
    means:
      'The program of the `sudo` setting needs a password from the login, or is not on the host. fleet would refuse the host before changing anything.',
    next: 'Let the login become root without a password, set `sudo` for the host, or set `ssh.user: root`.',
  },
  'plan/not-compared': {
    kind: 'shown',
    title: 'only partly compared',
    means: 'A part of the two systems could not be compared, so the plan shows less than changes.',
    next: 'Read the reason in the message. `fleet plan --build` compares more.',
  },
  'plan/not-json': {
    kind: 'shown',
    title: 'not a plan file',
    means: 'The file is not JSON, or is cut off.',
    next: 'Name a file that `fleet plan -o FILE` wrote.',
  },
  'plan/not-saved': {
    kind: 'shown',
    title: 'the plan could not be saved',
    means: 'The file of `-o` cannot be written.',
    next: 'Name another file with `-o FILE`.',
  },
  'plan/observed': {
    kind: 'shown',
    title: 'compared with what the hosts said at TIME',
    means:
      'The plan was made with `--observed`: it compares with what the hosts said then. Each host is contacted again before it is changed.',
    next: 'Nothing has to be done. Plan without `--observed` to see what the hosts run now.',
  },
  'plan/other-format': {
    kind: 'shown',
    title: 'a plan of another format',
    means: 'Another version of fleet made the plan.',
    next: 'Plan again with this version.',
  },
  'plan/platform': {
    kind: 'shown',
    title: 'the host is PLATFORM, but its configuration is for PLATFORM',
    means:
      'The configuration is for another platform than the host, for example x86_64-linux for an aarch64-linux host. fleet activates nothing on it.',
    next: 'Correct the platform of the configuration, or the address of the host.',
  },
  'plan/reboot-pending': {
    kind: 'shown',
    title: 'reboot pending',
    means: 'The host runs its planned system, but booted with an older kernel, initrd or kernel parameters.',
    next: 'Reboot the host, or set `reboot: when-needed`.',
  },
  'plan/since': {
    kind: 'shown',
    title: 'since REF: CHANGES',
    means: 'The hosts whose system differs between the revision of `--base` and the planned one.',
    next: 'Nothing has to be done. Other changes in the plan were already in that revision and were not rolled out yet.',
  },
  'plan/tampered': {
    kind: 'shown',
    title: 'the plan was changed after it was made',
    means: 'The content of the file does not fit its plan id.',
    next: 'Plan again.',
  },
  'plan/unreachable': {
    kind: 'unreachable',
    title: 'unreachable when the plan was made',
    means: 'The plan says nothing about this host, because it did not answer then.',
    next: "Plan again while the host is on, or leave it out: `--on '!name'`, or `onUnreachable: skip` in fleet.yaml.",
  },
  'plan/unreadable': {
    kind: 'shown',
    title: 'the plan cannot be read',
    means: 'The file is not there, or this login may not read it.',
    next: 'Make one with `fleet plan -o FILE`, or correct the name.',
  },
  'drift/behind': {
    kind: 'drifted',
    title: 'no longer runs the system its last run deployed',
    means:
      'The last run deployed another system, and the host runs an older one that fleet knows. It was rolled back without fleet, or from another machine.',
    next: 'Find out who changed the host. Then apply a plan, or roll the configuration back too.',
  },
  'drift/diverged': {
    kind: 'shown',
    title: 'runs a revision that the plan does not contain',
    means: 'The host runs commits that are not in the planned revision. It was deployed from another branch.',
    next: 'Merge that branch, then plan again.',
  },
  'drift/downgrade': {
    kind: 'shown',
    title: 'the plan would deploy an older revision',
    means: 'The planned revision is an ancestor of the one that the host runs.',
    next: 'Pull, then plan again. If the older one is wanted, apply the plan.',
  },
  'drift/other-host-key': {
    kind: 'drifted',
    title: 'has another ssh host key than at its last plan',
    means: 'The key was made anew, or part of the machine was replaced.',
    next: 'Check that it is the right machine.',
  },
  'drift/other-machine': {
    kind: 'drifted',
    title: 'is another machine than at its last plan',
    means: 'The machine id changed: the host was installed anew, or the address leads to another machine.',
    next: 'Check that it is the right machine.',
  },
  'drift/self-updating': {
    kind: 'shown',
    title: 'updates itself',
    means:
      'A timer on the host deploys by itself, for example `nixos-upgrade.timer`. It may change the host between plan and apply.',
    next: 'Stop that timer, or leave the host out of fleet.',
  },
  'drift/unrecorded': {
    kind: 'drifted',
    title: 'runs a system that fleet has no record of deploying',
    means:
      'It was deployed without fleet, or from another machine with a state directory of its own. Applying the plan replaces that system.',
    next: 'Find out who deployed it, before you apply.',
  },
} satisfies Entries
