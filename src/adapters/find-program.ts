import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/** True when this machine has the program: a name with a slash starts at `directory`, one without is looked for on PATH. */
export async function findProgram(program: string, directory: string): Promise<boolean> {
  const places = (process.env['PATH'] ?? '').split(delimiter).filter((place) => place !== '')
  const files = program.includes('/')
    ? [isAbsolute(program) ? program : resolve(directory, program)]
    : places.map((place) => join(place, program))
  for (const file of files) if (await mayRun(file)) return true
  return false
}

async function mayRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    // Whatever forbids to look at it forbids to run it.
    return false
  }
}
