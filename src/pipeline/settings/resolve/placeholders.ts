import type { Check as CheckFile } from '../../../model/fleet/fleet-schema.ts'
import { pointer } from '../../../model/fleet/source.ts'
import { suggestion } from '../suggest.ts'
import type { Context } from './context.ts'

/** The texts of a check in which `{{…}}` is replaced, by JSON pointer below the check. */
function textsOf(check: CheckFile): readonly (readonly [string, string])[] {
  if (!('type' in check)) return []
  switch (check.type) {
    case 'http':
      return [
        ['/url', check.url],
        ...Object.entries(check.headers ?? {}).map(([name, text]) => [`/headers${pointer(name)}`, text] as const),
      ]
    case 'tcp':
      return check.address === undefined ? [] : [['/address', check.address]]
    case 'command':
      return typeof check.run === 'string'
        ? [['/run', check.run]]
        : check.run.map((text, index) => [`/run/${index}`, text] as const)
    default:
      return []
  }
}

/** The words between `{{` and `}}` in a check. */
export function placeholdersOf(check: CheckFile): readonly { readonly word: string; readonly at: string }[] {
  return textsOf(check).flatMap(([at, text]) =>
    Array.from(text.matchAll(/\{\{([^{}]*)\}\}/g), (found) => ({ word: found[1] ?? '', at })),
  )
}

/** Reports `{{…}}` that nothing can be put in for. */
export function checkPlaceholders(context: Context, at: string, check: CheckFile): void {
  for (const { word, at: below } of placeholdersOf(check)) {
    if (word === 'host.name' || word === 'host.address' || /^vars\.[A-Za-z_][A-Za-z0-9_]*$/.test(word)) continue
    const known = ['host.name', 'host.address', 'vars.NAME']
    const detail = `Nothing can be put in for \`{{${word}}}\`. ${suggestion(word, known, 'There are')}`
    context.atValue('config/unknown-placeholder', at + below, detail)
  }
}

/** Reports `{{vars.x}}` of a check where a host that has the check has no such variable. */
export function checkVariables(
  context: Context,
  hosts: readonly {
    readonly name: string
    readonly settings: { readonly checks: readonly string[]; readonly vars: object }
  }[],
): void {
  for (const [name, check] of Object.entries(context.file.checks ?? {})) {
    const own = 'vars' in check ? (check.vars ?? {}) : {}
    for (const { word, at } of placeholdersOf(check)) {
      const variable = /^vars\.(\w+)$/.exec(word)?.[1]
      if (variable === undefined || Object.hasOwn(own, variable)) continue
      const lacking = hosts.filter(
        ({ settings }) => settings.checks.includes(name) && !Object.hasOwn(settings.vars, variable),
      )
      if (lacking.length === 0) continue
      const shown = lacking
        .slice(0, 5)
        .map((host) => `\`${host.name}\``)
        .join(', ')
      const rest = lacking.length > 5 ? ` and ${lacking.length - 5} more` : ''
      const detail = `This check uses the variable \`${variable}\`, which ${shown}${rest} does not have. Set it under \`vars\` there or in \`defaults\`.`
      context.atValue('config/unknown-placeholder', pointer('checks', name) + at, detail)
    }
  }
}
