/**
 * The words of one simple shell command, quotes and backslashes taken away; variables stay as they are written.
 * Enough for what nixpkgs' escapeShellArg writes; null where a quote is left open.
 */
export function shellWords(line: string): readonly string[] | null {
  const words: string[] = []
  let word: string | null = null
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? ''
    if (/\s/.test(character)) {
      if (word !== null) words.push(word)
      word = null
    } else if (character === "'") {
      const end = line.indexOf("'", at + 1)
      if (end < 0) return null
      word = (word ?? '') + line.slice(at + 1, end)
      at = end
    } else if (character === '"') {
      let text = ''
      for (at += 1; line[at] !== '"'; at++) {
        if (at >= line.length) return null
        if (line[at] === '\\' && /["\\$`]/.test(line[at + 1] ?? '')) at += 1
        text += line[at] ?? ''
      }
      word = (word ?? '') + text
    } else if (character === '\\') {
      word = (word ?? '') + (line[at + 1] ?? '')
      at += 1
    } else {
      word = (word ?? '') + character
    }
  }
  if (word !== null) words.push(word)
  return words
}
