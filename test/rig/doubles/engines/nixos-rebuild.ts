import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Puts the double of nixos-rebuild (nixos-rebuild.sh, which says what it imitates) on PATH, in one of its versions. In the place of
 * the newest stands the real one where FLEET_TEST_NIXOS_REBUILD names it.
 */
export class DoubleNixosRebuild {
  readonly #folder = mkdtempSync(join(tmpdir(), 'fleet-double-rebuild-'))
  readonly #path = process.env['PATH'] ?? ''

  constructor(version: 'bash' | 'python' | 'new' = 'new') {
    const file = join(this.#folder, 'nixos-rebuild')
    const real = version === 'new' ? process.env['FLEET_TEST_NIXOS_REBUILD'] : undefined
    if (real === undefined) copyFileSync(fileURLToPath(new URL('nixos-rebuild.sh', import.meta.url)), file)
    else writeFileSync(file, `#!/bin/sh\nexec '${real}' "$@"\n`)
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
