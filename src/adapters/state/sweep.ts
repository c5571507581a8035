import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files looked at, or removed, at once. */
const atOnce = 64

/** Removes the files of a cache, wherever below its directory, that were last written or used before `oldest`, and of the others all but the latest `most`. Costs are no entry. */
export async function sweep(directory: string, oldest: number, most: number): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  const names = entries.flatMap((entry) =>
    entry.isFile() && entry.name !== costsFile ? [join(entry.parentPath, entry.name)] : [],
  )
  const files: { readonly file: string; readonly at: number }[] = []
  for (let index = 0; index < names.length; index += atOnce)
    files.push(
      ...(await Promise.all(
        names.slice(index, index + atOnce).map(async (file) => {
          // One that has gone meanwhile needs no removing.
          const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }))
          return { file, at: mtimeMs }
        }),
      )),
    )
  const latest = files.toSorted((one, other) => other.at - one.at)
  const gone = latest.filter(({ at }, index) => at < oldest || index >= most)
  for (let index = 0; index < gone.length; index += atOnce)
    await Promise.all(gone.slice(index, index + atOnce).map(({ file }) => rm(file, { force: true })))
}

/** What evaluations took, which is no entry of a cache. */
export const costsFile = 'costs.json'
