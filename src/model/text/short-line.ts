/** Characters of a message that a program or a host may fill. */
const longest = 300

/** A line cut to a length that people read. */
export function shortLine(line: string): string {
  return line.length > longest ? `${line.slice(0, longest - 1).trimEnd()}…` : line
}
