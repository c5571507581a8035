import { createHash } from 'node:crypto'

/** Nix's own base 32 (NixOS/nix src/libutil/hash.cc). */
const alphabet = '0123456789abcdfghijklmnpqrsvwxyz'

/**
 * Where the store keeps a source tree of this hash (`sha256-…` in base 64, as flake.lock has it): fetchers name every tree
 * `source` (NixOS/nix src/libstore/store-api.cc, makeFixedOutputPath, and src/libfetchers). Null for any other kind of hash.
 */
export function sourceStorePath(narHash: string, store: string): string | null {
  const [, digest] = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(narHash) ?? []
  if (digest === undefined) return null
  const content = Buffer.from(digest, 'base64').toString('hex')
  const whole = createHash('sha256').update(`source:sha256:${content}:${store}:source`).digest()
  return `${store}/${base32(folded(whole, 20))}-source`
}

/** A hash made shorter: the bytes beyond the end are laid over the beginning. */
function folded(hash: Buffer, size: number): Buffer {
  const short = Buffer.alloc(size)
  for (const [index, byte] of hash.entries()) short[index % size] = (short[index % size] ?? 0) ^ byte
  return short
}

/** Five bits a character, the last ones first. */
function base32(bytes: Buffer): string {
  const length = Math.ceil((bytes.length * 8) / 5)
  const digits = Array.from({ length }, (_, index) => {
    const bit = (length - 1 - index) * 5
    const [byte, shift] = [Math.floor(bit / 8), bit % 8]
    const value = ((bytes[byte] ?? 0) >> shift) | ((bytes[byte + 1] ?? 0) << (8 - shift))
    return alphabet[value & 31] ?? ''
  })
  return digits.join('')
}
