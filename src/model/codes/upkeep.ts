import type { Entries } from './consequences.ts'

/** What the commands of set-up and daily upkeep say: `fleet init`, `fleet diff`, `fleet update`. */
export const upkeepCodes = {
  'init/exists': {
    kind: 'refused',
    title: 'the file exists',
    means: '`fleet init` writes a new file, and there is one of this name.',
    next: 'Write another one with `-o FILE` and compare, or overwrite it with `--force`.',
  },
  'init/no-host-key': {
    kind: 'shown',
    title: 'the host key could not be read',
    means:
      'With `--probe` fleet reads the key of each host, without a login. This one offered none, or is behind a jump host.',
    next: 'Connect once by hand with `ssh`, compare the fingerprint on the console of the host, and write the key as `ssh.hostKey`.',
  },
  'init/no-hosts': {
    kind: 'shown',
    title: 'the flake names no host',
    means:
      'fleet.yaml is made from `deploy.nodes`, a hive of Colmena, an inventory of clan, arguments of nixinate or `nixosConfigurations`, as they evaluate. What the command names is not in the flake, or is empty.',
    next: 'Name another source with `--from`, or another flake with `--flake`.',
  },
  'init/not-written': {
    kind: 'shown',
    title: 'the file could not be written',
    means: 'The folder does not exist, is read-only, or the disk is full.',
    next: 'Name another file with `-o FILE`.',
  },
  'diff/no-generation': {
    kind: 'shown',
    title: 'the host does not have that generation',
    means: '`fleet diff` names a generation that the host does not have, or no longer has.',
    next: 'Name another one: `nix-env -p /nix/var/nix/profiles/system --list-generations` on the host lists them.',
  },
  'diff/no-system': {
    kind: 'shown',
    title: 'no NixOS system at that path',
    means: '`fleet diff` was given a path that is not a NixOS system in the store of this machine.',
    next: 'Name a system that is built on this machine, or the host that has it, as `HOST` or `HOST@GENERATION`.',
  },
  'diff/units-of-boot': {
    kind: 'shown',
    title: 'units: as where the first system has just booted',
    means:
      'The first system of a comparison does not run anywhere that fleet could ask. Its units are taken to run as after a boot.',
    next: 'Nothing to do. Only what the comparison says of units depends on it.',
  },
  'update/failed': {
    kind: 'shown',
    title: 'the inputs could not be updated',
    means: 'Nix could not lock newer versions of the inputs. flake.lock is as it was.',
    next: 'The message is that of Nix. Often the network, a token for a forge or a name is wrong.',
  },
  'update/left-over': {
    kind: 'shown',
    title: 'an earlier update was killed',
    means:
      'An earlier `fleet update` was killed before it ended, so it is unknown whether the hosts evaluate with the flake.lock that it wrote. The flake.lock from before it was kept.',
    next: 'Put the copy back with `cp`, or remove it where the flake.lock that is there is the wanted one.',
  },
  'update/no-flake': {
    kind: 'shown',
    title: 'there is no flake.nix',
    means: 'The folder that `flake` names in fleet.yaml holds no flake.nix.',
    next: 'Correct `flake` in fleet.yaml.',
  },
  'update/not-committed': {
    kind: 'shown',
    title: 'flake.lock could not be committed',
    means: 'git refused the commit of `fleet update --commit`. The new flake.lock is in place.',
    next: 'The message is that of git. Fix what it names, then commit flake.lock yourself.',
  },
  'update/not-local': {
    kind: 'shown',
    title: 'the flake is not a tree on this machine',
    means:
      'fleet.yaml names a flake that is elsewhere, or a fixed revision of one. fleet writes a flake.lock only in a working tree.',
    next: 'Update it in a clone, and push.',
  },
  'update/stops-evaluating': {
    kind: 'shown',
    title: 'the update stops hosts from evaluating',
    means: 'A host evaluates with the flake.lock from before the update, and not with the new one.',
    next: 'Fix the configuration, or put the old flake.lock back. `--revert-if-failing` does the latter by itself.',
  },
  'update/unknown-input': {
    kind: 'shown',
    title: 'no such input',
    means: 'The flake has no input of this name.',
    next: 'Use a name that the message lists; an input of an input is written `INPUT/INPUT`.',
  },
} satisfies Entries
