import { expect, test } from 'vitest'
import { sshWords } from '../../../src/pipeline/init/ssh-words.ts'

test('ports, keys, logins and jump hosts have a place in fleet.yaml', () => {
  const words = [
    '-p',
    '22022',
    '-i',
    '~/.ssh/board',
    '-l',
    'sma',
    '-J',
    'edge.example.org',
    '-o',
    'Compression=yes',
    '-4',
  ]
  expect(sshWords(words)).toEqual({
    ssh: {
      port: 22_022,
      identityFile: '~/.ssh/board',
      user: 'sma',
      options: { ProxyJump: 'edge.example.org', Compression: 'yes', AddressFamily: 'inet' },
    },
    unused: [],
  })
})

test.each([
  [['-o', 'StrictHostKeyChecking=no'], 'Host keys are always checked'],
  [['-o', 'UserKnownHostsFile=/dev/null'], 'none to check against'],
  [['-o', 'ForwardAgent=yes'], 'what belongs to this machine'],
  [['-p', '0'], 'It is no port.'],
  [['-p', '70000'], 'It is no port.'],
  [['-t'], 'fleet.yaml cannot say it.'],
])('%j is not taken over, and it is said why', (words, why) => {
  const { ssh, unused } = sshWords(words)
  expect(ssh).toEqual({})
  expect(unused).toEqual([expect.stringContaining(why)])
})
