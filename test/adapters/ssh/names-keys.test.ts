import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { namesKeys } from '../../../src/adapters/ssh/names-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(text: string): string {
  const path = join(folder, 'config')
  writeFileSync(path, text)
  return path
}

test.each([
  ['a file that is missing', null, false],
  ['a file without keys', 'Host *\n  User admin\n  #IdentityFile ~/.ssh/id\n', false],
  ['a key', 'Host *.example\n  IdentityFile ~/.ssh/development\n', true],
  ['a key written with an equals sign', 'identityfile=~/.ssh/id\n', true],
  ['an include that nobody follows', 'Include conf.d/*\n', true],
])('%s', (_, text, expected) => {
  expect(namesKeys([text === null ? join(folder, 'missing') : file(text)])).toBe(expected)
})

test('the directory that distributions include is looked into', () => {
  const path = file('Include /etc/ssh/ssh_config.d/*.conf\nHost *\n  SendEnv LANG\n')
  mkdirSync(join(folder, 'ssh_config.d'))
  writeFileSync(join(folder, 'ssh_config.d/20.conf'), 'SendEnv X\n')
  expect(namesKeys([path])).toBe(false)
  writeFileSync(join(folder, 'ssh_config.d/30.conf'), 'Host a\n  IdentityFile /k\n')
  expect(namesKeys([path])).toBe(true)
})
