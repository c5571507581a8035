import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
/** As it is, but for types: they are not needed to see what is planted, and only a root configuration may ask for them. */
const { options: _, ...configuration } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
  options: object
  jsPlugins: readonly string[]
  overrides: readonly { readonly rules: Readonly<Record<string, unknown>> }[]
}
/** Plugins are found from where the configuration lies, and only a root configuration may name them, too. */
const jsPlugins = configuration.jsPlugins.map((plugin) => createRequire(import.meta.url).resolve(plugin))
const isOfPlugin = ({ rules }: { readonly rules: object }) =>
  Object.keys(rules).some((rule) => rule.startsWith('regexp/'))
const { jsPlugins: __, ...withoutPlugins } = {
  ...configuration,
  overrides: configuration.overrides.filter((override) => !isOfPlugin(override)),
}
const place = mkdtempSync(join(tmpdir(), 'fleet-layers-'))
afterAll(() => rmSync(place, { recursive: true }))

/** A file of a layer, an import that it may not have, and one of the same shape that it may. */
const rules: readonly (readonly [file: string, forbidden: string, allowed: string])[] = [
  ['src/model/planted.ts', `import { x } from '../pipeline/x.ts'`, `import { x } from './x.ts'`],
  ['src/model/planted.ts', `import { readFileSync as x } from 'node:fs'`, `import { x } from './x.ts'`],
  ['src/model/planted.ts', `import { x } from 'ajv'`, `import { x } from './x.ts'`],
  ['src/model/nix/planted.ts', `import type { x } from '../../ports/x.ts'`, `import type { x } from '../plan/x.ts'`],
  ['src/ports/planted.ts', `import type { x } from '../pipeline/x.ts'`, `import type { x } from '../model/x.ts'`],
  ['src/ports/planted.ts', `import { x } from '../model/x.ts'`, `import type { x } from '../model/x.ts'`],
  ['src/pipeline/planted.ts', `import { x } from '../adapters/x.ts'`, `import { x } from '../model/x.ts'`],
  ['src/pipeline/planted.ts', `import { x } from '../views/x.ts'`, `import { x } from './x.ts'`],
  ['src/pipeline/planted.ts', `import { x } from '../ports/x.ts'`, `import type { x } from '../ports/x.ts'`],
  [
    'src/pipeline/planted.ts',
    `import { readFile as x } from 'node:fs/promises'`,
    `import { join as x } from 'node:path'`,
  ],
  ['src/pipeline/deep/planted.ts', `import { x } from '../../cli/x.ts'`, `import { x } from '../x.ts'`],
  [
    'src/pipeline/schedule/schedule.ts',
    `import type { x } from '../../ports/x.ts'`,
    `import type { x } from '../../model/x.ts'`,
  ],
  [
    'src/pipeline/settings/resolve/planted.ts',
    `import type { x } from '../../../ports/x.ts'`,
    `import { x } from '../x.ts'`,
  ],
  [
    'src/pipeline/compare/diff/planted.ts',
    `import type { x } from '../../../ports/x.ts'`,
    `import { x } from '../x.ts'`,
  ],
  [
    'src/pipeline/compare/system/planted.ts',
    `import type { x } from '../../../ports/x.ts'`,
    `import { x } from '../x.ts'`,
  ],
  ['src/pipeline/compare/diff/planted.ts', `import { x } from 'diff'`, `import { x } from './x.ts'`],
  ['src/pipeline/compare/diff/unified-patch.ts', `import { x } from 'yaml'`, `import { x } from 'diff'`],
  ['src/pipeline/plan/planted.ts', `import { x } from 'yaml'`, `import { x } from './x.ts'`],
  ['src/pipeline/settings/load.ts', `import type { x } from '../../ports/x.ts'`, `import { x } from 'yaml'`],
  ['src/pipeline/settings/load.ts', `import { x } from 'ajv'`, `import { x } from 'yaml'`],
  ['src/pipeline/validators/compile.ts', `import { x } from 'yaml'`, `import { x } from 'ajv/dist/2020.js'`],
  ['src/adapters/planted.ts', `import { x } from '../pipeline/x.ts'`, `import { x } from '../ports/x.ts'`],
  ['src/adapters/nix/planted.ts', `import { x } from '../../views/x.ts'`, `import { x } from '../../model/x.ts'`],
  ['src/adapters/nix/planted.ts', `import { x } from 'execa'`, `import { x } from '../process.ts'`],
  [
    'src/adapters/nix/planted.ts',
    `import { spawn as x } from 'node:child_process'`,
    `import { readFile as x } from 'node:fs/promises'`,
  ],
  ['src/adapters/process.ts', `import { x } from 'listr2'`, `import { x } from 'execa'`],
  ['src/views/planted.ts', `import type { x } from '../ports/x.ts'`, `import type { x } from '../model/x.ts'`],
  ['src/views/planted.ts', `import { x } from 'listr2'`, `import { x } from './x.ts'`],
  ['src/views/terminal/planted.ts', `import type { x } from 'string-width'`, `import { x } from './width.ts'`],
  ['src/views/terminal/width.ts', `import { x } from 'listr2'`, `import type { x } from 'string-width'`],
  ['src/views/run/live.ts', `import { x } from '../../pipeline/x.ts'`, `import { x } from 'listr2'`],
  ['src/cli/planted.ts', `import { x } from '../main.ts'`, `import { x } from '../pipeline/x.ts'`],
  ['src/cli/commands/plans/planted.ts', `import { x } from 'commander'`, `import { x } from '../../../views/x.ts'`],
  ['src/cli/arguments/arguments.ts', `import { x } from 'ajv/dist/2020.js'`, `import { x } from 'commander'`],
]

