import { type Diagnostic, diagnostic } from '../../model/diagnostic.ts'
import type { Fleet } from '../../model/fleet/fleet.ts'
import { type LockChange, lockChanges } from '../../model/nix/lock-changes.ts'
import type { Failure, Plan } from '../../model/plan/plan-schema.ts'
import type { Outcome } from '../../model/diagnostic.ts'
import type { Evaluation, Found } from '../../model/host/system.ts'
import type { FlakeLock } from '../../ports/flake-lock.ts'
import type { Nix } from '../../ports/nix.ts'
import { evaluateHosts } from '../evaluate/evaluate.ts'
import { suggestion } from '../settings/suggest.ts'
import { commitMessage } from './commit-message.ts'

export interface UpdateRequest {
  readonly fleet: Fleet
  /** Names of inputs; none: all of them. */
  readonly inputs: readonly string[]
  readonly revertIfFailing: boolean
  readonly commit: boolean
  /** Told as soon as the new lock file is there. */
  readonly onChanges: (changes: readonly LockChange[]) => void
  /** Plans the fleet as it is now, and shows the plan. */
  readonly plan: () => Promise<Outcome<Plan>>
}

export interface UpdatePorts {
  readonly lock: FlakeLock
  readonly nix: Nix
}

/** How an update ended, and what is to be said of it. Interrupted and failed ones left flake.lock as it was. */
export interface Updated {
  readonly how: 'updated' | 'nothing-new' | 'failed' | 'failing' | 'reverted' | 'interrupted'
  readonly diagnostics: readonly Diagnostic[]
  /** Short hash of the commit that holds the new lock file; null: there is none. */
  readonly commit: string | null
}

/** What an update has in hand: the lock file before it, and a copy of it that survives fleet. */
interface Held {
  readonly before: string | null
  readonly copy: string | null
}

/**
 * Updates the lock file and plans. An update that is interrupted or fails changes nothing: until it is over, a copy of the old lock file
 * lies beside the runs.
 */
export async function updateLock(request: UpdateRequest, ports: UpdatePorts, signal: AbortSignal): Promise<Updated> {
  const { lock } = ports
  const wrong = await unknownInputs(request.inputs, lock, signal)
  if (wrong.length > 0) return { how: 'failed', diagnostics: wrong, commit: null }
  const before = await lock.read()
  const held: Held = { before, copy: before === null ? null : await lock.keep(before) }
  let isOver = false
  try {
    const updated = await updateHeld(request, held, ports, signal)
    isOver = true
    return updated
  } finally {
    // Whatever was thrown: the old lock file comes back, and only then its copy goes.
    if (!isOver) await lock.write(before)
    if (held.copy !== null) await lock.letGo(held.copy)
  }
}

async function updateHeld(
  request: UpdateRequest,
  held: Held,
  ports: UpdatePorts,
  signal: AbortSignal,
): Promise<Updated> {
  const { lock } = ports
  const undone = async (how: Updated['how'], diagnostics: readonly Diagnostic[] = []): Promise<Updated> => {
    await lock.write(held.before)
    return { how, diagnostics, commit: null }
  }
  const updating = await lock.update(request.inputs, signal)
  if (signal.aborted) return undone('interrupted')
  if (!updating.ok) return undone('failed', [told(updating.failure)])
  const after = await lock.read()
  const changes = lockChanges(held.before ?? '', after ?? '')
  if (changes === null) return undone('failed', [notRead(lock.file)])
  if (changes.length === 0) return undone('nothing-new')
  request.onChanges(changes)
  const planned = await request.plan()
  if (signal.aborted) return undone('interrupted')
  const culprits = await stoppedBy(planned, { ...request, held, after }, ports, signal)
  if (signal.aborted) return undone('interrupted')
  if (culprits.length > 0) {
    const isKept = !request.revertIfFailing
    const diagnostics = culprits.map((one) => stopsEvaluating(one, isKept, lock.file))
    return isKept ? { how: 'failing', diagnostics, commit: null } : undone('reverted', diagnostics)
  }
  if (!request.commit) return { how: 'updated', diagnostics: [], commit: null }
  const committed = await lock.commit(commitMessage(changes), signal)
  return committed.ok
    ? { how: 'updated', diagnostics: [], commit: committed.value }
    : { how: 'failing', diagnostics: [told(committed.failure)], commit: null }
}

/** What no longer evaluates; `host` null: the flake itself. */
interface Culprit {
  readonly host: string | null
  readonly why: string
}

/** Hosts that do not evaluate with the new lock file and do with the old one: what is broken anyway is not the update's doing. */
async function stoppedBy(
  planned: Outcome<Plan>,
  { fleet, held, after }: UpdateRequest & { readonly held: Held; readonly after: string | null },
  { lock, nix }: UpdatePorts,
  signal: AbortSignal,
): Promise<readonly Culprit[]> {
  if (!planned.ok) return [{ host: null, why: planned.diagnostics.map(({ detail }) => detail).join('\n') }]
  const failing = Object.entries(planned.value.body.hosts).flatMap(([name, host]) =>
    host.action === 'evaluation-failed' ? [{ name, why: host.failure.detail }] : [],
  )
  if (failing.length === 0) return []
  await lock.write(held.before)
  const source = await nix.lock(fleet.flake, fleet.directory, signal)
  const hosts = fleet.hosts.filter(({ name }) => failing.some((one) => one.name === name))
  const evaluating = { fleet, hosts, parallelism: 1, onHost: () => {} }
  const found = source.ok
    ? await evaluateHosts({ ...evaluating, source: source.value }, nix, signal)
    : new Map<string, Found<Evaluation>>()
  await lock.write(after)
  return failing.flatMap(({ name, why }) => (found.get(name)?.ok === true ? [{ host: name, why }] : []))
}

function stopsEvaluating({ host, why }: Culprit, isKept: boolean, file: string): Diagnostic {
  const what =
    host === null
      ? 'The fleet cannot be planned with the new flake.lock'
      : `${host} evaluates with the old flake.lock and not with the new one`
  const next = isKept
    ? `The new ${file} is in place and was not committed. Fix the configuration, or put the old one back: git checkout -- flake.lock`
    : `The old ${file} was put back.`
  return diagnostic('update/stops-evaluating', 'the update stops hosts from evaluating', `${what}:\n${why}\n${next}`, {
    host,
  })
}

/** Names that the flake does not have; a lock file that is not there yet is no reason to ask Nix twice. */
async function unknownInputs(
  inputs: readonly string[],
  lock: FlakeLock,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  if (inputs.length === 0) return []
  const found = await lock.inputs(signal)
  if (!found.ok) return [told(found.failure)]
  const known = found.value
  // An input of an input is written with a slash.
  return inputs
    .filter((input) => !known.includes(input.split('/')[0] ?? ''))
    .map((input) =>
      diagnostic(
        'update/unknown-input',
        'no such input',
        `The flake has no input \`${input}\`. ${suggestion(input, known, 'Its inputs are')}`,
      ),
    )
}

function notRead(file: string): Diagnostic {
  return diagnostic(
    'update/failed',
    'the inputs could not be updated',
    `${file} is not what it should be after the update.`,
  )
}

function told({ code, summary, detail }: Failure): Diagnostic {
  return diagnostic(code, summary, detail)
}
