/** A text without the characters of `ends` that it ends with; a pattern such as `/=+$/` would look at each of them anew. */
export function withoutEnd(text: string, ends: string): string {
  let length = text.length
  while (length > 0 && ends.includes(text[length - 1] ?? '')) length -= 1
  return text.slice(0, length)
}
