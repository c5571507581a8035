import type { Entries } from './consequences.ts'

/** What only deploy-rs can end with, and why it cannot deploy a host. */
export const deployRsCodes = {
  'deploy-rs/aborted': {
    kind: 'shown',
    title: 'interrupted',
    means: 'The run was interrupted before `deploy` was started.',
    next: 'Apply again.',
  },
  'deploy-rs/cancelled': {
    kind: 'shown',
    title: 'deploy asked a question that fleet cannot answer',
    means: '`deploy` wanted an answer from a person, and fleet answers none. Nothing was activated.',
    next: 'Run `deploy` by hand to see the question, then remove its cause.',
  },
  'deploy-rs/check': {
    kind: 'shown',
    title: 'the checks of the flake failed',
    means: '`deploy` runs the checks of the flake first, and one failed. Nothing was activated.',
    next: 'Run `nix flake check`, fix it, and plan again.',
  },
  'deploy-rs/crashed': {
    kind: 'shown',
    title: 'deploy crashed',
    means: 'The program `deploy` on this machine crashed.',
    next: 'Read its output in the log of the host. `fleet status` shows what the host runs.',
  },
  'deploy-rs/evaluation': {
    kind: 'shown',
    title: 'deploy-rs could not read the flake that fleet generated for it',
    means: '`deploy` did not understand the small flake that fleet writes for it. Nothing was activated.',
    next: 'Use another version of deploy-rs, or `engine: nix`.',
  },
  'deploy-rs/failed': {
    kind: 'shown',
    title: 'deploy failed',
    means: '`deploy` failed for a reason that fleet does not know.',
    next: 'Read its output in the log of the host: `fleet history RUN`.',
  },
  'deploy-rs/first': {
    kind: 'shown',
    title: 'first deploy-rs deployment: automatic rollback impossible',
    means:
      'The running system has no script of deploy-rs to roll back with. If the activation breaks the network, the host keeps the new system.',
    next: 'Have console access at hand for this run.',
  },
  'deploy-rs/hostname': {
    kind: 'deploy-rs-unusable',
    title: 'deploy.nodes and fleet.yaml name different machines',
    means:
      'The `hostname` of the node in the flake is none of the addresses of the host. One of the two would be deployed by mistake.',
    next: 'Make them agree.',
  },
  'deploy-rs/inotify': {
    kind: 'shown',
    title: 'the host is out of file watches',
    means: 'deploy-rs waits for its confirmation with inotify, and the limit of the host is reached.',
    next: 'Raise `fs.inotify.max_user_watches` and `max_user_instances` on the host.',
  },
  'deploy-rs/interactive-sudo': {
    kind: 'deploy-rs-unusable',
    title: 'interactiveSudo would ask for a password',
    means: 'fleet deploys many hosts in parallel and types no password.',
    next: 'Let the login use sudo without a password, and set `interactiveSudo` to false.',
  },
  'deploy-rs/missing': {
    kind: 'shown',
    title: 'deploy could not be started',
    means: 'There is no `deploy` on PATH of this machine.',
    next: 'Put deploy-rs on PATH, or set `engine: nix`, which needs nothing more.',
  },
  'deploy-rs/mode': {
    kind: 'deploy-rs-unusable',
    title: 'deploy-rs cannot activate without setting the profile',
    means: '`mode: test` does not work with deploy-rs.',
    next: 'Use `engine: nix`, or another mode.',
  },
  'deploy-rs/no-derivation': {
    kind: 'deploy-rs-unusable',
    title: 'the profile is no derivation',
    means: 'The `path` of the profile in deploy.nodes is a plain path, so fleet cannot see what it is built from.',
    next: 'Make the path from the configuration with `deploy-rs.lib`.',
  },
  'deploy-rs/no-deriver': {
    kind: 'shown',
    title: 'the derivation of the profile is not on this machine',
    means: 'The store of this machine does not know which derivation made the profile. Nothing was activated.',
    next: 'Plan again.',
  },
  'deploy-rs/no-flakes': {
    kind: 'shown',
    title: 'Nix has flakes disabled',
    means: '`deploy` needs the experimental features `nix-command` and `flakes`.',
    next: 'Enable both in nix.conf.',
  },
  'deploy-rs/no-node': {
    kind: 'deploy-rs-unusable',
    title: 'deploy.nodes lacks the host',
    means: 'The flake has deploy.nodes, and none has the name of the host.',
    next: 'Add the node, name it with `deployRs.node`, or set `engine: nix`.',
  },
  'deploy-rs/no-nodes': {
    kind: 'deploy-rs-unusable',
    title: 'the flake has no deploy.nodes',
    means: '`engine: deploy-rs` needs `deploy.nodes` in the flake, or a deploy-rs flake to wrap with.',
    next: 'Write deploy.nodes, name `deployRs.flake`, or set `engine: nix`.',
  },
  'deploy-rs/no-profile': {
    kind: 'deploy-rs-unusable',
    title: 'the node lacks the profile',
    means: 'The node in the flake has no profile of this name.',
    next: 'Add it, or name another with `deployRs.profile`.',
  },
  'deploy-rs/no-script': {
    kind: 'shown',
    title: 'the profile has no activation script of deploy-rs',
    means: 'The profile was not made with `deploy-rs.lib`. Nothing was activated.',
    next: 'Make the profile with `deploy-rs.lib.SYSTEM.activate.nixos`.',
  },
  'deploy-rs/not-planned': {
    kind: 'deploy-rs-unusable',
    title: 'the plan holds no profile for deploy-rs',
    means: 'The plan was made while the host had another engine.',
    next: 'Plan again, or set `engine: nix`.',
  },
  'deploy-rs/not-ready': {
    kind: 'shown',
    title: 'the host could not be made ready',
    means: 'Before `deploy` starts, fleet prepares the host, and that failed. Nothing was changed.',
    next: 'Read the output in the message and fix it on the host.',
  },
  'deploy-rs/not-run': {
    kind: 'shown',
    title: 'the host could not run the program of the profile',
    means: 'The host could not start the activation program of deploy-rs: it is missing, or for another platform.',
    next: 'Check the platform of the configuration.',
  },
  'deploy-rs/other-nix': {
    kind: 'shown',
    title: 'deploy-rs does not understand this Nix',
    means: 'This deploy-rs cannot read the answer of the Nix on this machine. Nothing was activated.',
    next: 'Use a newer deploy-rs, an older Nix, or `engine: nix`.',
  },
  'deploy-rs/other-path': {
    kind: 'shown',
    title: 'deploy-rs would have deployed something else',
    means: '`deploy` announced another store path than the planned one, and fleet ended it.',
    next: 'Plan again. If it stays so, check that deploy.nodes is made from the same configuration.',
  },
  'deploy-rs/other-program': {
    kind: 'shown',
    title: 'the program deploy is not deploy-rs',
    means: 'Another program named `deploy` comes first on PATH.',
    next: 'Put deploy-rs first on PATH, or set `engine: nix`.',
  },
  'deploy-rs/other-system': {
    kind: 'deploy-rs-unusable',
    title: 'deploy-rs would deploy another system',
    means: 'The profile in deploy.nodes is not built from the configuration that fleet plans.',
    next: 'Make the profile from the same configuration.',
  },
  'deploy-rs/panic': {
    kind: 'shown',
    title: 'the program of deploy-rs on the host crashed',
    means: 'The activation program of deploy-rs crashed on the host.',
    next: 'Look at the host with `fleet status`, and at its log.',
  },
  'deploy-rs/profile-name': {
    kind: 'deploy-rs-unusable',
    title: 'the profile is not called system',
    means: 'deploy-rs activates a NixOS profile of another name, and the host loses it at the next reboot.',
    next: 'Call the profile `system`.',
  },
  'deploy-rs/profile-path': {
    kind: 'deploy-rs-unusable',
    title: 'the profile is not the system profile',
    means: 'The node sets a `profilePath` of its own, so the host would not boot what was deployed.',
    next: 'Remove `profilePath`.',
  },
  'deploy-rs/settings': {
    kind: 'shown',
    title: 'fleet.yaml and deploy.nodes disagree',
    means:
      'The node in the flake sets other time-outs or rollback settings than fleet.yaml. fleet uses those of fleet.yaml.',
    next: 'Write the wanted values under `activation` in fleet.yaml.',
  },
  'deploy-rs/sign': {
    kind: 'shown',
    title: 'the profile could not be signed',
    means: '`deploy` signs with the key of LOCAL_KEY, and that failed. Nothing was activated.',
    next: 'Check the file that LOCAL_KEY names, or unset it.',
  },
  'deploy-rs/old-failures': {
    kind: 'shown',
    title: 'deploy-rs rolled back because of units that had failed before',
    means:
      'switch-to-configuration names every failed unit, also those that had failed before. No other unit failed, but deploy-rs takes that for a failed activation and rolled the host back.',
    next: 'Repair the units, or set `activation.autoRollback: false` or `engine: nix` for the host.',
  },
  'deploy-rs/other-profiles': {
    kind: 'shown',
    title: 'the node’s other profiles are not deployed',
    means: 'The node in `deploy.nodes` has profiles beside the system. fleet deploys the system alone.',
    next: 'Deploy them with `deploy` by hand, after fleet.',
  },
  'deploy-rs/ssh-options': {
    kind: 'shown',
    title: 'some of the node’s sshOpts are not used',
    means: 'fleet gives deploy-rs an ssh_config, which cannot hold these options.',
    next: 'Write what the host needs under `ssh` in fleet.yaml.',
  },
  'deploy-rs/temp-path': {
    kind: 'shown',
    title: 'the host has no directory for the confirmation',
    means: 'The directory in which deploy-rs waits for its confirmation is not there or cannot be written.',
    next: 'Check `tempPath` of the node, and that /tmp of the host is writable.',
  },
  'deploy-rs/unfit-nix': {
    kind: 'shown',
    title: 'this deploy-rs does not work with this Nix',
    means: 'These two versions are known not to work together.',
    next: 'Use another deploy-rs, an older Nix, or `engine: nix`.',
  },
  'deploy-rs/usage': {
    kind: 'shown',
    title: 'deploy rejected its command line',
    means: 'This version of deploy-rs does not know an option that fleet uses.',
    next: 'Use another version of deploy-rs, or `engine: nix`.',
  },
  'deploy-rs/user': {
    kind: 'deploy-rs-unusable',
    title: 'the profile does not belong to root',
    means: 'A NixOS system is activated by root, and the node names another `user`.',
    next: 'Set `user` of the profile to root.',
  },
  'deploy-rs/watch': {
    kind: 'shown',
    title: 'the host could not watch for the confirmation',
    means: 'deploy-rs on the host could not wait for its confirmation, and rolled back.',
    next: 'Read its output in the log of the host.',
  },
  'deploy-rs/wrapper-only': {
    kind: 'shown',
    title: 'only deploy-rs’s wrapper around the system differs',
    means:
      'The host runs its planned system; only the wrapper that deploy-rs puts around it differs. Nothing is deployed for that alone.',
    next: 'Nothing has to be done.',
  },
} satisfies Entries
