import type { LogLine } from './log-line.ts'

/** How far `deploy` is, by its own markers, in order. Up to `copying` nothing on the host runs differently. */
export const phases = ['starting', 'evaluating', 'building', 'copying', 'activating', 'confirming', 'finished'] as const

/** See {@link phases}. */
export type Phase = (typeof phases)[number]

const markers: readonly (readonly [RegExp, Phase])[] = [
  [/^Evaluating flake in /, 'evaluating'],
  [/^Building profile /, 'building'],
  [/^Copying profile /, 'copying'],
  [/^Activating profile /, 'activating'],
  [/^Creating activation waiter/, 'activating'],
  [/^Success activating, attempting to confirm/, 'confirming'],
  // It may be printed for a left-over canary while the activation goes on: a phase, and no proof.
  [
    /^(Deployment confirmed\.|Success activating, done!|Success activating for next boot, done!|Completed dry-activate!)/,
    'finished',
  ],
]

/** Reads the log as it comes: the phase, and the store paths that deploy is about to deploy. */
export class Progress {
  phase: Phase = 'starting'
  /** `path = "…"` of the profiles it announces. */
  readonly paths: string[] = []
  #isAnnouncing = false

  read({ speaker, text }: LogLine): void {
    if (speaker === 'deploy') {
      const found = markers.find(([pattern]) => pattern.test(text))?.[1]
      if (found !== undefined) this.phase = found
      this.#isAnnouncing = text.startsWith('The following profiles are going to be deployed')
    } else if (this.#isAnnouncing) {
      const [, path] = /^path = "(.*)"$/.exec(text) ?? []
      if (path !== undefined && !this.paths.includes(path)) this.paths.push(path)
      if (text === '') this.#isAnnouncing = false
    }
  }

  /** Whether the host may be changing, so that nothing but `deploy` itself may be ended. */
  get mayHaveChanged(): boolean {
    return phases.indexOf(this.phase) >= phases.indexOf('activating')
  }
}
