import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Expression, type Node, parseSync, type Program, Visitor } from 'oxc-parser'

const root = fileURLToPath(new URL('../../../src', import.meta.url))

/** A source file of fleet, by its path below `src/`, without what is generated. */
export interface Source {
  readonly file: string
  readonly text: string
}

/** All source files of fleet. */
export function sources(): readonly Source[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('-schema.ts'))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
}

/** A text that is written in the source: what is put in at run time is `…`. */
export interface Said {
  /** `file:line`. */
  readonly at: string
  readonly text: string
}

/** Every text of a source file with a blank in it: what could be a sentence, or a part of one. */
export function textsIn({ file, text }: Source): readonly Said[] {
  const found: Said[] = []
  const note = (node: Node) => {
    for (const said of textsOf(node, new Map()))
      if (/\s/.test(said)) found.push({ at: `${file}:${lineAt(text, node.start)}`, text: said })
  }
  new Visitor({ Literal: note, TemplateLiteral: note }).visit(parseSync(file, text).program)
  return found
}

/** A code with the one line that is printed for it. */
export interface Summary extends Said {
  readonly code: string
}

/**
 * What a source file prints for codes: the argument behind a code in a call or a list (behind its severity, where that comes
 * next), and the `summary` or `reason` of an object with a `code`. A text that is made elsewhere is not seen.
 */
export function summariesIn({ file, text }: Source, isCode: (text: string) => boolean): readonly Summary[] {
  const { program } = parseSync(file, text)
  const constants = constantsIn(program)
  const found: Summary[] = []
  const note = (codes: readonly string[], node: Node | undefined) => {
    if (node === undefined) return
    for (const code of codes)
      for (const said of textsOf(node, constants))
        found.push({ code, at: `${file}:${lineAt(text, node.start)}`, text: said })
  }
  const codesOf = (node: Node) => textsOf(node, new Map()).filter(isCode)
  const inOrder = (nodes: readonly (Node | null)[]) => {
    const at = nodes.findIndex((node) => node !== null && codesOf(node).length > 0)
    const [code, next, other] = [nodes[at], nodes[at + 1], nodes[at + 2]]
    if (code == null || next == null) return
    const isSeverity = textsOf(next, new Map()).some((word) => ['info', 'warning', 'error'].includes(word))
    note(codesOf(code), (isSeverity ? other : next) ?? undefined)
  }
  new Visitor({
    CallExpression: (call) => inOrder(call.arguments),
    ArrayExpression: (list) => inOrder(list.elements),
    ObjectExpression(object) {
      const values = new Map<string, Node>()
      for (const property of object.properties)
        if (property.type === 'Property' && property.key.type === 'Identifier')
          values.set(property.key.name, property.value)
      const code = values.get('code')
      if (code !== undefined) note(codesOf(code), values.get('summary') ?? values.get('reason'))
    },
  }).visit(program)
  return found
}

/** What each name stands for that is given to one constant only. */
function constantsIn(program: Program): ReadonlyMap<string, Expression> {
  const all = new Map<string, Expression | null>()
  new Visitor({
    VariableDeclarator({ id, init }) {
      if (id.type === 'Identifier') all.set(id.name, all.has(id.name) ? null : init)
    },
  }).visit(program)
  return new Map([...all].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])))
}

/** The texts that an expression can be, as far as the file itself says. */
function textsOf(node: Node, constants: ReadonlyMap<string, Expression>): readonly string[] {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : []
    case 'TemplateLiteral':
      return [node.quasis.map(({ value }) => value.cooked ?? '').join('…')]
    case 'ConditionalExpression':
      return [...textsOf(node.consequent, constants), ...textsOf(node.alternate, constants)]
    case 'Identifier': {
      const value = constants.get(node.name)
      return value === undefined ? [] : textsOf(value, new Map())
    }
    default:
      return []
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
