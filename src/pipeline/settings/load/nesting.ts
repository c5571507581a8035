/** Levels that a fleet.yaml may have; fleet's own format has seven. */
const most = 200

/** What begins a level on the line where it stands: an item of a list, a key that is followed by more. */
const level = /(?:[-?]|[^\s,{}[\]"'#]+:)[ \t]+/y

/**
 * The offset at which a text is nested more deeply than any fleet.yaml; null where it never is. It is asked before the text
 * is parsed: a parser that runs out of stack while it compiles a pattern takes the whole process with it (seen with Node 20).
 */
export function tooDeepAt(text: string): number | null {
  return tooManyBrackets(text) ?? tooDeepLine(text)
}

/** Brackets in quotes are counted, too: they come in pairs there, or are few. */
function tooManyBrackets(text: string): number | null {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '[' || character === '{') depth += 1
    else if ((character === ']' || character === '}') && depth > 0) depth -= 1
    if (depth > most) return at
  }
  return null
}

function tooDeepLine(text: string): number | null {
  let start = 0
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length
    let levels = 0
    level.lastIndex = indent
    while (levels <= most && level.test(line)) levels += 1
    if (levels > most || indent > 4 * most) return start + indent
    start += line.length + 1
  }
  return null
}
