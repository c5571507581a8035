import type { Entries } from './consequences.ts'

/** What can be wrong with a command line. */
export const usageCodes = {
  'usage/bad-operand': {
    kind: 'shown',
    title: 'not something to compare',
    means:
      '`fleet diff` takes a host (`web-1`), a generation of it (`web-1@41`, `web-1@booted`, `web-1@profile`), a revision (`main#web-1`) or a store path, and the host must be in fleet.yaml.',
    next: 'Correct the operand. Beside a store path, the second operand cannot be left out.',
  },
  'usage/disabled-host': {
    kind: 'shown',
    title: 'the host is disabled',
    means:
      'The selection names a host that has `enabled: false`. It is in no wave, and is never planned, checked or deployed.',
    next: 'Enable the host in fleet.yaml, or select others.',
  },
  'usage/no-approval': {
    kind: 'shown',
    title: 'confirmation is not possible',
    means: 'The command changes hosts and needs confirmation, and its input or output is no terminal.',
    next: 'Apply a saved plan, or pass `--auto-approve`.',
  },
  'usage/no-names': {
    kind: 'shown',
    title: 'no names on standard input',
    means: '`--on -` takes the hosts from standard input, which names none or cannot be read.',
    next: 'Pipe names or selectors in, one a line, or name the hosts with `--on`.',
  },
  'usage/not-selected': {
    kind: 'shown',
    title: 'a host that is not selected',
    means: '`--force-stale` or `--reactivate` names a host that this run does not touch.',
    next: 'Name a selected host, or widen the selection.',
  },
  'usage/nothing-selected': {
    kind: 'shown',
    title: 'nothing is selected',
    means: 'No host is in both the waves of `--wave` and the hosts of `--on`.',
    next: 'Change one of the two.',
  },
  'usage/unknown-code': {
    kind: 'shown',
    title: 'no such code',
    means:
      '`fleet explain` takes a code such as `ssh/no-answer`, as a message has it in brackets. This version has no code of this name.',
    next: 'Check the spelling. docs/reference/messages.md lists all codes.',
  },
  'usage/unknown-host': {
    kind: 'shown',
    title: 'no such host',
    means: 'fleet.yaml has no host of this name.',
    next: 'Use one of the names that the message lists.',
  },
  'usage/unknown-run': {
    kind: 'shown',
    title: 'no such run',
    means: 'No run of this name is recorded in the state directory, or the end of a name fits several.',
    next: 'Look at the names with `fleet history`, or name the state directory with `--state-dir`.',
  },
  'usage/unknown-wave': {
    kind: 'shown',
    title: 'no such wave',
    means: 'The fleet has no wave of this name.',
    next: 'Use one of the names that the message lists.',
  },
} satisfies Entries
