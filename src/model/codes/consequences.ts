/** What fleet does because of a code, beside showing it. `unsaid` is the answer of a code that decides nothing there. */
export interface Consequences {
  /** `may-pass`: another try may end well; `final`: no further login, since hosts ban an address after a few. */
  readonly again: 'may-pass' | 'final' | 'unsaid'
  /** What it says of the way to the host; `shut-out`: a machine answered and let nobody in, or is not the known one. */
  readonly contact: 'failed' | 'shut-out' | 'not-tried' | 'unsaid'
  /** A host that failed with it is down or unhealthy, even where this run changed nothing on it. */
  readonly host: 'down' | 'unsaid'
  /** Nobody knows how healthy the host is: a check gave `no-result`, or the checks were `unfinished`. */
  readonly health: 'no-result' | 'unfinished' | 'unsaid'
  /** How a rollback ended that did not bring the host back; `prevented`: by somebody else's work on the host. */
  readonly rollback: 'failed' | 'prevented' | 'not-started' | 'unsaid'
  /** Where in planning a host broke: its system was evaluated and could not be built. */
  readonly planning: 'not-built' | 'unsaid'
  /** deploy-rs cannot deploy the host. */
  readonly deployRs: 'unusable' | 'unsaid'
  /** The host is not where fleet left it. */
  readonly drift: 'drifted' | 'unsaid'
  /** The exit code of a run that changed nothing and ended for it; 1 is any failure. */
  readonly exitCode: 1 | 5 | 6
}

const shown: Consequences = {
  again: 'unsaid',
  contact: 'unsaid',
  host: 'unsaid',
  health: 'unsaid',
  rollback: 'unsaid',
  planning: 'unsaid',
  deployRs: 'unsaid',
  drift: 'unsaid',
  exitCode: 1,
}

/** The kinds of codes, each with what follows from it. */
export const consequences = {
  shown,
  'connection-failed': { ...shown, again: 'may-pass', contact: 'failed', host: 'down' },
  'copy-broke-off': { ...shown, again: 'may-pass' },
  'session-failed': { ...shown, contact: 'failed' },
  flooded: { ...shown, again: 'final', contact: 'failed' },
  'no-ssh': { ...shown, again: 'final', contact: 'failed' },
  'shut-out': { ...shown, again: 'final', contact: 'shut-out' },
  'not-contacted': { ...shown, contact: 'not-tried' },
  unreachable: { ...shown, host: 'down' },
  'no-result': { ...shown, health: 'no-result', host: 'down' },
  unchecked: { ...shown, health: 'unfinished', host: 'down' },
  unhealthy: { ...shown, host: 'down' },
  'rollback-failed': { ...shown, rollback: 'failed' },
  'rollback-prevented': { ...shown, rollback: 'prevented' },
  'rollback-not-started': { ...shown, rollback: 'not-started' },
  'not-built': { ...shown, planning: 'not-built' },
  'deploy-rs-unusable': { ...shown, deployRs: 'unusable' },
  drifted: { ...shown, drift: 'drifted' },
  refused: { ...shown, exitCode: 5 },
  held: { ...shown, exitCode: 6 },
} as const satisfies Readonly<Record<string, Consequences>>

/** One code: its kind, and what a person is told of it. The texts are Markdown of one line. */
export interface Entry {
  readonly kind: keyof typeof consequences
  /** What it says, without what differs from one message to the next. */
  readonly title: string
  /** What has happened, and why; full sentences. */
  readonly means: string
  /** What to do; full sentences. */
  readonly next: string
}

/** Codes by name. */
export type Entries = Readonly<Record<string, Entry>>
