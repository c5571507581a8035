/** One side of `fleet diff`, as it was typed: a host as it runs, one of its generations, what a revision says of it, a store path. */
export type Operand =
  | { readonly how: 'host'; readonly host: string }
  | { readonly how: 'generation'; readonly host: string; readonly generation: Generation }
  /** `ref` null: the flake as it is. */
  | { readonly how: 'revision'; readonly host: string; readonly ref: string | null }
  | { readonly how: 'path'; readonly path: string }

/** A generation by its number, the booted system, or the one that the system profile leads to. */
export type Generation = number | 'booted' | 'profile'

/** Reads `web-1`, `web-1@41`, `web-1@booted`, `main#web-1`, `#web-1` or a path (it holds a slash and no `#`); null: none of these. */
export function operandFrom(text: string): Operand | null {
  const hash = text.lastIndexOf('#')
  if (hash >= 0) {
    const [ref, host] = [text.slice(0, hash), text.slice(hash + 1)]
    return isName(host) ? { how: 'revision', host, ref: ref === '' ? null : ref } : null
  }
  if (text.includes('/')) return { how: 'path', path: text }
  const [host = '', word, ...rest] = text.split('@')
  if (!isName(host) || rest.length > 0) return null
  if (word === undefined) return { how: 'host', host }
  const generation = generationFrom(word)
  return generation === null ? null : { how: 'generation', host, generation }
}

function generationFrom(word: string): Generation | null {
  if (word === 'booted' || word === 'profile') return word
  return /^[1-9]\d{0,8}$/.test(word) ? Number(word) : null
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text)
}
