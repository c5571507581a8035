/** Markup that was written here, with every foreign text in it escaped. */
export interface Html {
  readonly markup: string
}

type Piece = string | number | Html | readonly Html[]

/** Writes HTML: what is put in as text stays text, wherever it stands; what is markup already is taken as it is. */
export function markup(fixed: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const parts = fixed.map((text, index) => text + (index < pieces.length ? written(pieces[index] ?? '') : ''))
  return { markup: parts.join('') }
}

/** Markup that is not there. */
export const nothing: Html = { markup: '' }

function written(piece: Piece): string {
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece))
  if ('markup' in piece) return piece.markup
  return piece.map(({ markup }) => markup).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
