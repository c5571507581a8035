import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addRoot, removeRoot } from '../../../src/adapters/nix/add-roots.ts'
import { localStore } from '../../../src/adapters/nix/store.ts'
import { localRoots } from '../../../src/adapters/roots.ts'
import { run } from '../../lab/run.ts'

const never = new AbortController().signal
const path = process.env['PATH'] ?? ''
const missing = '/nix/store/00000000000000000000000000000000-gone'

let folder: string
let real: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-roots-'))
  real = (await run('sh', ['-c', 'command -v nix-store'])).trim()
  const counting = `#!/bin/sh\necho "$1 $2" >>'${folder}/calls'\nexec '${real}' "$@"\n`
  writeFileSync(join(folder, 'nix-store'), counting)
  chmodSync(join(folder, 'nix-store'), 0o755)
  process.env['PATH'] = `${folder}:${path}`
})
afterEach(() => {
  process.env['PATH'] = path
  rmSync(folder, { recursive: true })
})

/** How often Nix was asked what, by the first words of each process. */
function calls(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const line of readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')) {
    const kind = line.replace(/ (?!--requisites).*/, '')
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** Two store paths of this test's own, plain files. */
async function twoFiles(): Promise<readonly [string, string]> {
  const add = async (name: string) => {
    writeFileSync(join(folder, name), `${folder} ${name}\n`)
    return (await run(real, ['--add', join(folder, name)])).trim()
  }
  return [await add('one'), await add('other')]
}

/** Store paths of this test's own, derivations that nobody builds: each refers to the one before. */
async function derivations(count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `d${index}`)
  const made = names.map((name, index) => {
    const before = index === 0 ? '""' : `d${index - 1}`
    return `${name} = derivation { name = "${name}"; system = "none"; builder = "/bin/sh"; of = "${folder}"; before = ${before}; };`
  })
  const text = await run('nix-instantiate', ['-E', `let ${made.join(' ')} in [ ${names.join(' ')} ]`])
  return text.trim().split('\n')
}

test('thirty roots that are wanted at once are one question, each keeps its path, and each goes by itself', async () => {
  const [one, other] = await twoFiles()
  const rootOf = (index: number) => join(folder, 'roots', `host-${index}`)
  const wanted = Array.from({ length: 30 }, (_, index) => [index % 2 === 0 ? one : other, rootOf(index)] as const)
  const added = await Promise.all(wanted.map(([target, root]) => addRoot(target, root, never)))
  expect(added).toEqual(wanted.map(() => true))
  expect(calls()).toEqual({ '--realise': 1 })
  const roots = await run(real, ['-q', '--roots', one])
  for (const [target, root] of wanted) {
    const link = join(folder, 'roots', readlinkSync(root))
    expect(readlinkSync(link)).toBe(target)
    expect(roots.includes(`${link} ->`)).toBe(target === one)
  }
  await Promise.all(wanted.map(([, root]) => removeRoot(root)))
  expect(readdirSync(join(folder, 'roots', '.gathered'))).toEqual([])
})

test('a root is replaced, and what is not in the store needs none and keeps no other from its own', async () => {
  const [one, other] = await twoFiles()
  const root = join(folder, 'roots', 'host')
  const gone = join(folder, 'roots', 'gone')
  await Promise.all([localRoots.add(one, root, never), localRoots.add(missing, gone, never)])
  await localRoots.add(other, root, never)
  expect(readlinkSync(join(folder, 'roots', readlinkSync(root)))).toBe(other)
  expect(readdirSync(join(folder, 'roots', '.gathered'))).toHaveLength(1)
  expect(existsSync(gone)).toBe(false)
})

test('a hundred closures are one question for what is needed and one for its records, and then none', async () => {
  const all = await derivations(4)
  const store = localStore()
  const wanted = Array.from({ length: 100 }, (_, index) => all[index % all.length] ?? '')
  const closures = await Promise.all(wanted.map((one) => store.closure(one, never)))
  const found = closures.map((closure) => (closure.ok ? [...closure.value.keys()].toSorted() : []))
  expect(found).toEqual(wanted.map((one) => all.slice(0, all.indexOf(one) + 1).toSorted()))
  const asked = calls()
  await store.closure(all[0] ?? '', never)
  expect(calls()).toEqual(asked)
  expect(asked).toEqual({ '-q --requisites': 1, '--dump-db': 1 })
})

test('a path that is not there fails its own closure, and nobody else’s', async () => {
  const [one = ''] = await derivations(1)
  const store = localStore()
  const [found, lost] = await Promise.all([store.closure(one, never), store.closure(missing, never)])
  expect(found).toMatchObject({ ok: true })
  expect(lost).toMatchObject({ ok: false, failure: { code: 'store/no-answer' } })
})
