import type { Entries } from './consequences.ts'

/** What can keep a command of `fleet exec` from its end. */
export const execCodes = {
  'exec/cut-short': {
    kind: 'shown',
    title: 'the session ended before the command',
    means:
      'The connection stood, and ended before the host said how the command ended. The host ends the command together with its connection.',
    next: 'Look at the host with `fleet status --on HOST`, then run the command again. One that ends its own connection, such as a reboot, always ends so.',
  },
  'exec/no-root': {
    kind: 'shown',
    title: 'the login may not act as root',
    means: 'The program of the `sudo` setting asks the login for a password, refuses it, or is not on the host.',
    next: 'Let the login become root without a password, set `sudo` for the host, or leave `--sudo` out.',
  },
  'exec/script': {
    kind: 'shown',
    title: 'the script cannot be sent',
    means:
      'The file of `--script` cannot be read, holds a NUL character, or names an interpreter that fleet cannot hand it to.',
    next: 'Name another file, or the program that reads it: `fleet exec --script FILE -- python3 -`.',
  },
} satisfies Entries
