import { describe, expect, it } from 'vitest'
import {
  maskHashes,
  nameOfPath,
  parseStorePath,
  plainTarget,
  referencesIn,
  storeObject,
} from '../../../src/model/nix/store-path.ts'

const digest = '0123456789abcdfghijklmnpqrsvwxyz'

describe('store paths', () => {
  it.each([
    [`/nix/store/${digest}-nginx-1.28.0/bin/nginx`, '/nix/store', 'nginx-1.28.0', '/bin/nginx'],
    [`/home/me/.local/store/${digest}-a?b=c+d_e.f`, '/home/me/.local/store', 'a?b=c+d_e.f', ''],
  ])('%s', (path, directory, name, rest) => {
    expect(parseStorePath(path)).toEqual({ directory, hash: digest, name, rest })
    expect(storeObject(path)).toBe(`${directory}/${digest}-${name}`)
    expect(nameOfPath(path)).toBe(name)
  })

  it.each([
    `/nix/store/${digest.replace('a', 'e')}-x`,
    `nix/store/${digest}-x`,
    `/nix/store/${digest}`,
    '/proc/mounts',
    `/nix/store/${digest}-x/../../../root/secret`,
    `/nix/store/${digest}-x/..`,
    `/nix/../store/${digest}-x`,
    '',
  ])('%s is none', (path) => {
    expect(parseStorePath(path)).toBeNull()
  })

  it('are found in texts once each, in the order of the text, of the one store only', () => {
    const text = `a=/nix/store/${digest}-a-1.0/bin:/nix/store/${digest}-b; see /nix/store/${digest}-a-1.0. /x/${digest}-c`
    expect(referencesIn(text, '/nix/store')).toEqual([`/nix/store/${digest}-a-1.0`, `/nix/store/${digest}-b`])
  })

  it.each([
    [`/nix/store/${digest}-x/lib/../share/./a`, `/nix/store/${digest}-x/share/a`],
    [`/nix/store/${digest}-x/a..b/c`, `/nix/store/${digest}-x/a..b/c`],
    ['../b.service', '../b.service'],
    [`/nix/store/${digest}-x/../../../root/secret`, null],
    [`/nix/store/${digest}-x/../${digest}-y/z`, null],
    [`/nix/store/${digest}-x/..`, null],
  ])('as the target of a link, %s leads to %s', (target, plain) => {
    expect(plainTarget(target)).toBe(plain)
  })

  it('lose their hashes and nothing else when masked', () => {
    expect(maskHashes(`PATH=/nix/store/${digest}-a-1.0/bin:/x/y`)).toBe('PATH=/nix/store/…-a-1.0/bin:/x/y')
  })
})
