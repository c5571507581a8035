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

  it('links to headings that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)].map(([, target = '', anchor = '']) => ({
      page: target === '' ? file : join(dirname(file), target),
      anchor,
    }))
    const wrong = links.filter(({ page, anchor }) => page.endsWith('.md') && !anchorsOf(page).has(anchor))
    expect(wrong.map(({ page, anchor }) => `${page}#${anchor}`)).toEqual([])
  })

  it('links to the web by whole and encrypted addresses', () => {
    const links = [...text.matchAll(/\]\((https?:[^)]*)\)/g)].map(([, target = '']) => target)
    const wrong = links.filter(
      (link) => !URL.canParse(link) || !link.startsWith('https:') || !/\.\w/.test(new URL(link).host),
    )
    expect(wrong).toEqual([])
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

/** The anchors that a forge makes of the headings of a page. */
function anchorsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```/gm, '')
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map((heading) =>
      heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  )
}
