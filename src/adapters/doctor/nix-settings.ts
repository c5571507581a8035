import { parseJson } from '../../model/text/json-text.ts'
import { readNamedFile } from '../files/named-file.ts'
import { nix } from '../nix/command.ts'

/** Bytes of a list of builders. */
const largest = 1024 * 1024

/** What Nix on this machine is set to; lists are empty where nothing is set. */
export interface NixSettings {
  readonly features: readonly string[]
  readonly substituters: readonly string[]
  /** Platforms that this machine builds for, itself or through a builder. */
  readonly platforms: readonly string[]
}

/** Asks Nix: `nix show-config` until 2.19, `nix config show` since (NixOS/nix src/nix/config.cc); null: neither answers. */
export async function nixSettings(signal: AbortSignal): Promise<NixSettings | null> {
  for (const words of [
    ['config', 'show', '--json'],
    ['show-config', '--json'],
  ]) {
    const ended = await nix(words, signal, { timeoutMs: 20_000 })
    if (ended.how !== 'exited' || ended.code !== 0) continue
    const settings = parseJson(ended.stdout) as Readonly<Record<string, { readonly value?: unknown }>> | null
    if (typeof settings !== 'object' || settings === null) continue
    const valueOf = (name: string) => settings[name]?.value
    const builders = valueOf('builders')
    return {
      features: wordsOf(valueOf('experimental-features')),
      substituters: wordsOf(valueOf('substituters')),
      platforms: [
        ...wordsOf(valueOf('system')),
        ...wordsOf(valueOf('extra-platforms')),
        ...(await platformsOfBuilders(typeof builders === 'string' ? builders : '')),
      ],
    }
  }
  return null
}

/** Features are numbers in the JSON of some versions; those cannot be told apart and are left out. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '')
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : []
}

/** `ssh://host x86_64-linux,aarch64-linux …`, one a line or between semicolons, or `@FILE` with such lines. */
async function platformsOfBuilders(builders: string): Promise<readonly string[]> {
  const lines = builders.split(/[;\n]/).map((line) => line.trim())
  const found = await Promise.all(
    lines.map(async (line) => {
      if (!line.startsWith('@')) return platformsIn(line)
      // A file that is not there names no builder: that is how Nix reads it.
      const text = await readNamedFile(line.slice(1), largest).catch(() => '')
      return text.split('\n').flatMap(platformsIn)
    }),
  )
  return found.flat()
}

function platformsIn(line: string): readonly string[] {
  const [, platforms = ''] = line.split('#')[0]?.trim().split(/\s+/) ?? []
  return platforms === '' || platforms === '-' ? [] : platforms.split(',')
}
