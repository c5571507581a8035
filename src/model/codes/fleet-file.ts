import type { Entries } from './consequences.ts'

/** What can be wrong with a fleet.yaml or a selector; the titles are the summaries. */
export const fleetFileCodes = {
  'config/bad-batches': {
    kind: 'shown',
    title: 'Batches decrease',
    means:
      'The figures of `batches` are running totals: each says how many hosts of the wave are done when the batch ends. A later figure is smaller than an earlier one.',
    next: 'Write the figures in growing order, for example `[1, 5, 20]`.',
  },
  'config/bad-count': {
    kind: 'shown',
    title: 'Not a count',
    means: 'The key takes a whole number or a percentage, and the value is neither.',
    next: 'Write a number such as `2`, or a percentage in quotes such as `"25%"`.',
  },
  'config/bad-duration': {
    kind: 'shown',
    title: 'Not a duration',
    means: 'The key takes a number with a unit, and the value has another form or is out of range.',
    next: 'Write for example `30s`, `5m` or `1h30m`.',
  },
  'config/bad-name': {
    kind: 'shown',
    title: 'Name not allowed',
    means:
      'Names of hosts, groups, waves, checks and variables become parts of file names and commands, so some characters are not allowed.',
    next: 'Rename it as the message says.',
  },
  'config/bad-value': {
    kind: 'shown',
    title: 'Value not allowed',
    means: 'The key takes only certain values, and this is none of them.',
    next: 'Write one of the values that the message lists.',
  },
  'config/conflicting-groups': {
    kind: 'shown',
    title: 'Groups disagree about a host',
    means: 'A host is in two groups that set different values of one key, and neither group wins over the other.',
    next: 'Set the key on the host itself, or in only one of the groups.',
  },
  'config/dependency-cycle': {
    kind: 'shown',
    title: 'Hosts wait for each other',
    means: 'The `dependsOn` keys of these hosts form a circle, so none of them could ever start.',
    next: 'Remove one dependency of the circle.',
  },
  'config/dependency-disabled': {
    kind: 'shown',
    title: 'Dependency is disabled',
    means: 'A host waits for a host with `enabled: false`, which is never deployed.',
    next: 'Enable that host, or remove it from `dependsOn`.',
  },
  'config/dependency-order': {
    kind: 'shown',
    title: 'Dependency is against the wave order',
    means: 'A host waits for a host of a later wave, and waves run in order.',
    next: 'Move one of the two hosts to another wave.',
  },
  'config/duplicate-key': {
    kind: 'shown',
    title: 'Key given twice',
    means: 'A map has the same key twice, and only one of the two values could count.',
    next: 'Remove one of the two.',
  },
  'config/duplicate-wave': {
    kind: 'shown',
    title: 'Two waves have one name',
    means: 'Waves are selected by name, so each needs its own.',
    next: 'Rename one of the waves.',
  },
  'config/empty-wave': {
    kind: 'shown',
    title: 'Wave has no hosts',
    means: 'Nothing that the wave selects is an enabled host.',
    next: 'Add hosts to the wave, or remove the wave.',
  },
  'config/gate-check': {
    kind: 'shown',
    title: 'Check cannot guard a wave',
    means: 'The check needs a host to run on, but the checks of a wave run once, on this machine.',
    next: 'Move the check to `checks` of the hosts, or use a check that needs no host.',
  },
  'config/group-cycle': {
    kind: 'shown',
    title: 'Groups contain each other',
    means: 'Groups that contain each other have no end.',
    next: 'Remove one of the groups from the other.',
  },
  'config/host-in-no-wave': {
    kind: 'shown',
    title: 'Host is in no wave',
    means: 'The host is enabled and no wave selects it, so it would never be deployed.',
    next: 'Add the host to a wave, or set `enabled: false`.',
  },
  'config/host-in-two-waves': {
    kind: 'shown',
    title: 'Host is in two waves',
    means: 'A host is deployed once in a run, so it belongs to exactly one wave.',
    next: 'Remove the host from one of the waves, for example with `"!name"`.',
  },
  'config/localhost': {
    kind: 'shown',
    title: 'Address depends on the machine',
    means: 'The address means the machine that fleet runs on, so from another machine it is another host.',
    next: 'Write the name or address of the host. With `local: auto` fleet notices by itself when it runs on that host.',
  },
  'config/matches-nothing': {
    kind: 'shown',
    title: 'Selector matches no host',
    means: 'A glob or a group selects no host. It may be misspelt, or the hosts are gone.',
    next: 'Correct the selector, or remove it.',
  },
  'config/missing-key': {
    kind: 'shown',
    title: 'Missing key',
    means: 'A key that must be there is missing.',
    next: 'Add the key that the message names.',
  },
  'config/never-passes': {
    kind: 'shown',
    title: 'Times of a check contradict each other',
    means: 'With these times the check can never pass, for example because `deadline` is shorter than `stableFor`.',
    next: 'Change one of the times that the message names.',
  },
  'config/not-a-map': {
    kind: 'shown',
    title: 'Not a fleet.yaml',
    means: 'The file is empty, or holds something else than keys and values.',
    next: 'Start the file with `version: 1`, or name the right file with `--file`.',
  },
  'config/reserved-variable': {
    kind: 'shown',
    title: 'Variable name is taken',
    means: 'The variable would change how the shell that runs checks works.',
    next: 'Choose another name.',
  },
  'config/several-documents': {
    kind: 'shown',
    title: 'More than one document',
    means: 'A fleet.yaml is one YAML document, and a second one starts after `---`.',
    next: 'Remove the `---` or what follows it.',
  },
  'config/tab': {
    kind: 'shown',
    title: 'Tab in the indentation',
    means: 'YAML is indented with spaces only.',
    next: 'Replace the tab with spaces.',
  },
  'config/too-large': {
    kind: 'shown',
    title: 'File too large or nested too deeply',
    means:
      'The file is larger, or nested more deeply, than fleet reads. Aliases that repeat each other many times count too.',
    next: 'Make the file smaller or flatter.',
  },
  'config/unknown-check': {
    kind: 'shown',
    title: 'Unknown check',
    means:
      'A host, a group or a wave names a check that is not under `checks`, or a built-in check that this version does not have.',
    next: 'Correct the name. `fleet check --list` lists the built-in checks.',
  },
  'config/unknown-group': {
    kind: 'shown',
    title: 'Unknown group',
    means: 'A name that starts with `@` must be a group of the file.',
    next: 'Correct the name, or add the group.',
  },
  'config/unknown-host': {
    kind: 'shown',
    title: 'Unknown host',
    means: 'There is no host of this name in the file.',
    next: 'Correct the name, or write `@name` where a group is meant.',
  },
  'config/unknown-key': {
    kind: 'shown',
    title: 'Unknown key',
    means: 'fleet does not know this key here. A key that fleet does not read would be a setting without an effect.',
    next: 'Correct the key, or remove it.',
  },
  'config/unknown-placeholder': {
    kind: 'shown',
    title: 'Unknown placeholder',
    means: 'The text holds `{{…}}` with a name that has no value here.',
    next: 'Use one of the names that the message lists.',
  },
  'config/unknown-variable': {
    kind: 'shown',
    title: 'Unknown variable',
    means: '`vars` sets a variable that the built-in check does not have.',
    next: 'Use one of the variables that the message lists.',
  },
  'config/unquoted': {
    kind: 'shown',
    title: 'Quotes are missing',
    means: 'YAML gives some first characters a meaning of their own, such as `@`, `!` and `*`.',
    next: 'Put the text in quotes.',
  },
  'config/unreadable': {
    kind: 'shown',
    title: 'fleet.yaml cannot be read',
    means: 'The fleet.yaml is not there, or this login may not read it.',
    next: 'Change to the directory of the file, or name it with `--file`.',
  },
  'config/unsafe-ssh-option': {
    kind: 'shown',
    title: 'ssh option not allowed',
    means:
      'The option would weaken the check of host keys, run a program, change what fleet relies on, or have no effect beside what fleet sets.',
    next: 'Remove the option. The message names the key of fleet.yaml that does it, where there is one.',
  },
  'config/wrong-type': {
    kind: 'shown',
    title: 'Wrong type of value',
    means: 'The key takes another kind of value, for example a list instead of a text.',
    next: 'Write the kind of value that the message names.',
  },
  'config/yaml': {
    kind: 'shown',
    title: 'Not valid YAML',
    means: 'The YAML parser cannot read the file. One mistake may be reported at a later line than it was made.',
    next: 'Fix the line that the message shows, or the line before it.',
  },
} satisfies Entries
