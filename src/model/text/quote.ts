/** One word for a POSIX shell (and for zsh): the only place where a value is prepared for a shell. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new Error('bug: a word for a shell cannot hold a NUL')
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('=') ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
