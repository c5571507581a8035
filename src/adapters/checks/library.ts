import { readdirSync, readFileSync } from 'node:fs'
import { packageFile } from '../package-file.ts'

/** The texts of the ready-made checks that ship with fleet (`checks/NAME.yaml`), by NAME. */
export function readLibrary(): Readonly<Record<string, string>> {
  const folder = packageFile('checks/')
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -'.yaml'.length), readFileSync(new URL(file, folder), 'utf8')]),
  )
}
