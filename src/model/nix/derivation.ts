import { failed } from '../failure.ts'
import type { Code } from '../codes/codes.ts'
import type { Failure } from '../plan/plan-schema.ts'
import { parseStorePath } from './store-path.ts'
import type { Found } from '../host/system.ts'

/** One .drv, as `nix-instantiate` wrote it. */
export interface Derivation {
  readonly path: string
  /** Name without `.drv`. */
  readonly name: string
  readonly outputs: ReadonlyMap<string, DerivationOutput>
  /** Output names by the path of the derivation they are taken from. */
  readonly inputs: ReadonlyMap<string, readonly string[]>
  readonly sources: readonly string[]
  readonly platform: string
  readonly builder: string
  readonly args: readonly string[]
  readonly env: ReadonlyMap<string, string>
}

/** Where an output will be; a null path is content-addressed or deferred: known only when built. */
export interface DerivationOutput {
  readonly path: string | null
  /** `r:sha256:HEX` of a fixed output; null for ordinary ones. */
  readonly hash: string | null
}

/** What an attribute may be: structured attributes are any JSON, environment entries are text. */
export type Attribute = string | number | boolean | null | readonly Attribute[] | { readonly [name: string]: Attribute }

/** Reads the ATerm text of the derivation at `path`; the format is NixOS/nix src/libstore/derivations.cc's. */
export function parseDerivation(path: string, text: string): Found<Derivation> {
  if (text.startsWith('DrvWithVersion('))
    return unreadable('derivation/dynamic', path, 'It is a dynamic derivation, a format that fleet does not read.')
  if (!text.startsWith('Derive('))
    return unreadable('derivation/corrupt', path, 'It does not start as a derivation does.')
  try {
    return { ok: true, value: new Reader(path, text).derivation() }
  } catch (error) {
    if (error instanceof Malformed) return unreadable('derivation/corrupt', path, error.message)
    throw error
  }
}

function unreadable(code: Code, path: string, detail: string): { ok: false; failure: Failure } {
  return failed(code, 'a derivation could not be read', `${path}: ${detail}`)
}

class Malformed extends Error {}

class Reader {
  readonly #path: string
  readonly #text: string
  #at = 'Derive('.length

  constructor(path: string, text: string) {
    this.#path = path
    this.#text = text
  }

  derivation(): Derivation {
    const outputs = this.#list(() => this.#output())
    this.#expect(',')
    const inputs = this.#list(() => this.#input())
    this.#expect(',')
    const sources = this.#strings()
    this.#expect(',')
    const platform = this.#string()
    this.#expect(',')
    const builder = this.#string()
    this.#expect(',')
    const args = this.#strings()
    this.#expect(',')
    const env = this.#list(() => this.#pair())
    this.#expect(')')
    const name = (parseStorePath(this.#path)?.name ?? this.#path).replace(/\.drv$/, '')
    const [outputMap, inputMap, envMap] = [new Map(outputs), new Map(inputs), new Map(env)]
    return {
      path: this.#path,
      name,
      outputs: outputMap,
      inputs: inputMap,
      sources,
      platform,
      builder,
      args,
      env: envMap,
    }
  }

  #output(): readonly [string, DerivationOutput] {
    const name = this.#first()
    const [path, algorithm, digest] = [this.#next(), this.#next(), this.#next()]
    this.#expect(')')
    const hash = digest === '' ? null : `${algorithm}:${digest}`
    return [name, { path: path === '' ? null : path, hash }]
  }

  #input(): readonly [string, readonly string[]] {
    const path = this.#first()
    this.#expect(',')
    const names = this.#strings()
    this.#expect(')')
    return [path, names]
  }

  #pair(): readonly [string, string] {
    const key = this.#first()
    const value = this.#next()
    this.#expect(')')
    return [key, value]
  }

  #first(): string {
    this.#expect('(')
    return this.#string()
  }

  #next(): string {
    this.#expect(',')
    return this.#string()
  }

  #strings(): readonly string[] {
    return this.#list(() => this.#string())
  }

  #list<T>(item: () => T): readonly T[] {
    this.#expect('[')
    const found: T[] = []
    while (this.#text[this.#at] !== ']') {
      if (found.length > 0) this.#expect(',')
      found.push(item())
    }
    this.#at += 1
    return found
  }

  /** Most strings hold no backslash: the closing quote is looked for, and only what holds one is read again. */
  #string(): string {
    this.#expect('"')
    const start = this.#at
    let end = start
    for (;;) {
      end = this.#text.indexOf('"', end)
      if (end < 0) throw new Malformed(`A text that starts at ${start} does not end.`)
      let backslashes = 0
      while (this.#text[end - 1 - backslashes] === '\\' && end - 1 - backslashes >= start) backslashes += 1
      if (backslashes % 2 === 0) break
      end += 1
    }
    this.#at = end + 1
    const raw = this.#text.slice(start, end)
    return raw.includes('\\') ? raw.replace(/\\(.)/gs, (_, character: string) => unescaped(character)) : raw
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw new Malformed(`Expected ${character} at ${this.#at}.`)
    this.#at += 1
  }
}

function unescaped(character: string): string {
  switch (character) {
    case 'n':
      return '\n'
    case 'r':
      return '\r'
    case 't':
      return '\t'
    default:
      return character
  }
}

const structured = new WeakMap<Derivation, { readonly [name: string]: Attribute }>()

/** An attribute, wherever the derivation keeps it: in `__json` with structured attributes, else in the environment. */
export function attribute(derivation: Derivation, name: string): Attribute | undefined {
  const json = derivation.env.get('__json')
  if (json === undefined) return derivation.env.get(name)
  let object = structured.get(derivation)
  if (object === undefined) {
    object = parsedObject(json)
    structured.set(derivation, object)
  }
  return Object.hasOwn(object, name) ? object[name] : undefined
}

function parsedObject(json: string): { readonly [name: string]: Attribute } {
  try {
    const value = JSON.parse(json) as Attribute
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { readonly [name: string]: Attribute })
      : {}
  } catch (error) {
    // Nix writes this JSON itself; a derivation made by hand may hold anything and then has no attributes.
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/** An attribute that is one text; null when there is none or it is something else. */
export function textAttribute(derivation: Derivation, name: string): string | null {
  const value = attribute(derivation, name)
  return typeof value === 'string' ? value : null
}

/** An attribute that is a list of words: a JSON list, or the environment's words with blanks between them. */
export function listAttribute(derivation: Derivation, name: string): readonly string[] | null {
  const value = attribute(derivation, name)
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '')
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null
}
