import type { Settings } from './draft.ts'

/**
 * How to become root, from the words that another tool puts before a command. `sudo` is fleet's own way and is not written;
 * a program that can refuse instead of asking for a password is told to.
 */
export function sudoPrefix(words: readonly string[] | null): Settings {
  const [program, ...rest] = (words ?? []).filter((word) => !['', '--', '-H', '-S', '-n'].includes(word))
  if (program === undefined || (program === 'sudo' && rest.length === 0)) return {}
  const asksNothing = program === 'sudo' || program === 'doas' ? ['-n'] : []
  return { sudo: [program, ...asksNothing, ...rest].join(' ') }
}
