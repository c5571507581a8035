import { readdirSync, readFileSync } from 'node:fs'

/** A recording of the real `deploy` of deploy-rs (test/golden/deploy-rs/README.md). */
export interface Transcript {
  readonly name: string
  readonly shows: string
  readonly argv: string
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** Every child process, in order of start; empty where they were not recorded. */
  readonly commands: readonly string[]
}

const folder = new URL('../../golden/deploy-rs/', import.meta.url)

/** All recordings, by name. */
export const transcripts: ReadonlyMap<string, Transcript> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .toSorted()
    .map((file) => {
      const name = file.slice(0, -'.txt'.length)
      return [name, read(name, readFileSync(new URL(file, folder), 'utf8'))] as const
    }),
)

function read(name: string, text: string): Transcript {
  const [head = '', stdout = '', rest = ''] = text.split(/^# --- std(?:out|err) .*\n/m)
  const [stderr = '', commands = ''] = rest.split(/^# --- child commands .*\n/m)
  const field = (key: string) => new RegExp(`^# ${key}: (.*)$`, 'm').exec(head)?.[1] ?? ''
  return {
    name,
    shows: field('shows'),
    argv: field('argv'),
    exit: Number(field('exit')),
    stdout,
    stderr,
    commands: commands
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  }
}
