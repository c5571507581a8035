import { type Html, markup } from '../../markup/html.ts'

/** A titled part of the page. */
export function section(title: string, body: readonly Html[]): Html {
  return markup`<section>
<h2>${title}</h2>
${body}
</section>`
}
