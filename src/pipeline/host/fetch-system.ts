import { failed, failure, tellFailure } from '../../model/failure.ts'
import type { HostStep } from '../../model/run/event-schema.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import { storeObject } from '../../model/nix/store-path.ts'
import type { Found } from '../../model/host/system.ts'
import { cancelled, fail } from './end.ts'
import { engineOf, engineTask } from './engine.ts'
import type { Journey } from './journey.ts'
import { begin, finish } from './task.ts'

/** Bytes that stay free on /nix: of what is copied, and at least. */
const margin = { share: 0.05, nix: 16 * 1024 ** 2, boot: 1024 ** 2 }

/** Builds and copies what a host should run; false: the host has its ending, and nothing was changed on it. */
export async function fetchSystem(journey: Omit<Journey, 'failing'>): Promise<boolean> {
  const { task, planned, lock, ports, signal } = journey
  const { drv, profileDrv, profile } = planned.to
  const derivation = profileDrv ?? drv
  if (derivation === null) return findInStore(journey)
  if (planned.settings.buildOn === 'operator') {
    begin(task, 'build', { path: profile })
    const onLine = (line: string) => task.output('build', 'stderr', line)
    const built = await ports.nix.realise({ drv: derivation, output: profile, root: task.root, onLine }, signal)
    if (!built.ok || signal.aborted) return end(journey, 'build', built.ok ? interrupted : built.failure)
    finish(task, 'build')
  }
  begin(task, 'copy', { path: profile })
  const lacks = await whatItLacks(journey)
  if (!lacks.ok || signal.aborted)
    return end(
      journey,
      lacks.ok || lacks.failure.code === 'preflight/no-space' ? 'preflight' : 'copy',
      lacks.ok ? interrupted : lacks.failure,
    )
  if (lacks.value === 'nothing') return true
  const copy = { ...engineTask(journey, 'copy'), missing: lock.missing.bind(lock) }
  const copied = await engineOf(journey).copy(copy, signal)
  if (copied.how !== 'done' || signal.aborted)
    return end(journey, 'copy', copied.how === 'done' ? interrupted : copied.failure)
  return true
}

const interrupted = failure('copy/aborted', 'interrupted before the activation', '')

function end({ task, before, signal }: Omit<Journey, 'failing'>, step: HostStep['step'], why: Failure): false {
  if (signal.aborted) cancelled(task)
  else fail(task, { step, code: why.code, reason: tellFailure(why), touched: false, now: before })
  return false
}

/** What a host is rolled back to was on it before: nothing is built or copied for that. */
async function findInStore(journey: Omit<Journey, 'failing'>): Promise<boolean> {
  const { task, planned, lock, signal } = journey
  const { profile } = planned.to
  begin(task, 'copy', { path: profile, variant: 'in-store' })
  const missing = await lock.missing([profile], signal)
  if (!missing.ok || signal.aborted) return end(journey, 'preflight', missing.ok ? interrupted : missing.failure)
  if (!missing.value.has(profile)) return true
  const gone = failure(
    'preflight/missing-path',
    `its store no longer has ${profile}`,
    `It was garbage-collected. Deploy the configuration of that time instead.`,
  )
  return end(journey, 'preflight', gone)
}

/** What a host does not have of its new system; a failure where there is no room for it. */
async function whatItLacks({
  planned: { to, settings },
  before: { freeBytes },
  lock,
  ports: { store },
  signal,
}: Omit<Journey, 'failing'>): Promise<Found<'something' | 'nothing'>> {
  if (settings.buildOn === 'target') return { ok: true, value: 'something' }
  const closure = await store.closure(to.profile, signal)
  if (!closure.ok) return closure
  const missing = await lock.missing([...closure.value.keys()], signal)
  if (!missing.ok) return missing
  if (missing.value.size === 0) return { ok: true, value: 'nothing' }
  const needed = [...missing.value].reduce((sum, path) => sum + (closure.value.get(path)?.narSize ?? 0), 0)
  const spare = Math.max(margin.nix, Math.ceil(needed * margin.share))
  if (freeBytes.nix !== null && freeBytes.nix < needed + spare)
    return noRoom('/nix', `its ${missing.value.size} new store paths`, { needed, spare, free: freeBytes.nix })
  if (settings.mode === 'test' || freeBytes.boot === null) return { ok: true, value: 'something' }
  const files = await Promise.all(['kernel', 'initrd'].map((file) => store.file(`${to.system}/${file}`)))
  // What the host's store has already, some generation boots already.
  const fresh = files.filter((file) => file !== null && missing.value.has(storeObject(file.path) ?? file.path))
  const boot = fresh.reduce((sum, file) => sum + (file?.bytes ?? 0), 0)
  if (boot > 0 && freeBytes.boot < boot + margin.boot)
    return noRoom('/boot', 'its new kernel and initrd', { needed: boot, spare: margin.boot, free: freeBytes.boot })
  return { ok: true, value: 'something' }
}

/** All in bytes. */
interface Room {
  readonly needed: number
  readonly spare: number
  readonly free: number
}

function noRoom(where: string, what: string, { needed, spare, free }: Room): Found<never> {
  return failed(
    'preflight/no-space',
    `not enough space on ${where}`,
    `${where} has ${mebibytes(free)} free; ${what} need ${mebibytes(needed)}, and ${mebibytes(spare)} must stay free. Collect garbage on the host (nix-collect-garbage), then apply again.`,
  )
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
