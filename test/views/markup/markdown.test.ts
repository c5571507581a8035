import { expect, it } from 'vitest'
import { prose } from '../../../src/views/markup/markdown.ts'

/** What GitHub makes of an entity, and then a link of (docs: Autolinked references and URLs). */
const linked = /(?:^|\W)(?:GH-\d+|#\d+|@\w+|https?:\/\/\w|www\.\w|(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z]))/i

it.each([
  'GH-1',
  'see gh-26, please',
  '61413aa',
  'org/repo@61413aae5b2c4f1d8a7e9b3c6d0f2a4b5c7d8e9f',
  'fixed in 1234567.',
  '#1',
  '@everyone',
  'https://evil.example',
  'www.evil.example',
])('the text %s of a host or a flake becomes no link on GitHub', (text) => {
  expect(text).toMatch(linked)
  const written = prose(text).replaceAll('&#8203;', '\u200B')
  expect(written).not.toMatch(linked)
  expect(written.replaceAll('\u200B', '')).toBe(text)
})

it('words, versions and store paths stay as they are', () => {
  for (const text of [
    'nginx 1.27.2 → 1.27.3',
    'GH',
    'deadbe',
    'decade facade',
    '0.1.0',
    'ab12cd34ef56gh78ij90kl12mn34op56-bash',
  ])
    expect(prose(text)).toBe(text)
})
