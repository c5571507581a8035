import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const program = fileURLToPath(new URL('deploy-rs/deploy.ts', import.meta.url))

/** The double of the program on the host, and of its `wait` and `revoke`: a POSIX sh script. */
export const activateDouble = fileURLToPath(new URL('deploy-rs/activate.sh', import.meta.url))

/** Puts a program `deploy` into a directory, to stand first on PATH: the real one where FLEET_TEST_DEPLOY names it. */
export function writeDeploy(directory: string): void {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const real = process.env['FLEET_TEST_DEPLOY']
  const words = real === undefined ? [process.execPath, '--import', loader, program] : [real]
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'deploy')
  // It becomes the program, so that a signal to the one is a signal to the other.
  writeFileSync(file, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`)
  chmodSync(file, 0o755)
}
