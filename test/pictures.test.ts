import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { JSDOM } from 'jsdom'
import { beforeAll, expect, test, vi } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every Mermaid picture of the documentation, by `file:line`. */
const pictures = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) => {
    const text = readFileSync(join(root, 'docs', file), 'utf8')
    return [...text.matchAll(/^```mermaid\n([^]*?)^```$/gm)].map(({ 1: picture = '', index }): [string, string] => [
      `docs/${file}:${text.slice(0, index).split('\n').length}`,
      picture,
    ])
  })

beforeAll(() => {
  // Labels are cleaned with the browser's own parser.
  const { window } = new JSDOM('')
  vi.stubGlobal('window', window)
  vi.stubGlobal('document', window.document)
  return () => {
    vi.unstubAllGlobals()
  }
})

test('the documentation has pictures', () => {
  expect(pictures.length).toBeGreaterThan(2)
})

test.each(pictures)('%s can be drawn', async (_, picture) => {
  const { default: mermaid } = await import('mermaid')
  await expect(mermaid.parse(picture)).resolves.toMatchObject({ diagramType: expect.any(String) as string })
})

test('a picture that cannot be drawn is seen', async () => {
  const { default: mermaid } = await import('mermaid')
  await expect(mermaid.parse('flowchart TD\n  a --> [b')).rejects.toThrow(/Parse error/)
})