/** Rules that oxlint found broken, by file. */
let found: ReadonlyMap<string, readonly string[]>

beforeAll(() => {
  writeFileSync(join(place, '.oxlintrc.json'), '{}')
  for (const [index, [file, forbidden, allowed]] of rules.entries()) {
    plant(`${index}/forbidden`, file, forbidden)
    plant(`${index}/allowed`, file, allowed)
  }
  plant('cycle', 'src/model/a.ts', `import { x } from './b.ts'`)
  plant('cycle', 'src/model/b.ts', `import { x } from './a.ts'`)
  plant('circle-of-types', 'src/model/a.ts', `import type { x } from './b.ts'`)
  plant('circle-of-types', 'src/model/b.ts', `import type { x } from './a.ts'`)
  plant('default', 'src/model/a.ts', 'export default 1')
  found = lint(place)
})

describe('the linter refuses what a layer may not import, and nothing else', () => {
  it.each(rules.map((rule, index) => [...rule, index] as const))('%s: %s', (file, _forbidden, _allowed, index) => {
    expect(found.get(`${index}/forbidden/${file}`)).toEqual(['eslint(no-restricted-imports)'])
    expect(found.get(`${index}/allowed/${file}`) ?? []).toEqual([])
  })
})

it('the linter refuses import cycles', () => {
  expect(found.get('cycle/src/model/a.ts')).toContain('import(no-cycle)')
})

it('the linter refuses import cycles of types alone', () => {
  expect(found.get('circle-of-types/src/model/a.ts')).toContain('import(no-cycle)')
})

it('the linter refuses patterns whose time grows faster than the text that they see', () => {
  const tree = mkdtempSync(join(tmpdir(), 'fleet-patterns-'))
  try {
    const overrides = configuration.overrides.filter(isOfPlugin)
    writeFileSync(join(tree, '.oxlintrc.json'), JSON.stringify({ jsPlugins, overrides }))
    mkdirSync(join(tree, 'src'))
    writeFileSync(join(tree, 'src/a.ts'), 'export const planted = /^(.*?)=\\s*(.*)\\s*$/\n')
    writeFileSync(join(tree, 'src/b.ts'), 'export const planted = /=+$/\n')
    writeFileSync(join(tree, 'src/c.ts'), 'export const planted = /^[a-z]+$/\n')
    const slow = lint(tree)
    expect(slow.get('src/a.ts')).toContain('regexp(no-super-linear-backtracking)')
    expect(slow.get('src/b.ts')).toContain('regexp(no-super-linear-move)')
    expect(slow.get('src/c.ts') ?? []).toEqual([])
  } finally {
    rmSync(tree, { recursive: true })
  }
})

it('the linter refuses default exports', () => {
  expect(found.get('default/src/model/a.ts')).toContain('import(no-default-export)')
})

/** Writes TREE/FILE; every tree has the repository's own configuration at its root. */
function plant(tree: string, file: string, source: string): void {
  const path = join(place, tree, file)
  const use = source.startsWith('import type') ? 'export type Planted = x' : 'export const planted = x'
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, source.startsWith('import') ? `${source}\n\n${use}\n` : `${source}\n`)
  writeFileSync(join(place, tree, '.oxlintrc.json'), JSON.stringify(withoutPlugins))
}

function lint(tree: string): ReadonlyMap<string, readonly string[]> {
  const byFile = new Map<string, string[]>()
  for (const { filename, code } of (JSON.parse(oxlint(tree)) as { diagnostics: Problem[] }).diagnostics) {
    byFile.set(filename, [...(byFile.get(filename) ?? []), code])
  }
  return byFile
}

interface Problem {
  readonly filename: string
  readonly code: string
}

function oxlint(tree: string): string {
  const program = join(root, 'node_modules/oxlint/bin/oxlint')
  const { stdout, stderr } = spawnSync(process.execPath, [program, '--format', 'json', '.'], {
    cwd: tree,
    encoding: 'utf8',
  })
  if (!stdout.startsWith('{')) throw new Error(`oxlint did not run: ${stdout}${stderr}`)
  return stdout
}
