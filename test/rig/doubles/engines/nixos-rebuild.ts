import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Puts the double of nixos-rebuild (nixos-rebuild.sh, which says what it imitates) on PATH, in one of its versions. */
export class DoubleNixosRebuild {
  readonly #folder = mkdtempSync(join(tmpdir(), 'fleet-double-rebuild-'))
  readonly #path = process.env['PATH'] ?? ''

  constructor(version: 'bash' | 'python' | 'new' = 'new') {
    const file = join(this.#folder, 'nixos-rebuild')
    copyFileSync(fileURLToPath(new URL('nixos-rebuild.sh', import.meta.url)), file)
    chmodSync(file, 0o755)
    process.env['PATH'] = `${this.#folder}:${this.#path}`
    process.env['DOUBLE_NIXOS_REBUILD'] = version
  }

  close(): void {
    process.env['PATH'] = this.#path
    Reflect.deleteProperty(process.env, 'DOUBLE_NIXOS_REBUILD')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
