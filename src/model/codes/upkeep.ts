import type { Entries } from './consequences.ts'

/** What the commands of daily upkeep say: `fleet diff`. */
export const upkeepCodes = {
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
} satisfies Entries
