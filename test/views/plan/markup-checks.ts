import { createHash } from 'node:crypto'

/** Throws unless fences and elements are closed in order and nothing foreign is markup, a mention or a link. */
export function checkMarkdown(markdown: string): void {
  const [first = '', ...lines] = markdown.split('\n')
  const comment = /^<!-- fleet-plan (\{.*\}) -->$/.exec(first)
  if (comment === null || first.slice(4, -3).includes('--') || /[<>]/.test(comment[1] ?? ''))
    throw new Error(`not a marker: ${first}`)
  JSON.parse(comment[1] ?? '')
  const open: string[] = []
  for (const line of outsideFences(lines)) {
    const rest = withoutCode(line).replace(/^> \[!(?:CAUTION|WARNING)\]$/, '')
    tags(rest, open, /^<\/?(?:details|summary|b|code)>/)
    const words = rest.replace(/<code>.*?<\/code>/g, '').replace(/&#\d+;/g, '·')
    if (/@[\w-]|#\d|:\/\/|www\.|[[\]\\$~]/i.test(words)) throw new Error(`foreign text means something: ${line}`)
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`)
}

function outsideFences(lines: readonly string[]): readonly string[] {
  const outside: string[] = []
  let fence: string | null = null
  for (const line of lines) {
    const ticks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? null
    if (fence !== null) {
      if (ticks?.startsWith(fence) === true && line.trim() === ticks) fence = null
    } else if (ticks !== null && /^(?:diff|text|sh)$/.test(line.trim().slice(ticks.length))) fence = ticks
    else outside.push(line)
  }
  if (fence !== null) throw new Error('a fence is left open')
  return outside
}

/** The line without its code spans; a backtick that closes nothing is an error. */
function withoutCode(line: string): string {
  const rest = line.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '')
  if (rest.includes('`')) throw new Error(`a code span is left open: ${line}`)
  return rest
}

/** Throws unless every `<` begins an element of ours, and they are closed in order. */
function tags(text: string, open: string[], allowed: RegExp): void {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const tag = allowed.exec(text.slice(at))?.[0]
    if (tag === undefined) throw new Error(`not an element of ours: ${text.slice(at, at + 80)}`)
    const name = /[a-z]\w*/.exec(tag)?.[0] ?? ''
    if (name === 'meta') continue
    if (!tag.startsWith('</')) open.push(name)
    else if (open.pop() !== name) throw new Error(`closed out of order: ${tag}`)
  }
}

const elements =
  'html|head|body|main|header|footer|section|title|h1|h2|p|div|span|strong|b|code|abbr|ul|li|table|thead|tbody|tr|th|td|dl|dt|dd|details|summary|pre|ins|del|i|a|meta'
const element = new RegExp(`^</?(?:${elements})(?: [a-z-]+(?:="[^"<>]*")?)*>`)

/**
 * Throws unless the page is made of our elements, closed in order, its policy allows its own style and nothing else, and links lead to
 * changes of this page alone.
 */
export function checkHtml(html: string): void {
  const [, before = '', style = '', after = ''] =
    /^<!doctype html>\n([^]*?)<style>([^]*?)<\/style>([^]*)$/.exec(html) ?? []
  const digest = createHash('sha256').update(style).digest('base64')
  if (!before.includes(`content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;;`))
    throw new Error('the policy does not allow the style')
  const open: string[] = []
  tags(before + after, open, element)
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`)
  const markup = (before + after).replaceAll(/>[^<]*</g, '><')
  if (/ (?:on\w+|style|href|src)=/.test(markup.replaceAll(/<a href="#change-[A-Z]+">/g, '<a>')))
    throw new Error('an attribute that fetches or runs')
  const places = new Set([...markup.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id))
  const lost = [...markup.matchAll(/ href="#([^"]*)"/g)].find(([, id]) => !places.has(id))
  if (lost !== undefined) throw new Error(`a link that leads nowhere: ${lost[0]}`)
}
