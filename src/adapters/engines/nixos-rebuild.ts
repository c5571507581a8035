import { formatDuration } from '../../model/fleet/duration.ts'
import { failure } from '../../model/failure.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import { maskCredentials } from '../../model/text/secret.ts'
import type { Found } from '../../model/host/system.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Engine, EngineAnswer, EngineTask } from '../../ports/engine.ts'
import type { Remote } from '../../ports/remote.ts'
import { errorText, nix } from '../nix/command.ts'
import { type Ended, run } from '../process.ts'
import { activationAnswer, converged, inhibited, isInhibited, isThere, refusedAnswer } from './activation-answer.ts'
import { copyClosure } from './copy-closure.ts'
import { oldFailures } from './failed-units.ts'
import { hostProgram, type HostProgram } from './host-program.ts'
import { type Dialect, dialectOf, rebuildWords } from './nixos-rebuild/dialect.ts'
import { type HostPlace, hostPlace } from './nixos-rebuild/host-place.ts'

/** Milliseconds that the command may take beyond the activation in it. */
const margin = 15_000
/** Milliseconds between two questions whether a host is at rest. */
const pause = 1_000

interface World {
  readonly remote: Remote
  readonly clock: Clock
  readonly program: HostProgram
}

/**
 * Runs the operator's own `nixos-rebuild`, for the plan's system and no other. It compares nothing, ends no activation and
 * knows no magic rollback: the host is asked before and after, and what has failed is rolled back by fleet's own program.
 */
export function nixosRebuildEngine(remote: Remote, clock: Clock): Engine {
  const program = hostProgram(remote, clock)
  let dialect: Promise<Dialect | Failure> | null = null
  const ask = () => (dialect ??= dialectOf(new AbortController().signal))
  return {
    ...program,
    async unusable() {
      const found = await ask()
      return 'code' in found ? found : null
    },
    copy: (task, signal) => copyClosure(task, remote, signal),
    async activate(task, signal) {
      if (signal.aborted) return refusedAnswer('activate/aborted', 'interrupted', 'Nothing was started.')
      if (isThere(task)) return converged
      if (!/^(auto|none|sudo( .*)?)$/.test(task.settings.sudo)) return otherPrefix
      const found = await ask()
      if ('code' in found) return { how: 'refused', failure: found }
      return activate(task, found, { remote, clock, program }, signal)
    },
  }
}

const otherPrefix = refusedAnswer(
  'nixos-rebuild/sudo',
  'nixos-rebuild becomes root with sudo only',
  'Set `sudo: auto` for the host, or another engine.',
)

async function activate(task: EngineTask, dialect: Dialect, world: World, signal: AbortSignal): Promise<EngineAnswer> {
  const place = await hostPlace(task, { remote: world.remote, connection: 'shared' }, signal)
  if (!place.ok) return { how: 'refused', failure: place.failure }
  const { system, profile, busy } = place.value
  if (system !== task.from.system || profile !== task.from.profile)
    return activationAnswer(76, [`found profile ${profile} and system ${system}`], task)
  if (busy) return activationAnswer(75, ['an activation is running on the host'], task)
  const what = dialect.takesStorePath ? ['--store-path', task.to.system] : await sourceWords(task, dialect, signal)
  if (!Array.isArray(what)) return { how: 'refused', failure: what as Failure }
  const way = await world.remote.transport(task)
  if (!way.ok) return { how: 'refused', failure: way.failure }
  const { address, config, local = false } = way.value
  const ended = await run(
    {
      program: 'nixos-rebuild',
      args: rebuildWords(task, dialect, what, local ? null : address),
      env: {
        LC_ALL: 'C',
        // The connections that it would share outlive it by a minute.
        NIX_SSHOPTS: `-F ${config} -o ControlMaster=no -o ControlPath=none`,
        NIX_SUDOOPTS: '-n',
      },
      timeoutMs: task.settings.activation.timeoutMs + margin,
      onLine: (stream, line) => task.onLine(stream, maskCredentials(cleanLine(line))),
    },
    signal,
  )
  return judge(task, ended, world, signal)
}

/** The rewrite in Python asks `nix build --print-out-paths`, which Nix learned with 2.9; the shell script before it does not. */
async function sourceWords(
  task: EngineTask,
  { elevate }: Dialect,
  signal: AbortSignal,
): Promise<readonly string[] | Failure> {
  if (elevate === '--use-remote-sudo') return flakeWords(task, signal)
  const { stdout } = await nix(['--version'], signal)
  const [, major, minor] = /(?<!\d)(\d+)\.(\d+)/.exec(stdout) ?? []
  if (major === undefined || Number(major) > 2 || Number(minor) >= 9) return flakeWords(task, signal)
  return {
    code: 'nixos-rebuild/older-nix',
    summary: 'this nixos-rebuild cannot build with this Nix',
    detail: `It runs \`nix build --print-out-paths\`, and ${cleanLine(stdout.trim())} does not know that. A nixos-rebuild that knows --store-path builds nothing; the engine nix needs none.`,
  }
}

