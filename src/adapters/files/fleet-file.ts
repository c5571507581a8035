import { writeFile } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'

/** Writes a new file, or with `replace` an old one whole or not at all. Rejects with EEXIST where it may not replace one. */
export async function writeFleetFile(file: string, text: string, replace: boolean): Promise<void> {
  if (replace) await writeFileAtomic(file, text)
  else await writeFile(file, text, { flag: 'wx' })
}
