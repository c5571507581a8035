import type { Code } from '../../../model/codes/codes.ts'
import { exhaustionIn } from '../../../model/text/cause-line.ts'
import { errorText } from '../../nix/command.ts'
import { logLines, type LogLine } from './log-line.ts'
import { causes, type Happened, wordings } from './messages.ts'
import { type Phase, Progress } from './phase.ts'

/** How the program `deploy` itself ended. */
export type ProgramEnd =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly signal: string }
  | { readonly how: 'not-started'; readonly reason: string }

/** What a run of `deploy` says of itself. Of the host's state it is a guess: the host is asked. */
export interface Verdict {
  readonly happened: Happened | 'succeeded'
  readonly phase: Phase
  /** What ssh, Nix or the copy named as the cause; null: none that is known. */
  readonly cause: { readonly code: Code; readonly summary: string } | null
  /** Exit code of the activation script, where it is told. */
  readonly scriptExit: number | null
  /** Exit code of the script that activates the last generation again, where that failed. */
  readonly backExit: number | null
  /** The host's own program was heard: its profile may have been set. */
  readonly hostSpoke: boolean
  /** The host took itself back, or tried to. */
  readonly wentBack: boolean
  /** The connection that waits failed while the one that activates may go on. */
  readonly isWaitLost: boolean
  /** What activation scripts printed on the host, line by line. */
  readonly printed: readonly string[]
  /** In words. */
  readonly detail: string
}

/** Reads what `deploy` printed; a pure function of its log and its end. */
export function classify(log: string, end: ProgramEnd): Verdict {
  const lines = logLines(log)
  const progress = new Progress()
  for (const line of lines) progress.read(line)
  const said = (speaker: LogLine['speaker'], pattern: RegExp) =>
    lines.some((line) => line.speaker === speaker && pattern.test(line.text))
  const wentBack = said('activate', /^De-activating due to error/)
  const happened = happenedIn(lines, progress, end, wentBack)
  const exits = lines.flatMap(({ speaker, text }) =>
    speaker === 'activate' ? [/^The activation script resulted in a bad exit code: Some\((\d+)\)/.exec(text)?.[1]] : [],
  )
  const scriptExit = exits.find((exit) => exit !== undefined)
  const backExit = lines.flatMap(({ speaker, text }) =>
    speaker === 'activate'
      ? (/re-activating the last generation.{0,300}exit code: Some\((\d+)\)/.exec(text)?.[1] ?? [])
      : [],
  )[0]
  return {
    happened,
    phase: progress.phase,
    cause: causeOf(lines, happened),
    scriptExit: scriptExit === undefined ? null : Number(scriptExit),
    backExit: backExit === undefined ? null : Number(backExit),
    hostSpoke: lines.some(({ speaker }) => speaker === 'activate'),
    wentBack,
    isWaitLost: said('deploy', /^(?:Failed to deploy profile.{0,300})?Waiting\b.{0,300} over SSH resulted/),
    printed: lines.flatMap(({ speaker, text }) => (speaker === null ? [text] : [])),
    detail: detailOf(lines, happened, end),
  }
}

function happenedIn(
  lines: readonly LogLine[],
  progress: Progress,
  end: ProgramEnd,
  wentBack: boolean,
): Verdict['happened'] {
  if (end.how !== 'exited' || end.code === 101) return 'crashed'
  if (end.code === 0) return 'succeeded'
  if (end.code === 2) return 'usage'
  const found = wordings.find(({ of, pattern }) =>
    lines.some(({ speaker, text }) => (of === 'any' || speaker === of) && pattern.test(text)),
  )
  switch (found?.happened) {
    case 'rolled-back':
      return wentBack ? 'rolled-back' : 'no-rollback'
    case 'build':
      return buildFailure(lines, progress)
    case 'connection-lost':
      // The panic follows a connection that never was, too.
      return lines.some(({ speaker }) => speaker === 'activate') ? 'connection-lost' : 'unreachable'
    case undefined:
      return isWithoutFlakes(lines) ? 'flakes-off' : 'unknown'
    default:
      return found?.happened ?? 'unknown'
  }
}

/** One final line stands for five causes (format bug, #357): what is missing before it tells them apart. */
function buildFailure(lines: readonly LogLine[], { phase }: Progress): Happened {
  const has = (pattern: RegExp) => lines.some(({ text }) => pattern.test(text))
  if (has(/getting status of '\/nix\/store\/(derivations|version)'/)) return 'other-nix'
  if (has(/^Signing key present!/)) return 'sign'
  if (phase !== 'building') return 'no-deriver'
  return has(/^error: |^Build exited with status|exit status|Failed to build profile.{0,300}(?:exit code|builder)/)
    ? 'build'
    : 'no-script'
}

function isWithoutFlakes(lines: readonly LogLine[]): boolean {
  return lines.some(({ text }) => text.startsWith('A Nix version without flakes support was detected'))
}

const withCauses: ReadonlySet<string> = new Set([
  'copy',
  'unreachable',
  'connection-lost',
  'confirm-failed',
  'not-confirmed',
  'temp-path',
  'watch',
  'timed-out',
  'set-failed',
  'unknown',
])

function causeOf(lines: readonly LogLine[], happened: Verdict['happened']): Verdict['cause'] {
  if (!withCauses.has(happened)) return null
  // Of deploy-rs's own programs only errors tell a cause: `Timeout elapsed` of a confirmation is no cause of ssh's.
  const text = lines
    .filter(({ speaker }) => speaker === null)
    .map((line) => line.text)
    .join('\n')
  const watching = lines
    .filter(({ level }) => level === 'ERROR')
    .map((line) => line.text)
    .join('\n')
  const found = causes.find(({ pattern, code }) => pattern.test(code === 'deploy-rs/inotify' ? watching : text))
  return found === undefined ? null : { code: found.code, summary: found.summary }
}

function detailOf(lines: readonly LogLine[], happened: Verdict['happened'], end: ProgramEnd): string {
  if (end.how === 'not-started') return end.reason
  if (end.how === 'killed') return `deploy was killed by ${end.signal}.`
  if (['evaluation', 'build', 'check', 'other-nix'].includes(happened)) {
    const said = errorText(
      lines
        .filter(({ speaker }) => speaker === null)
        .map(({ text }) => text)
        .join('\n'),
    )
    if (said !== '') return said
  }
  if (happened === 'usage') return lines.find(({ text }) => text !== '')?.text ?? ''
  const units = lines.find(({ text }) => text.startsWith('warning: the following units failed: '))
  if (units !== undefined && (happened === 'rolled-back' || happened === 'no-rollback')) return units.text
  const errors = lines.filter(({ level }) => level === 'ERROR')
  const own = errors.find(({ speaker }) => speaker === 'activate' || speaker === 'wait')
  const ssh = lines.findLast(
    ({ speaker, text }) => speaker === null && causes.some(({ pattern }) => pattern.test(text)),
  )
  const exhaustion = exhaustionIn(lines.map(({ text }) => text)) ?? undefined
  const parts = [exhaustion, own?.text, withCauses.has(happened) ? ssh?.text : undefined].filter(
    (part, index, all) => part !== undefined && all.indexOf(part) === index,
  )
  return parts.length > 0
    ? parts.join('; ')
    : (errors.at(-1)?.text ?? lines.findLast(({ text }) => text !== '')?.text ?? '')
}
