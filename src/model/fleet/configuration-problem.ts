import { diagnostic, type Diagnostic, type Place } from '../diagnostic.ts'

/** Everything that can be wrong with a fleet.yaml or a selection, and the summary that never varies. */
const summaries = {
  'config/yaml': 'Not valid YAML',
  'config/tab': 'Tab in the indentation',
  'config/unquoted': 'Quotes are missing',
  'config/duplicate-key': 'Key given twice',
  'config/several-documents': 'More than one document',
  'config/not-a-map': 'Not a fleet.yaml',
  'config/too-large': 'Too much to read',
  'config/unknown-key': 'Unknown key',
  'config/missing-key': 'Missing key',
  'config/wrong-type': 'Wrong type of value',
  'config/bad-value': 'Value not allowed',
  'config/bad-duration': 'Not a duration',
  'config/bad-count': 'Not a count',
  'config/bad-name': 'Name not allowed',
  'config/unsafe-ssh-option': 'ssh option not allowed',
  'config/localhost': 'Address is another machine elsewhere',
  'config/reserved-variable': 'Variable name is taken',
  'config/unknown-placeholder': 'Unknown placeholder',
  'config/never-passes': 'Times of a check contradict each other',
  'config/unknown-host': 'Unknown host',
  'config/unknown-group': 'Unknown group',
  'config/unknown-check': 'Unknown check',
  'config/unknown-variable': 'Unknown variable',
  'config/matches-nothing': 'Selector matches no host',
  'config/group-cycle': 'Groups contain each other',
  'config/conflicting-groups': 'Groups disagree about a host',
  'config/duplicate-wave': 'Two waves have one name',
  'config/host-in-two-waves': 'Host is in two waves',
  'config/host-in-no-wave': 'Host is in no wave',
  'config/empty-wave': 'Wave has no hosts',
  'config/bad-batches': 'Batches shrink',
  'config/gate-check': 'Check cannot guard a wave',
  'config/dependency-disabled': 'Dependency is disabled',
  'config/dependency-cycle': 'Hosts wait for each other',
  'config/dependency-order': 'Dependency is against the wave order',
} as const

/** Stable codes of what can be wrong with a fleet.yaml. */
export type ConfigurationCode = keyof typeof summaries

/** An error in fleet.yaml, or in a selection on the command line, which has no place. */
export function configurationProblem(
  code: ConfigurationCode,
  detail: string,
  place: Place | null,
  host: string | null = null,
): Diagnostic {
  return diagnostic(code, summaries[code], detail, { place, host })
}
