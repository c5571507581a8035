import type { BootLinks } from '../../model/host/system.ts'
import { cleanLine } from '../../model/text/text.ts'

const storePath = /^\/[^\s\p{Cc}]*\/[0-9a-df-np-sv-z]{32}-[\w+\-.?=]+(\/[\w+\-.?=@~:\\/]*)?$/u

/** True for a path that leads into a Nix store and holds nothing that a store path may not hold. */
export function isStorePath(path: string): boolean {
  return path.length < 4096 && storePath.test(path) && !path.split('/').includes('..')
}

/** Fields by key; every reader returns null for what is missing or is not what it should be. */
export class Fields {
  readonly #byKey: ReadonlyMap<string, readonly string[]>

  constructor(byKey: ReadonlyMap<string, readonly string[]>) {
    this.#byKey = byKey
  }

  has(key: string): boolean {
    return this.#byKey.has(key)
  }

  all(key: string): readonly string[] {
    return this.#byKey.get(key) ?? []
  }

  text(key: string): string | null {
    const value = cleanLine(this.all(key)[0] ?? '').trim()
    return value === '' ? null : value.slice(0, 4096)
  }

  path(key: string): string | null {
    const value = this.text(key)
    return value !== null && isStorePath(value) ? value : null
  }

  count(key: string): number | null {
    const value = this.text(key)
    return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null
  }

  kibibytes(key: string): number | null {
    const count = this.count(key)
    return count === null ? null : count * 1024
  }

  /** The words of a text with blanks between them; null where there is none. */
  words(key: string): readonly string[] | null {
    return (
      this.text(key)
        ?.split(/\s+/)
        .filter((word) => word !== '') ?? null
    )
  }

  /** The links of a system that decide about a reboot, under keys that begin with `prefix`. */
  bootLinks(prefix: string): BootLinks {
    return {
      kernel: this.path(`${prefix}-kernel`),
      initrd: this.path(`${prefix}-initrd`),
      kernelModules: this.path(`${prefix}-kernel-modules`),
      kernelParams: this.words(`${prefix}-kernel-params`),
    }
  }
}
