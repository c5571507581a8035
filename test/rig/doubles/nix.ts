import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The machine's own Nix behind a program that writes down what it was asked for. */
export class RecordingNix {
  /** To stand first on PATH. */
  readonly directory: string
  readonly #log: string

  constructor(directory: string) {
    this.directory = join(directory, 'recording-nix')
    this.#log = join(this.directory, 'log')
    mkdirSync(this.directory)
    writeFileSync(this.#log, '')
    const real = execFileSync('sh', ['-c', 'command -v nix'], { encoding: 'utf8' }).trim()
    const program = join(this.directory, 'nix')
    writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$1" >>'${this.#log}'\nexec '${real}' "$@"\n`)
    chmodSync(program, 0o755)
  }

  /** First words of all that was asked for since the last time: `flake`, `eval`, … */
  taken(): readonly string[] {
    const lines = readFileSync(this.#log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
    writeFileSync(this.#log, '')
    return lines
  }
}
