import { shortLine } from '../model/text/short-line.ts'
import { cleanLine } from '../model/text/text.ts'

/** The last line that says something in what a program printed, cleaned and cut; empty where there is none. */
export function lastLine(text: string): string {
  // What lies before is never looked at: it may be a megabyte.
  const lines = text
    .slice(-16_384)
    .split('\n')
    .map((line) => cleanLine(line).trim())
  return shortLine(lines.findLast((line) => line !== '') ?? '')
}
