import { cleanLine, cleanText } from '../../model/text/text.ts'

/** Warnings that one configuration is quoted with. */
const most = 100

/**
 * What a configuration warns of: its own `warnings`, then what packages and libraries said while it was evaluated. nixpkgs'
 * lib.warn prints `trace: warning: …`, with colours, or `evaluation warning: …` where Nix has builtins.warn (2.23). NixOS
 * prints its own warnings in the same way, so that what begins like one of them is left out.
 */
export function warningsOf(own: readonly string[], stderr: string): readonly string[] {
  const stated = own.map(cleanLine)
  const printed = Array.from(
    cleanText(stderr).matchAll(/^(?:trace: |evaluation )warning: (.*\S)/gm),
    (match) => match[1] ?? '',
  )
  const more = printed.filter((line) => !stated.some((warning) => warning.trimStart().startsWith(line)))
  return [...new Set([...stated, ...more])].slice(0, most)
}
