/** What `{{…}}` may stand for; null: there is no such thing here. */
export interface Placeholders {
  readonly name: string | null
  readonly address: string | null
  readonly vars: Readonly<Record<string, string>>
}

/** A text with `{{host.name}}`, `{{host.address}}` and `{{vars.NAME}}` filled in, or the first word that has no value. */
export function fillIn(
  text: string,
  { name, address, vars }: Placeholders,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly word: string } {
  let missing: string | null = null
  const filled = text.replace(/\{\{([^{}]*)\}\}/g, (_, word: string) => {
    const value = valueOf(word, name, address, vars)
    if (value === null) missing ??= word
    return value ?? ''
  })
  return missing === null ? { ok: true, text: filled } : { ok: false, word: missing }
}

function valueOf(word: string, name: string | null, address: string | null, vars: Placeholders['vars']): string | null {
  if (word === 'host.name') return name
  if (word === 'host.address') return address
  const variable = /^vars\.(.*)$/.exec(word)?.[1]
  return variable !== undefined && Object.hasOwn(vars, variable) ? (vars[variable] ?? null) : null
}
