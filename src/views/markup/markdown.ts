/**
 * What means something to Markdown or HTML, and what GitHub makes a link of: `@name`, `#1`, `GH-1`, a commit's hash or its start
 * (seven digits or more), `https://`, `www.`.
 */
const meaningful = /[&<>`*_[\]|\\~$]|[@#](?=\S)|:(?=\/\/)|www(?=\.)|\bGH(?=-\d)|\b[0-9a-f]{7,}(?![0-9a-z])/gi
/** Nothing to see, and the end of whatever it stands in. */
const gap = '&#8203;'
/** Nothing but what stands for itself between two backticks. */
const plain = /^[\w.+:/=,@%(){}→-][\w.+:/=,@%(){}→ -]*$/

/**
 * Foreign text for one line of Markdown or of HTML: it can open nothing, close nothing, mention nobody (`@name`), refer to no
 * issue or commit (`#1`, `GH-1`, `61413aa`) and become no link. It must be cleaned already.
 */
export function prose(text: string): string {
  return text.replace(meaningful, (found) => {
    if (/^[0-9a-f]{2}/i.test(found)) return found.replace(/.{6}(?=.)/g, `$&${gap}`)
    return /^[a-z@#:]/i.test(found) ? found + gap : `&#${found.charCodeAt(0)};`
  })
}

/** A foreign name as code: `` `forgejo.service` ``, or as an element where backticks are not safe. Empty: a dash. */
export function code(name: string): string {
  const text = name.trim()
  if (text === '') return '—'
  return plain.test(text) ? `\`${text}\`` : `<code>${prose(text)}</code>`
}

/** Foreign lines as they are, in a fence that is longer than any inside. */
export function fence(language: string, lines: readonly string[]): readonly string[] {
  const text = lines.join('\n')
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2)
  const ticks = '`'.repeat(longest + 1)
  return [ticks + language, text, ticks]
}

/** A folded block; the summary is ready Markdown without line breaks, the body whole blocks. */
export function folded(summary: string, body: readonly string[]): string {
  return ['<details>', `<summary>${summary}</summary>`, '', ...body, '', '</details>'].join('\n')
}

/** A block that GitHub draws as an alert; the items are one line each. */
export function alert(kind: 'CAUTION' | 'WARNING', items: readonly string[]): string {
  return [`> [!${kind}]`, ...items.map((item) => `> - ${item}`)].join('\n')
}

/** A comment that nobody sees and a program finds again: its name, then JSON that cannot end it. */
export function marker(name: string, value: Readonly<Record<string, string | number | boolean>>): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return `<!-- ${name} ${JSON.stringify(value).replace(/[<>&]|-(?=-)/g, escape)} -->`
}
