/** One word of the selector language: a host, a glob or a group, or an exclusion of one. */
export interface Selector {
  readonly kind: 'host' | 'glob' | 'group'
  /** Without `!` and `@`. */
  readonly name: string
  readonly exclude: boolean
}

/** Reads one selector; every text is one, whether it matches is another question. */
export function parseSelector(text: string): Selector {
  const exclude = text.startsWith('!')
  const rest = exclude ? text.slice(1) : text
  if (rest.startsWith('@')) return { kind: 'group', name: rest.slice(1), exclude }
  return { kind: /[*?]/.test(rest) ? 'glob' : 'host', name: rest, exclude }
}

/** Whether the glob (`*` any text, `?` one character) covers the whole name; time grows with the product of their lengths at most. */
export function globMatches(glob: string, name: string): boolean {
  let at = 0
  let position = 0
  let star = -1
  let resume = 0
  while (position < name.length) {
    if (glob[at] === '*') {
      star = at++
      resume = position
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === name[position])) {
      at++
      position++
    } else if (star >= 0) {
      at = star + 1
      position = ++resume
    } else return false
  }
  while (glob[at] === '*') at++
  return at === glob.length
}
