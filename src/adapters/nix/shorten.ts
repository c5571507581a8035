import type { Failure } from '../../model/plan/plan-schema.ts'
import { cleanText } from '../../model/text/text.ts'

/** Characters of a whole text that are kept at its beginning and at its end, where each Nix puts the cause. */
const [head, tail] = [8_000, 24_000]

/**
 * What Nix said of a configuration, in the words of who wrote it: files by their place in the flake and not in the store,
 * a missing file called missing, and the place of the error where that is in the flake.
 */
export function shorten(detail: string, stderr: string, storePath: string | null): string {
  const missing = detail.replace(
    /getting status of '([^']+)': No such file or directory|path '([^']+)' does not exist/g,
    (_, old?: string, newer?: string) => `${wanted(old ?? newer ?? '', stderr)} does not exist`,
  )
  const words = storePath === null ? missing : missing.replaceAll(`${storePath}/`, '')
  // An assertion says itself what to change; where the module system looked at it says nothing.
  const hasPlace = storePath !== null && !detail.startsWith('Failed assertions')
  const place = hasPlace ? placeOf(cleanText(stderr), detail, storePath) : null
  return place === null ? words : `${words}\n${place}`
}

/** A failure with everything that Nix printed, cleaned; the middle is left out where it is long. */
export function traced(failure: Failure, stderr: string): Failure {
  const text = cleanText(stderr).trim()
  const omitted = text.length - head - tail
  const trace = omitted <= 0 ? text : `${text.slice(0, head)}\n… ${omitted} characters left out …\n${text.slice(-tail)}`
  return { ...failure, trace }
}

/** Nix names the first folder that is missing; what was to be read below it is in the trace. */
function wanted(missing: string, stderr: string): string {
  const start = stderr.indexOf(`'${missing}/`)
  return start === -1 ? missing : stderr.slice(start + 1, stderr.indexOf("'", start + 1))
}

/**
 * Where in the flake the error is, or what of the flake led there. The cause stands before the trace up to Nix 2.19, the
 * nearest step first, and after it since, the nearest step last; the place of the cause itself follows it in both.
 */
function placeOf(text: string, detail: string, storePath: string): string | null {
  const start = Math.max(0, text.lastIndexOf(`error: ${detail.split('\n')[0] ?? ''}`))
  const [before, after] = [placesIn(text.slice(0, start)), placesIn(text.slice(start))]
  const inFlake = (place: string | undefined) => place?.startsWith(`${storePath}/`) === true
  const own = after.find(inFlake) ?? before.findLast(inFlake)
  if (own === undefined) return null
  const direct = /^ *at (\S+):$/m.exec(text.slice(start).split(/^ *…/m)[0] ?? '')?.[1]
  return `${own === direct ? 'at' : 'by way of'} ${own.slice(storePath.length + 1)}`
}

function placesIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/^ *at (\S+):$/gm), (match) => match[1] ?? '')
}
