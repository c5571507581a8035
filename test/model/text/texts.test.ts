import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAccounts } from '../../../src/model/host/accounts.ts'
import { closureSize, parseRegistrations } from '../../../src/model/nix/closure.ts'
import { openPorts } from '../../../src/model/host/firewall-rules.ts'
import { maskSecrets } from '../../../src/model/text/secret.ts'
import { shellWords } from '../../../src/model/text/shell-words.ts'

describe('the words of a shell command', () => {
  it.each([
    [`makeEtcEntry /nix/store/x 'it'\\''s here' symlink`, ['makeEtcEntry', '/nix/store/x', "it's here", 'symlink']],
    [`ln -s "$systemd" $out/systemd`, ['ln', '-s', '$systemd', '$out/systemd']],
    [String.raw`a "b \"c\" \d" e\ f ''`, ['a', String.raw`b "c" \d`, 'e f', '']],
    [`open 'quote`, null],
    [`open "quote`, null],
    ['', []],
  ])('%s', (line, words) => {
    expect(shellWords(line)).toEqual(words)
  })

  it('are what escapeShellArg was given', () => {
    const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(shellWords(words.map(quote).join(' '))).toEqual(words)
      }),
    )
  })
})

describe('ports of a firewall', () => {
  it('are read from the iptables script, ranges and interfaces included', () => {
    const script = `
ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept
ip46tables -A nixos-fw -p udp --dport 60000:60010 -j nixos-fw-accept -i eth0
ip6tables -A nixos-fw -d fe80::/64 -p udp --dport 546 -j nixos-fw-accept
ip46tables -A nixos-fw -i lo -j nixos-fw-accept
ip46tables -A other -p tcp --dport 23 -j nixos-fw-accept
`
    expect([...openPorts(script)]).toEqual(['tcp/22', 'udp/60000-60010%eth0', 'udp/546'])
  })

  it('are read from the nftables rules', () => {
    const rules = `    tcp dport { 22, 80, 8000-8010 } accept\n    iifname "wg0" udp dport 53 accept\n    udp dport 99 drop`
    expect([...openPorts(rules)]).toEqual(['tcp/22', 'tcp/80', 'tcp/8000-8010', 'udp/53%wg0'])
  })
})

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

describe('the registration of store paths', () => {
  const path = (name: string) => `/nix/store/0123456789abcdfghijklmnpqrsvwxyz-${name}`
  const dump = [
    path('a'),
    'hash',
    '12',
    path('a.drv'),
    '2',
    path('a'),
    path('b'),
    path('b'),
    'hash',
    '30',
    '',
    '0',
    '',
  ].join('\n')

  it('gives sizes, references without the path itself, and derivers', () => {
    const found = parseRegistrations(dump)
    if (!found.ok) throw new Error(found.failure.detail)
    expect([...found.value.values()]).toEqual([
      { path: path('a'), narSize: 12, references: [path('b')], deriver: path('a.drv') },
      { path: path('b'), narSize: 30, references: [], deriver: null },
    ])
    expect(closureSize(found.value)).toBe(42)
  })

  it('is refused when it is cut off or is something else', () => {
    for (const text of [
      dump.slice(0, 200),
      'error: what\n',
      `${path('a')}\nhash\n-1\n\n0\n`,
      `${path('a')}\nh\n1\n\n3\n${path('b')}\n`,
    ])
      expect(parseRegistrations(text)).toMatchObject({ ok: false, failure: { code: 'closure/unreadable' } })
  })
})