/** The plan's source, where it still evaluates to the plan's derivation. */
async function flakeWords(
  { flake, to, settings }: EngineTask,
  signal: AbortSignal,
): Promise<readonly string[] | Failure> {
  const summary = 'nixos-rebuild would deploy another system'
  const advice = 'Use a nixos-rebuild that supports --store-path, or set engine: nix.'
  if (flake === undefined || to.drv === null)
    return {
      code: 'nixos-rebuild/no-source',
      summary: 'no source to rebuild from',
      detail: `The plan names a path, and no source for it. ${advice}`,
    }
  const attribute = `${flake}#nixosConfigurations.${JSON.stringify(settings.attribute)}.config.system.build.toplevel.drvPath`
  const ended = await nix(['eval', '--raw', '--no-write-lock-file', attribute], signal)
  const found = ended.how === 'exited' && ended.code === 0 ? ended.stdout.trim() : errorText(ended.stderr)
  if (found === to.drv) return ['--flake', `${flake}#${settings.attribute}`, '--no-write-lock-file']
  const detail = `It evaluates nixosConfigurations.${settings.attribute} again, to ${found}; the plan is ${to.drv}. ${advice}`
  return { code: 'nixos-rebuild/differs', summary, detail }
}

/**
 * Its exit code is that of switch-to-configuration, or 1, and it may have lost a connection only: the host says what has become
 * of the activation.
 */
async function judge(task: EngineTask, ended: Ended, world: World, signal: AbortSignal): Promise<EngineAnswer> {
  if (ended.how === 'exited' && ended.code === 0) return { how: 'done' }
  const lines = tellingLines(`${ended.stdout}\n${ended.stderr}`).map((line) => maskCredentials(cleanLine(line)))
  if (ended.how !== 'exited' || signal.aborted) return { how: 'lost', failure: unfinished(ended, task) }
  const found = await atRest(task, world, signal)
  if (!found.ok) return { how: 'lost', failure: found.failure }
  const isLost = lines.some((line) => lostConnection.test(line))
  if (found.value.busy || isLost) return { how: 'lost', failure: isLost ? connectionLost : unfinished(ended, task) }
  const isAtTarget = found.value.system === task.to.system
  if (isAtTarget && oldFailures(lines, task.failedBefore ?? []) !== null) return { how: 'done' }
  const answer = activationAnswer(lines.some((line) => unitsFailed.test(line)) ? 4 : ended.code, lines, task)
  const isUntouched = found.value.system === task.from.system && found.value.profile === task.from.profile
  if (isUntouched && answer.how === 'failed' && !lines.some((line) => activating.test(line)))
    return notStarted(answer.failure)
  if (isUntouched || !task.settings.activation.autoRollback) return answer
  const back = await world.program.rollBack(task, signal)
  if (back.how === 'done' && isInhibited(lines)) return inhibited
  if (back.how !== 'done') task.onLine('stderr', `rollback failed: ${back.failure.summary}: ${back.failure.detail}`)
  return answer
}

/** What it says of any failure, whatever the cause (nixos-rebuild-ng of 2026 asks for a password that nobody wanted), and its traceback. */
const noise =
  /did you forget to use --(?:ask-\w+-password|use-remote-sudo|sudo)|^warning: error\(s\) occurred while switching|^Traceback |^  File "|^subprocess\.CalledProcessError|returned non-zero exit status/

/** The lines that may say a cause. */
function tellingLines(printed: string): readonly string[] {
  return printed.split('\n').filter((line) => !noise.test(line))
}

/** As switch-to-configuration says it, as soon as it changes anything. */
const activating = /^(?:activating the configuration|stopping the following units)/

/** Neither system nor profile has moved, and no activation was heard of: nothing was done that could be rolled back. */
function notStarted({ detail, summary }: Failure): EngineAnswer {
  return refusedAnswer(
    'nixos-rebuild/not-started',
    'nixos-rebuild failed before it changed anything',
    detail === '' ? summary : detail,
  )
}

const unitsFailed = /^warning: the following units failed: /
/** As OpenSSH says it (see ssh/failure.ts), between what nixos-rebuild says. */
const lostConnection =
  /client_loop:|Read from remote host|Timeout, server|Connection to \S+ closed|Connection reset|Broken pipe/

const connectionLost: Failure = failure(
  'ssh/connection-lost',
  'the connection was lost',
  'nixos-rebuild lost its connection to the host.',
)

function unfinished(ended: Ended, task: EngineTask): Failure {
  if (ended.how === 'aborted')
    return {
      code: 'activate/aborted',
      summary: 'interrupted',
      detail: 'What nixos-rebuild had started on the host continues.',
    }
  return {
    code: 'activate/timed-out',
    summary: 'the activation took too long',
    detail: `nixos-rebuild has not ended within ${formatDuration(task.settings.activation.timeoutMs)} (activation.timeout); what it had started on the host continues.`,
  }
}

/** Asks the host until nothing is at work on it, or it has had the time that an activation may take. */
async function atRest(task: EngineTask, { remote, clock }: World, signal: AbortSignal): Promise<Found<HostPlace>> {
  const until = clock.now() + task.settings.activation.timeoutMs
  for (;;) {
    const found = await hostPlace(task, { remote }, signal)
    if ((found.ok && !found.value.busy) || signal.aborted || clock.now() >= until) return found
    if (!found.ok && found.failure.code === 'ssh/refused-login') return found
    await clock.sleep(pause, signal)
  }
}
