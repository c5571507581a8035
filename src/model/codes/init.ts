import type { Entries } from './consequences.ts'

/** What can keep `fleet init` from writing a fleet.yaml. */
export const initCodes = {
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
} as const satisfies Entries
