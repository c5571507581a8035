import { closest, distance } from 'fastest-levenshtein'

/** The known word that was probably meant; null: none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0 || word === '') return null
  const alike = known.find((other) => other.toLowerCase() === word.toLowerCase())
  const best = alike ?? closest(word.toLowerCase(), known)
  if (letters(word) === letters(best)) return best
  const limit = Math.max(1, Math.floor(Math.max(word.length, best.length) / 3))
  return alike !== undefined || distance(word.toLowerCase(), best.toLowerCase()) <= limit ? best : null
}

/** Swapped letters are two edits, yet one slip of the fingers. */
function letters(word: string): string {
  return Array.from(word.toLowerCase()).toSorted().join('')
}

/** A sentence that ends a detail: the nearest known word, else all of them when they are few. */
export function suggestion(word: string, known: readonly string[], label: string): string {
  const meant = nearest(word, known)
  if (meant !== null) return `Did you mean \`${meant}\`?`
  if (known.length === 0) return ''
  const shown = known.slice(0, 12)
  const rest = known.length - shown.length
  return `${label}: ${quoteList(shown)}${rest > 0 ? ` and ${rest} more` : ''}.`
}

/** Words in backquotes with commas between them. */
export function quoteList(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ')
}
