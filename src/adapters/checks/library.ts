import { readdirSync, readFileSync } from 'node:fs'

/** The texts of the ready-made checks that ship with fleet (`checks/NAME.yaml`), by NAME. */
export function readLibrary(): Readonly<Record<string, string>> {
  // As far from dist as from src.
  const folder = new URL('../../../checks/', import.meta.url)
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -'.yaml'.length), readFileSync(new URL(file, folder), 'utf8')]),
  )
}
