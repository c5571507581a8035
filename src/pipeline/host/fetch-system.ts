import { tellFailure } from '../../model/run/failure.ts'
import type { ChangedHost, Failure } from '../../model/plan/plan-schema.ts'
import { storeObject } from '../../model/nix/store-path.ts'
import type { Found, Observation } from '../../model/host/system.ts'
import type { EngineTask } from '../../ports/engine.ts'
import type { Hold } from './lock.ts'
import { begin, cancelled, engineOf, engineTask, fail, finish, type HostPorts, type HostTask } from './task.ts'

/** Bytes that stay free on /nix: of what is copied, and at least. */
const margin = { share: 0.05, nix: 16 * 1024 ** 2, boot: 1024 ** 2 }

/** Builds and copies what a host should run; false: the host has its ending, and nothing was changed on it. */
export async function fetchSystem(
  task: HostTask,
  planned: ChangedHost,
  before: Observation,
  hold: Hold,
  ports: HostPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const { drv, profileDrv, profile } = planned.to
  const derivation = profileDrv ?? drv
  const refuse = (step: 'build' | 'copy' | 'preflight', { code, summary, detail }: Failure): false => {
    if (signal.aborted) cancelled(task)
    else fail(task, step, code, tellFailure({ summary, detail }), false, before)
    return false
  }
  if (derivation === null) return findThere(profile, task, hold, refuse, signal)
  if (planned.settings.buildOn === 'operator') {
    begin(task, 'build', { path: profile })
    const onLine = (line: string) => task.output('build', 'stderr', line)
    const built = await ports.nix.realise({ drv: derivation, output: profile, root: task.root, onLine }, signal)
    if (!built.ok || signal.aborted) return refuse('build', built.ok ? interrupted : built.failure)
    finish(task, 'build')
  }
  begin(task, 'copy', { path: profile })
  const lacks = await whatItLacks(planned, before, hold, ports, signal)
  if (!lacks.ok || signal.aborted)
    return refuse(
      lacks.ok || lacks.failure.code === 'preflight/no-space' ? 'preflight' : 'copy',
      lacks.ok ? interrupted : lacks.failure,
    )
  if (lacks.value === 'nothing') return true
  const order: EngineTask = {
    ...engineTask(task, planned, before, 'copy'),
    missing: (paths, stop) => hold.missing(paths, stop),
  }
  const copied = await engineOf(task, ports).copy(order, signal)
  if (copied.how !== 'done' || signal.aborted)
    return refuse('copy', copied.how === 'done' ? interrupted : copied.failure)
  return true
}

const interrupted: Failure = { code: 'copy/aborted', summary: 'interrupted', detail: '' }

/** A way back names paths that were there: nothing is built or copied for it. */
async function findThere(
  profile: string,
  task: HostTask,
  hold: Hold,
  refuse: (step: 'preflight', failure: Failure) => false,
  signal: AbortSignal,
): Promise<boolean> {
  begin(task, 'copy', { path: profile, variant: 'in-store' })
  const missing = await hold.missing([profile], signal)
  if (!missing.ok || signal.aborted) return refuse('preflight', missing.ok ? interrupted : missing.failure)
  if (!missing.value.has(profile)) return true
  return refuse('preflight', {
    code: 'preflight/missing-path',
    summary: 'its previous system is no longer on the host',
    detail: `Its store no longer has ${profile}: it was garbage-collected. Deploy the configuration of that time instead.`,
  })
}

/** What a host does not have of its new system; a failure where there is no room for it. */
async function whatItLacks(
  { to, settings }: ChangedHost,
  { freeBytes }: Observation,
  hold: Hold,
  { store }: HostPorts,
  signal: AbortSignal,
): Promise<Found<'something' | 'nothing'>> {
  if (settings.buildOn === 'target') return { ok: true, value: 'something' }
  const closure = await store.closure(to.profile, signal)
  if (!closure.ok) return closure
  const missing = await hold.missing([...closure.value.keys()], signal)
  if (!missing.ok) return missing
  if (missing.value.size === 0) return { ok: true, value: 'nothing' }
  const needed = [...missing.value].reduce((sum, path) => sum + (closure.value.get(path)?.narSize ?? 0), 0)
  const spare = Math.max(margin.nix, Math.ceil(needed * margin.share))
  if (freeBytes.nix !== null && freeBytes.nix < needed + spare)
    return noRoom('/nix', `its ${missing.value.size} new store paths`, needed, spare, freeBytes.nix)
  if (settings.mode === 'test' || freeBytes.boot === null) return { ok: true, value: 'something' }
  const files = await Promise.all(['kernel', 'initrd'].map((file) => store.file(`${to.system}/${file}`)))
  // What the host's store has already, some generation boots already.
  const fresh = files.filter((file) => file !== null && missing.value.has(storeObject(file.path) ?? file.path))
  const boot = fresh.reduce((sum, file) => sum + (file?.bytes ?? 0), 0)
  if (boot > 0 && freeBytes.boot < boot + margin.boot)
    return noRoom('/boot', 'its new kernel and initrd', boot, margin.boot, freeBytes.boot)
  return { ok: true, value: 'something' }
}

function noRoom(where: string, what: string, needed: number, spare: number, free: number): Found<never> {
  return {
    ok: false,
    failure: {
      code: 'preflight/no-space',
      summary: `not enough space on ${where}`,
      detail: `${where} has ${mebibytes(free)} free; ${what} need ${mebibytes(needed)}, and ${mebibytes(spare)} must stay free. Collect garbage on the host (nix-collect-garbage), then apply again.`,
    },
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
