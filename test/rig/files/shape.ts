import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Clone } from './clone.ts'

const folder = fileURLToPath(new URL('../../golden/init', import.meta.url))

/** Names of the flakes that people have, as files of test/golden/init. */
export const shapes: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** A clone of one of them. */
export function cloneOf(shape: string): Clone {
  return new Clone(join(folder, shape), join(folder, 'nixos.nix'))
}
