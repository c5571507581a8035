import { describe, expect, it } from 'vitest'
import { maskSecrets } from '../../../src/model/text/secret.ts'

describe('values that look like secrets', () => {
  it.each([
    ['password = hunter2', 'password = •••'],
    ['Environment="DB_PASSWORD=hunter2"', 'Environment="DB_PASSWORD=•••"'],
    ['  "api_key": "abc",', '  "api_key": •••",'],
    ['url=postgres://me:hunter2@db/x', 'url=postgres://me:•••@db/x'],
    ['root:$6$salt$abcdefghijkl:1', 'root:•••:1'],
    [
      '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----\n•••\n-----END PRIVATE KEY-----',
    ],
  ])('%j', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked)
  })

  it.each(['PasswordAuthentication no', 'passwordFile = /run/secrets/x', 'port = 22', 'tokens', ''])(
    '%j is none',
    (text) => {
      expect(maskSecrets(text)).toBe(text)
    },
  )
})
