import { open } from 'node:fs/promises'

/** Bytes read at once. */
const chunk = 1024 * 1024

/**
 * The text of a file that a person named; it may be a pipe. Rejects as `open` does, and with `EFBIG` for more than `maxBytes`:
 * an endless device ends there, too.
 */
export async function readNamedFile(file: string, maxBytes: number): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const parts: Buffer[] = []
    let total = 0
    for (;;) {
      // A pipe has no positions.
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(chunk), 0, chunk, null)
      if (bytesRead === 0) return Buffer.concat(parts).toString('utf8')
      total += bytesRead
      if (total > maxBytes) throw tooLarge(maxBytes)
      parts.push(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}

function tooLarge(maxBytes: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`It has more than ${maxBytes / 1024 ** 2} MiB.`), { code: 'EFBIG' })
}
