import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { whyUnread } from '../../../src/cli/open/why-unread.ts'

test.each([
  [tmpdir(), 'It is a directory.'],
  [`${tmpdir()}/nothing/here`, 'The file does not exist.'],
  [`${process.execPath}/x`, `ENOTDIR: not a directory, open '${process.execPath}/x'.`],
])('why %s cannot be read is a sentence', (file, sentence) => {
  let error: unknown
  try {
    readFileSync(file)
  } catch (caught) {
    error = caught
  }
  expect(whyUnread(error as NodeJS.ErrnoException)).toBe(sentence)
})
