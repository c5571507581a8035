import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { pipedNames } from '../../../src/cli/open/piped-names.ts'

const signal = new AbortController().signal

async function named(text: string, on: readonly string[] = ['-']): Promise<readonly string[] | string> {
  const piped = await pipedNames(on, Readable.from([Buffer.from(text)]), signal)
  return piped.ok ? piped.on : piped.diagnostic.detail
}

test('names come from standard input, in the place of the dash, whatever stands between them', async () => {
  expect(await named('web-1\nweb-2\r\n# not this one\n\n @eu, !db-1\tmail')).toEqual([
    'web-1',
    'web-2',
    '@eu',
    '!db-1',
    'mail',
  ])
  expect(await named('web-1\n', ['!a', '-', 'b'])).toEqual(['!a', 'web-1', 'b'])
})

test('no name at all is an error, since an empty selection would mean every host', async () => {
  expect(await named('\n# nothing\n')).toBe('Standard input names no host. Give one name or selector a line.')
})

test('standard input without an end is left alone after a mebibyte', async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(65_536, 'a')
    })(),
  )
  const piped = await pipedNames(['-'], endless, signal)
  expect(piped).toMatchObject({ ok: false, diagnostic: { code: 'usage/no-names' } })
})

test('an input that breaks says why', async () => {
  const broken = new Readable({
    read() {
      this.destroy(new Error('EIO: i/o error, read'))
    },
  })
  const piped = await pipedNames(['-'], broken, signal)
  expect(piped.ok ? '' : piped.diagnostic.detail).toBe(
    'Standard input cannot be read: EIO: i/o error, read. Give one name or selector a line.',
  )
})
