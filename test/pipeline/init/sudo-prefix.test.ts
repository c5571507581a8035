import { expect, test } from 'vitest'
import { sudoPrefix } from '../../../src/pipeline/init/sudo-prefix.ts'

test.each([[null], [['sudo']], [['sudo', '-H', '--']], [['sudo', '-n']], [[]]])(
  '%j is what fleet does by itself',
  (words) => {
    expect(sudoPrefix(words)).toEqual({})
  },
)

test.each([
  [['doas'], 'doas -n'],
  [['sudo', '-i'], 'sudo -n -i'],
  [['run0'], 'run0'],
  [['/run/wrappers/bin/doas', '-C', '/etc/doas.conf'], '/run/wrappers/bin/doas -C /etc/doas.conf'],
])('%j is %s, which asks for nothing where it can', (words, sudo) => expect(sudoPrefix(words)).toEqual({ sudo }))
