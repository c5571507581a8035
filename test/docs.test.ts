import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { load } from '../src/pipeline/settings/load.ts'
import { resolve } from '../src/pipeline/settings/resolve.ts'
import { library } from './rig/files/fleet-file.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
const files = [
  ...readdirSync(root),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((file) => file.endsWith('.md'))

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8')

  it('links to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target)
    expect(links.filter((target) => !existsSync(join(root, dirname(file), target)))).toEqual([])
  })

  it('names npm scripts that are there', () => {
    const named = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, script = '']) => script)
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([])
  })

  it('shows no fleet.yaml that is refused', () => {
    const samples = [...text.matchAll(/```yaml\n(version: 1\n[^]*?)```/g)].map(([, sample = '']) => sample)
    const problems = samples.flatMap((sample) => {
      const loaded = load(sample, file)
      return loaded.ok ? resolve(loaded.value, { directory: root, library }).diagnostics : loaded.diagnostics
    })
    expect(problems).toEqual([])
  })
})
