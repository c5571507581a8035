import * as fc from 'fast-check'

/** What tries to leave the place it is put in, or to be taken for more than text. */
const sharp = [
  '\u001B[2J\u001B]0;title\u0007',
  '\u202E\u2066\u200B\uFEFF',
  '\u0000',
  '\uD800',
  '\u009B31m',
  '../../../../tmp/evil',
  '-oProxyCommand=touch /tmp/evil',
  'a\n  ProxyCommand touch /tmp/evil',
  '$(reboot)`reboot`${x}',
  '<script>alert(1)</script></details>-->',
  '[x](https://evil.example) @everyone #1 `code',
  '{{host.name}} {{vars.x}}',
  '__proto__',
  'constructor',
  'toString',
  '9'.repeat(400),
  '-0',
  '1e999',
  '𝒜🚀e\u0301',
  ' '.repeat(2000),
  'x'.repeat(20_000),
  '[['.repeat(500),
  '{"a":'.repeat(500),
  '\r\n\r\n',
  '/nix/store/',
  `/nix/store/${'0'.repeat(32)}-\u001B[2J`,
] as const

/** Text that is foreign: sharp, any, or of the marks that formats are made of. */
export const foreign = fc.oneof(
  fc.constantFrom(...sharp),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(...'" \' \\ { } [ ] ( ) : , = - # & * ! | > @ % \n \t 0 a'.split(' '), ' '),
    maxLength: 30,
  }),
)

type Edit = (text: string) => string

const place = fc.double({ min: 0, max: 1, noNaN: true })
const at = (text: string, share: number) => Math.floor(share * text.length)

/** One change of a text: a piece goes, comes, comes twice or is exchanged with another's. */
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, place).map(([from, length]): Edit => (text) => {
    const start = at(text, from)
    return text.slice(0, start) + text.slice(start + at(text, length * 0.2) + 1)
  }),
  fc.tuple(place, foreign).map(
    ([from, more]): Edit =>
      (text) =>
        text.slice(0, at(text, from)) + more + text.slice(at(text, from)),
  ),
  fc.tuple(place, foreign).map(([from, more]): Edit => (text) => {
    const start = at(text, from)
    return text.slice(0, start) + more + text.slice(start + more.length)
  }),
  fc.tuple(place, place).map(([from, length]): Edit => (text) => {
    const [start, end] = [at(text, from), at(text, from) + at(text, length * 0.3) + 1]
    return text.slice(0, end) + text.slice(start, end) + text.slice(end)
  }),
  place.map(
    (share): Edit =>
      (text) =>
        text.slice(0, at(text, share)),
  ),
  fc.tuple(place, foreign).map(([share, more]): Edit => (text) => {
    const lines = text.split('\n')
    lines[Math.floor(share * lines.length)] = more
    return lines.join('\n')
  }),
)

/** One of the recorded texts, as it is or damaged in a few places; and sometimes no such text at all. */
export function damaged(recorded: readonly string[]): fc.Arbitrary<string> {
  const edits = fc.array(edit, { minLength: 0, maxLength: 4 })
  const near = fc
    .tuple(fc.constantFrom(...recorded), edits)
    .map(([text, all]) => all.reduce((now, one) => one(now), text))
  return fc.oneof({ weight: 9, arbitrary: near }, { weight: 1, arbitrary: foreign })
}

/** A document in which some values are of another kind, hostile, missing or new; its other parts keep their shape. */
export function damagedTree(recorded: readonly unknown[]): fc.Arbitrary<unknown> {
  const other = fc.oneof(
    { weight: 4, arbitrary: foreign },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>(null, true, -1, 0, 1e300, 2 ** 53, [], {}, [null], [[]], { '': 0 }),
    },
  )
  const change = fc.tuple(fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 8 }), other, fc.nat({ max: 9 }))
  return fc
    .tuple(fc.constantFrom(...recorded), fc.array(change, { maxLength: 4 }))
    .map(([tree, changes]) => changes.reduce((now, [path, value, how]) => changed(now, path, value, how), tree))
}

/** Follows the numbers down the tree, each modulo what there is, and changes the place where they or the tree end. */
function changed(tree: unknown, path: readonly number[], value: unknown, how: number): unknown {
  if (typeof tree !== 'object' || tree === null) return how < like || typeof tree === typeof value ? value : tree
  const entries = Object.entries(tree)
  const [step = how, ...rest] = path
  const index = entries.length === 0 ? -1 : step % entries.length
  const [key, child] = entries[index] ?? []
  // A change for the like goes on to a leaf: so a document keeps its shape, and is read to its end.
  if (key !== undefined && (rest.length > 0 || how >= like)) entries[index] = [key, changed(child, rest, value, how)]
  else if (how === 0 && index >= 0) entries.splice(index, 1)
  else if (how === 1) entries.push([String(value), value])
  else if (how === 2 && key !== undefined) entries[index] = [String(value), child]
  else if (key === undefined) entries.push(['0', value])
  else entries[index] = [key, value]
  // `fromEntries` defines `__proto__` as a key of its own, as JSON.parse does.
  return Array.isArray(tree) ? entries.map(([, one]) => one as unknown) : Object.fromEntries(entries)
}

/** Ways to change from which on a value is exchanged only with one of its kind. */
const like = 4
