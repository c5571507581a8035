import type { Failure } from '../../../model/plan/plan-schema.ts'
import { cleanText } from '../../../model/text/text.ts'
import type { EngineTask } from '../../../ports/engine.ts'
import { type Ended, run } from '../../process.ts'

/** What the operator's nixos-rebuild understands: it has had several languages, and `--version` in none of them. */
export interface Dialect {
  /** Deploys a path (nixos-rebuild-ng, from 2026 on); others evaluate again. */
  readonly takesStorePath: boolean
  readonly elevate: '--sudo' | '--use-remote-sudo'
  /** Keeps it from building and becoming another version of itself first. */
  readonly quick: '--no-reexec' | '--fast' | null
  readonly withoutTerminal: '--no-ssh-tty' | null
}

/** Milliseconds that it may take to show its manual page. */
const askTime = 30_000

/** Reads the options that its manual page names (`--help` shows that page in every version), or says why it cannot be used. */
export async function dialectOf(signal: AbortSignal): Promise<Dialect | Failure> {
  // Without a terminal the page has neither colours nor breaks within an option.
  const env = { LC_ALL: 'C', MANPAGER: 'cat', PAGER: 'cat', MANWIDTH: '1000', MAN_KEEP_FORMATTING: undefined }
  return readDialect(await run({ program: 'nixos-rebuild', args: ['--help'], env, timeoutMs: askTime }, signal))
}

/** What `nixos-rebuild --help` has said. */
export function readDialect(ended: Ended): Dialect | Failure {
  if (ended.how === 'not-started')
    return {
      code: 'nixos-rebuild/missing',
      summary: 'nixos-rebuild could not be started',
      detail: `${cleanText(ended.reason)}. Is it installed and on PATH? The engines nix and deploy-rs do without it.`,
    }
  const page = cleanText(`${ended.stdout}\n${ended.stderr}`)
  const has = (option: string) => new RegExp(`(?<![\\w-])${option}(?![\\w-])`).test(page)
  const elevate = (['--sudo', '--use-remote-sudo'] as const).find(has)
  if (ended.how !== 'exited' || elevate === undefined || !has('--target-host'))
    return {
      code: 'nixos-rebuild/unknown',
      summary: 'the options of this nixos-rebuild are unknown',
      detail:
        'Its `--help` names neither --target-host with --sudo nor with --use-remote-sudo. It shows the manual page, so `man` must be there too.',
    }
  return {
    takesStorePath: has('--store-path'),
    elevate,
    quick: (['--no-reexec', '--fast'] as const).find(has) ?? null,
    withoutTerminal: has('--no-ssh-tty') && elevate === '--use-remote-sudo' ? '--no-ssh-tty' : null,
  }
}

/**
 * The words of one command: what is to be deployed (`--store-path PATH`, or `--flake REFERENCE`), and on which address;
 * null: here.
 */
export function rebuildWords(
  { settings }: Pick<EngineTask, 'settings'>,
  dialect: Dialect,
  what: readonly string[],
  address: string | null,
): readonly string[] {
  const elevates = settings.sudo !== 'none' && settings.ssh.user !== 'root'
  return [
    settings.mode,
    ...what,
    ...(address === null ? [] : ['--target-host', address]),
    ...(elevates ? [dialect.elevate] : []),
    ...(settings.substituteOnTarget ? ['--use-substitutes'] : []),
    ...(dialect.quick === null ? [] : [dialect.quick]),
    ...(dialect.withoutTerminal === null ? [] : [dialect.withoutTerminal]),
  ]
}
