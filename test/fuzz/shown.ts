import { checkHtml } from '../views/plan/markup-checks.ts'

/** Throws where a text would do something to a terminal: fleet's own colours are switched off, so that no control character is its. */
export function onScreen(text: string): void {
  // oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
  const found = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/.exec(text)
  if (found === null) return
  const near = JSON.stringify(text.slice(Math.max(0, found.index - 60), found.index + 60))
  throw new Error(`a control character on the screen: ${near}`)
}

/** Throws where a name is markup, or a link, in a page. */
export function onPage(html: string): void {
  checkHtml(html)
}
