import { configurationProblem } from '../../../model/fleet/configuration-problem.ts'
import type { Diagnostic, Place } from '../../../model/diagnostic.ts'
import { placeOfSpan, type Source, type Span } from '../../../model/fleet/source.ts'

/** What the YAML parser says about one error: its code, its words and the offsets. */
export interface YamlError {
  readonly code: string
  readonly message: string
  readonly pos: readonly [number, number]
}

/** One understandable diagnostic for an error of the YAML parser. */
export function yamlProblem(error: YamlError, source: Source): Diagnostic {
  const span = { start: error.pos[0], end: error.pos[1] }
  const place = placeOfSpan(source, span)
  const found = source.text.slice(span.start, span.end)
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return configurationProblem('config/tab', tabDetail, placeOfSpan(source, tabOf(source, span)))
    case 'MULTIPLE_DOCS':
      return configurationProblem('config/several-documents', severalDetail, place)
    case 'BAD_ALIAS':
    case 'TAG_RESOLVE_FAILED':
      return unquoted(source, span)
    case 'BAD_SCALAR_START':
      return found === '@' || found === '`' || found === '%'
        ? unquoted(source, span)
        : configurationProblem('config/yaml', sentence(error.message), place)
    case 'BLOCK_AS_IMPLICIT_KEY':
      return configurationProblem('config/yaml', nestedDetail, place)
    case 'MISSING_CHAR':
      return missing(error, source, place)
    case 'RESOURCE_EXHAUSTION':
      return configurationProblem('config/too-large', 'This is nested too deeply to be read.', place)
    default:
      return configurationProblem('config/yaml', sentence(error.message), place)
  }
}

const tabDetail = 'YAML is indented with spaces only. Replace the tab by spaces, as many as the lines beside it have.'
const severalDetail =
  'A second document starts here. A fleet.yaml is one YAML document: remove the `---`, or what follows it.'
const nestedDetail =
  'There is a second `key: value` here. Either the line is indented differently from its neighbours, or the value holds `: ` and needs quotes.'

function missing({ message }: YamlError, source: Source, place: Place): Diagnostic {
  const quote = /["'](?=quote)/.exec(message)?.[0]
  if (quote !== undefined) {
    const opened = openedQuote(source.text, quote)
    const detail = `The text that this ${quote} starts does not end: write another ${quote} after it.`
    return configurationProblem('config/yaml', detail, opened === null ? place : placeOfSpan(source, opened))
  }
  const detail = message.includes('map values') ? 'A `:` and a value are missing after this key.' : sentence(message)
  return configurationProblem('config/yaml', detail, place)
}

/** The parser notices at the end of the file; most likely it is the first line with an odd number of quotes. */
function openedQuote(text: string, quote: string): Span | null {
  let start = 0
  for (const line of text.split('\n')) {
    if (!line.trimStart().startsWith('#') && line.split(quote).length % 2 === 0) {
      const at = start + line.lastIndexOf(quote)
      return { start: at, end: at + 1 }
    }
    start += line.length + 1
  }
  return null
}

/** The parser calls a text that starts with `!` a tag and one that starts with `*` an alias; in this file both are selectors. */
function unquoted(source: Source, span: Span): Diagnostic {
  const word = /^[^\s,\]}]*/.exec(source.text.slice(span.start))?.[0] ?? ''
  const place = placeOfSpan(source, { start: span.start, end: span.start + Math.max(1, word.length) })
  const detail = `In YAML a text cannot start with \`${word.slice(0, 1)}\` unless it is quoted. Write "${word}".`
  return configurationProblem('config/unquoted', detail, place)
}

/** The parser's span may begin at spaces before the tab. */
function tabOf(source: Source, span: Span): Span {
  const lineStart = source.text.lastIndexOf('\n', span.start - 1) + 1
  const tab = source.text.indexOf('\t', lineStart)
  const start = tab < 0 ? span.start : tab
  return { start, end: start + 1 }
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}
