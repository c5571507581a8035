import { sshOptions } from '../../model/fleet/node-ssh-options.ts'
import { refusedSshOption } from '../settings/resolve/ssh-options.ts'
import type { Settings } from './draft.ts'

/** Options of ssh's command line as fleet.yaml says them, and those that it does not. */
export interface SshWords {
  readonly ssh: NonNullable<Settings['ssh']>
  /** Each with the reason. */
  readonly unused: readonly string[]
}

/** Reads the words: `-p`, `-i` and `-l` have keys of their own; what fleet would refuse is left out. */
export function sshWords(words: readonly string[]): SshWords {
  const { lines, unknown } = sshOptions(words)
  const ssh: { port?: number; identityFile?: string; user?: string } = {}
  const options: Record<string, string> = {}
  const unused = unknown.map((word) => `\`${word}\` is not taken over: fleet.yaml cannot say it.`)
  for (const line of lines) {
    const [name, value] = [line.slice(0, line.search(/\s/)), line.slice(line.search(/\s/) + 1)]
    const why = whyUnused(name, value)
    if (why !== null) unused.push(`\`${name} ${value}\` is not taken over. ${why}`)
    else if (name.toLowerCase() === 'port') ssh.port = Number(value)
    else if (name.toLowerCase() === 'identityfile') ssh.identityFile = value
    else if (name.toLowerCase() === 'user') ssh.user = value
    else options[name] = value
  }
  return { ssh: { ...ssh, ...(Object.keys(options).length === 0 ? {} : { options }) }, unused }
}

const own = new Set(['port', 'identityfile', 'user'])

function whyUnused(name: string, value: string): string | null {
  const key = name.toLowerCase()
  if (key === 'port') return /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535 ? null : 'It is no port.'
  if (own.has(key)) return null
  if (/^(user|global)knownhostsfile$/.test(key) && value === '/dev/null')
    return 'Host keys are always checked, and there would be none to check against.'
  const refused = refusedSshOption(name, value)
  return refused === null ? null : refused.slice(refused.indexOf('. ') + 2)
}
