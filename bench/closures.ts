import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { program } from '../src/adapters/nix/command.ts'
import { localStore } from '../src/adapters/nix/store.ts'
import { built } from '../src/model/host/nixos-system.ts'
import { comparePackages, namedByPath } from '../src/pipeline/compare/diff/packages.ts'
import { run } from '../test/lab/run.ts'
import { never } from './evaluation.ts'
import { interleaved, measure, table, WatchedMemory } from './measure.ts'

/** B4: two closures in one local store, fleet beside `nix store diff-closures`; targets are 1.5 of that, and 50 ms for the comparison of 5,000 paths alone. */
export async function closures(place: string): Promise<void> {
  const [before, after] = [synthetic(1801, 1), synthetic(1806, 2)]
  const environment = await register(place, [before, after])
  const peer = 'nix store diff-closures'
  const work = (body: () => Promise<void>) => () => measure(new WatchedMemory(null), body)
  const results = await withEnvironment(environment, () =>
    interleaved(5, {
      [peer]: work(async () => {
        const features = ['--extra-experimental-features', 'nix-command']
        await must('nix', ['store', 'diff-closures', ...features, before.top, after.top])
      }),
      'fleet (both closures read, packages compared)': work(async () => {
        const store = localStore()
        const [from, to] = await Promise.all([before, after].map(({ top }) => store.closure(top, never)))
        if (from?.ok !== true || to?.ok !== true) throw new Error('a closure could not be read')
        compare([...from.value.keys()], [...to.value.keys()])
      }),
    }),
  )
  console.log('\nB4  two closures of 1,801 and 1,806 paths in a local store; medians of 5, interleaved')
  console.log(table(results, peer))
  const [one, other] = [synthetic(5000, 1), synthetic(5000, 2)]
  const times = Array.from({ length: 21 }, () => {
    const began = performance.now()
    compare(one.paths, other.paths)
    return performance.now() - began
  })
  const warm = times.slice(1).toSorted((a, b) => a - b)
  console.log(
    `  5,000 paths each, compared alone: ${shown(times[0])} the first time, then ${shown(warm[10])} (most ${shown(warm.at(-1))}); budget 50 ms`,
  )
}

/** B9: names that change, come and go, beside what nvd's rules make of the same two closures; the sets are to be equal. */
export async function nvdSets(): Promise<void> {
  const [before, after] = [synthetic(1801, 1), synthetic(1806, 2)]
  const changes = compare(before.paths, after.paths)
  const ours = new Set(changes.map(({ name, direction = '' }) => `${kindOf(direction)} ${name}`))
  const theirs = nvd(before.paths, after.paths)
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>) => [...one].filter((name) => !other.has(name))
  const count = (kind: string) => [...theirs].filter((name) => name.startsWith(kind)).length
  console.log(
    `\nB9  nvd's rules: ${count('changed')} changed, ${count('added')} added, ${count('removed')} removed; fleet's alone: ${only(ours, theirs).length}, nvd's alone: ${only(theirs, ours).length}`,
  )
  if (only(ours, theirs).length + only(theirs, ours).length > 0)
    throw new Error(`the sets differ: ${[...only(ours, theirs), ...only(theirs, ours)].slice(0, 10).join(', ')}`)
}

interface Synthetic {
  readonly top: string
  readonly paths: readonly string[]
}

/** A closure with names as nixpkgs makes them: packages in several outputs, some of them in another version for another seed. */
function synthetic(count: number, seed: number): Synthetic {
  const outputs = ['', '-bin', '-dev', '-lib', '-man']
  const paths = Array.from({ length: count - 1 }, (_, index) => {
    const [number, output] = [Math.floor(index / outputs.length), outputs[index % outputs.length] ?? '']
    const [isBumped, isOwn] = [number % 7 === 0, number % 40 === 0]
    const name = `${isOwn ? `seed${'ab'[seed % 2]}` : 'package'}-${letters(number)}`
    return `/nix/store/${hashOf(`${name}${output}`, isBumped ? seed : 0)}-${name}-${isBumped ? seed : 3}.${number % 5}${output}`
  })
  const top = `/nix/store/${hashOf('top', seed)}-nixos-system-bench-${seed}`
  return { top, paths: [top, ...paths] }
}

