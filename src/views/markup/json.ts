/**
 * A JSON document, indented by so many spaces, which no CI system takes for a command when it is printed in a log: `##[` and
 * GitLab's `section_start:` stand in strings alone, where an escape means the same to whoever parses it.
 */
export function json(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent)
    .replaceAll('##[', String.raw`##\u005b`)
    .replace(/(section_(?:start|end)):/g, String.raw`$1\u003a`)
}
