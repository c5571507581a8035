import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One call of the double, as it was made. */
export interface SshCall {
  readonly address: string
  readonly options: readonly string[]
  /** What the login shell was asked to run. */
  readonly command: string
}

/**
 * A program `ssh` on PATH that stands for OpenSSH's: it connects to nothing, records its calls, and for each address plays
 * a piece of shell in which `login "$command"` stands for a login whose shell runs the command on this machine.
 */
export class DoubleSsh {
  readonly folder = mkdtempSync(join(tmpdir(), 'fleet-double-ssh-'))
  readonly #path = process.env['PATH'] ?? ''

  constructor(parts: Readonly<Record<string, string>>) {
    mkdirSync(join(this.folder, 'parts'))
    for (const [address, part] of Object.entries(parts)) this.plays(address, part)
    this.program('ssh', program)
    process.env['PATH'] = `${this.folder}:${this.#path}`
  }

  /** Sets what happens at an address from now on. */
  plays(address: string, part: string): void {
    writeFileSync(join(this.folder, 'parts', address), part)
  }

  /** Puts another program beside it, for the login shell to find. */
  program(name: string, script: string): void {
    const file = join(this.folder, name)
    writeFileSync(file, script.replaceAll('@folder@', this.folder))
    chmodSync(file, 0o755)
  }

  get calls(): readonly SshCall[] {
    const file = join(this.folder, 'calls')
    if (!existsSync(file)) return []
    const calls = readFileSync(file, 'utf8').split('\0end\0').slice(0, -1)
    return calls.map((call) => {
      const words = call.split('\0')
      const options = words.slice(0, words.indexOf('--') + 1)
      const [address = '', command = ''] = words.slice(options.length)
      return { address, command, options }
    })
  }

  get addresses(): readonly string[] {
    return this.calls.map(({ address }) => address)
  }

  close(): void {
    process.env['PATH'] = this.#path
    rmSync(this.folder, { recursive: true })
  }
}

/** What fleet gives for a session: OPTIONS -- ADDRESS COMMAND. Asked what it was built with, it cannot say. */
const program = `#!/bin/sh
[ "$*" = '-G -F none -- localhost' ] && exit 1
printf '%s\\0' "$@" end >> '@folder@/calls'
address= command= after=no
for word; do
  case $after in yes) address=$word after=address ;; address) command=$word after=command ;; esac
  [ "$word" != -- ] || [ $after != no ] || after=yes
done
login() { exec sh -c "$1"; }
. '@folder@/parts/'"$address"
`
