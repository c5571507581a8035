import { constants } from 'node:fs'
import { access } from 'node:fs/promises'

/** True when this machine lets us read the file. */
export async function isReadable(file: string): Promise<boolean> {
  try {
    await access(file, constants.R_OK)
    return true
  } catch {
    // Whatever the reason, it cannot be read; there is no other answer to give.
    return false
  }
}
