/** Whose log the output ends up in: a system that takes lines of it for commands. `actions`: GitHub's, Forgejo's and Gitea's runners. */
export type LogReader = 'actions' | 'gitlab'

/** Lets nothing through that the reader takes for a command; what it is given may end anywhere in a line. */
export type CommandBreaker = (text: string) => string

/**
 * Characters that the runner may take for blank at the start of a line: its TrimStart takes what Unicode calls white space, and
 * its comparison skips what has no width.
 */
const blank = String.raw`(?:(?![\n\r])[\s\u0085\p{Cc}\p{Cf}])`
const start = new RegExp(String.raw`(^|[\n\r])(${blank}*:)(?=:)`, 'gu')
const onlyBlank = new RegExp(`^${blank}*(:?)$`, 'u')

/** The longest beginning of a marker that a text may end with and the next begin after. */
const longestStart = 'section_start'.length

/**
 * Breaks what a log's reader would take for a command by one space before its last character, which nobody else misreads.
 *
 * The runner of GitHub (actions/runner, Runner.Common/ActionCommand.cs) takes `::name …::` at the start of a line, blanks before it
 * left out, and `##[name …]` anywhere in one; Forgejo's and Gitea's (act, runner/command.go) both at the start of a line. GitLab's
 * sections are `section_start:` and `section_end:` with a time and a name (lib/gitlab/regex.rb).
 */
export function commandBreaker(reader: LogReader): CommandBreaker {
  // What is there of the line that is not ended: only what a marker may begin with, since that alone matters.
  let carried = ''
  return (text) => {
    if (text === '') return ''
    const broken = broke(reader, carried + text)
    const result = broken.slice(carried.length)
    carried = carriedOf(broken)
    return result
  }
}

function broke(reader: LogReader, text: string): string {
  return reader === 'gitlab'
    ? text.replace(/section_(?:start|end)(?=:)/g, '$& ')
    : text.replace(start, '$1$2 ').replace(/##(?=\[)/g, '$& ')
}

/** The end of what was written, shortened to what decides about the text that comes next. */
function carriedOf(written: string): string {
  const line = written.slice(Math.max(written.lastIndexOf('\n'), written.lastIndexOf('\r')) + 1)
  const [, colon] = onlyBlank.exec(line) ?? []
  // With any other character in front, the pattern for the start of a line finds nothing.
  return colon ?? `x${line.slice(-longestStart)}`
}
