import { describe, expect, it } from 'vitest'
import { parseAccounts } from '../../../src/model/host/accounts.ts'

describe('users and groups', () => {
  it('come without anything that is a password or names one', () => {
    const accounts = parseAccounts(
      JSON.stringify({
        users: [
          {
            name: 'ada',
            uid: 1,
            hashedPassword: '$6$x',
            initialHashedPassword: 'y',
            passwordFile: '/z',
            password: 'p',
          },
        ],
        groups: [{ name: 'wheel', gid: 1, members: ['b', 'a'] }],
      }),
    )
    expect(accounts?.users.get('ada')).toBe('[["uid",1]]')
    expect(accounts?.groups.get('wheel')).toBe('[["gid",1],["members",["a","b"]]]')
  })

  it.each(['', 'null', '[]', '{"users":{}}', '{"users":[],"groups":3}'])('are not read from %j', (text) => {
    expect(parseAccounts(text)).toBeNull()
  })
})