function letters(number: number): string {
  return String(number)
    .split('')
    .map((digit) => 'abcdefghij'[Number(digit)])
    .join('')
}

/** Thirty-two characters of Nix's alphabet that stand for a name and a seed. */
function hashOf(name: string, seed: number): string {
  const alphabet = '0123456789abcdfghijklmnpqrsvwxyz'
  let state = seed + 7
  for (const character of name) state = (state * 31 + (character.codePointAt(0) ?? 0)) % 2 ** 31
  return Array.from({ length: 32 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return alphabet[Math.floor(state / 2 ** 16) % 32]
  }).join('')
}

function compare(from: readonly string[], to: readonly string[]) {
  const set = (paths: readonly string[]) => built({ scope: 'closure', paths, selected: [] } as const)
  return comparePackages(set(from), set(to), namedByPath) ?? []
}

/** A store of its own that knows the paths; their files are not needed to be asked about. */
async function register(place: string, all: readonly Synthetic[]): Promise<Readonly<Record<string, string>>> {
  const state = join(place, 'closures')
  await mkdir(state, { recursive: true })
  const environment = { NIX_STATE_DIR: state, NIX_LOG_DIR: state, NIX_REMOTE: 'local' }
  const records = all.flatMap(({ top, paths }) =>
    paths.map((path) => {
      const references = path === top ? paths.filter((other) => other !== top) : []
      const size = 4096 + (path.length % 17) * 65_536
      return [path, '0'.repeat(64), String(size), '', String(references.length), ...references].join('\n')
    }),
  )
  const unique = [...new Map(records.map((record) => [record.slice(0, record.indexOf('\n')), record])).values()]
  const file = join(state, 'registration')
  await writeFile(file, `${unique.join('\n')}\n`)
  await withEnvironment(environment, () => run('sh', ['-c', 'exec nix-store --load-db <"$1"', 'sh', file]))
  return environment
}

async function withEnvironment<T>(variables: Readonly<Record<string, string>>, body: () => Promise<T>): Promise<T> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  try {
    return await body()
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  }
}

async function must(name: string, args: readonly string[]): Promise<void> {
  const ended = await program(name, args, never)
  if (ended.how !== 'exited' || ended.code !== 0) throw new Error(`${name} ${args.join(' ')}: ${ended.stderr}`)
}

function kindOf(direction: string): string {
  return direction === 'added' || direction === 'removed' ? direction : 'changed'
}

/**
 * nvd's sets, by the rules that its source states (nvd b1f5f07): a name ends before the first dash with a digit after it, the
 * rest is the version, output included, and versions are lists with repeats.
 */
function nvd(from: readonly string[], to: readonly string[]): ReadonlySet<string> {
  const lists = (paths: readonly string[]) => {
    const found = new Map<string, string[]>()
    for (const path of paths) {
      const [, pname = '', version = ''] = /^\/nix\/store\/[a-z0-9]+-(.+?)(?:-([0-9].*?))?(?:\.drv)?$/.exec(path) ?? []
      // What is made anew for each system says nothing of packages.
      if (version !== '' && !pname.startsWith('nixos-system')) found.set(pname, [...(found.get(pname) ?? []), version])
    }
    return found
  }
  const [a, b] = [lists(from), lists(to)]
  const text = (list: readonly string[] | undefined) => list?.toSorted().join('\n')
  return new Set([
    ...[...b.keys()].filter((name) => !a.has(name)).map((name) => `added ${name}`),
    ...[...a.keys()].filter((name) => !b.has(name)).map((name) => `removed ${name}`),
    ...[...a.keys()]
      .filter((name) => b.has(name) && text(a.get(name)) !== text(b.get(name)))
      .map((name) => `changed ${name}`),
  ])
}

function shown(milliseconds = Number.NaN): string {
  return `${milliseconds.toFixed(1)} ms`
}
