import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Every file of src that a file loads, itself included: what it imports for types alone is not loaded. */
export function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file) || !existsSync(file)) return seen
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, kind = '', path = ''] of text.matchAll(/^(import|export) [^;]*?from '(\.[^']+)'$/gm)) {
    const isType = new RegExp(`^${kind} type [^']*from '${path.replaceAll('.', '\\.')}'$`, 'm').test(text)
    if (!isType) loadedBy(resolve(dirname(file), path), seen)
  }
  for (const [, path = ''] of text.matchAll(/import\('(\.[^']+)'\)/g)) loadedBy(resolve(dirname(file), path), seen)
  return seen
}
