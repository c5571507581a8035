import { type LockedInput, parseLockFile } from './lock-file.ts'

/** An input that is not what it was; null on a side where it is not there. */
export interface LockChange {
  readonly name: string
  readonly from: LockedInput | null
  readonly to: LockedInput | null
  /** A page that shows the difference; null where no forge is known to have one. */
  readonly compare: string | null
}

/**
 * Inputs that differ between two texts of flake.lock, by name. Null where a text is no lock file; an empty text is one
 * without inputs, as of a commit that had none.
 */
export function lockChanges(oldLock: string, newLock: string): readonly LockChange[] | null {
  const [before, after] = [inputsOf(oldLock), inputsOf(newLock)]
  if (before === null || after === null) return null
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  return names.flatMap((name) => {
    const [from, to] = [before.get(name) ?? null, after.get(name) ?? null]
    const isSame = from?.narHash === to?.narHash && from?.rev === to?.rev && from?.from === to?.from
    return isSame ? [] : [{ name, from, to, compare: compareOf(from, to) }]
  })
}

function inputsOf(lock: string): ReadonlyMap<string, LockedInput> | null {
  if (lock.trim() === '') return new Map()
  const inputs = parseLockFile(lock)
  return inputs === null ? null : new Map(inputs.map((input) => [input.name, input]))
}

function compareOf(from: LockedInput | null, to: LockedInput | null): string | null {
  if (from?.rev == null || to?.rev == null || to.page === null || from.page !== to.page) return null
  return `${to.page}/compare/${from.rev}...${to.rev}`
}
