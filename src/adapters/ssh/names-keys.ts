import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Debian's, Fedora's and NixOS's /etc/ssh/ssh_config include this and nothing else. */
const commonInclude = /^(?:\/etc\/ssh\/)?ssh_config\.d\/\*(?:\.conf)?$/

/** True where some of these ssh_config files may name a key, in themselves or in what they include; missing ones name none. */
export function namesKeys(files: readonly string[]): boolean {
  return files.some((file) => existsSync(file) && mayNameKey(file))
}

function mayNameKey(file: string): boolean {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.some((line) => {
    const [, keyword = '', rest = ''] = /^([A-Za-z]+)[\s=](.*)$/.exec(line.trim()) ?? []
    if (/^identityfile$/i.test(keyword)) return true
    if (!/^include$/i.test(keyword)) return false
    const value = rest.trim().replace(/^=/, '').trim().replaceAll('"', '')
    // Any other include is not followed: it may name one.
    return commonInclude.test(value) ? directoryNamesKeys(join(dirname(file), 'ssh_config.d')) : true
  })
}

function directoryNamesKeys(directory: string): boolean {
  return existsSync(directory) && namesKeys(readdirSync(directory).map((name) => join(directory, name)))
}
