import { cpSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Answer, ask } from '../../lab/run.ts'
import { FlakeTree } from './flake-tree.ts'

const folder = fileURLToPath(new URL('../../golden/init', import.meta.url))
const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/** Names of the flakes that people have, as files of test/golden/init. */
export const shapes: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** A clone of one of them, in a folder of its name, and the built program run in it. */
export class Shape {
  readonly #tree = new FlakeTree()
  readonly directory: string

  constructor(name: string) {
    this.directory = join(this.#tree.directory, basename(name))
    const source = join(folder, name)
    cpSync(source, this.directory, { recursive: true, filter: (file) => !/\.(yaml|txt)$/.test(file) })
    cpSync(join(folder, 'nixos.nix'), join(this.directory, 'nixos.nix'))
    this.#tree.git('-C', name, 'init', '--quiet', '--initial-branch=main')
    this.#tree.git('-C', name, 'add', '--all')
    this.#tree.git('-C', name, 'commit', '--quiet', '--message=shape')
  }

  /** Runs the program in the folder, with a home of its own and no colour. */
  fleet(...args: readonly string[]): Promise<Answer> {
    return ask('sh', ['-c', 'cd "$1" && shift && exec "$@"', 'sh', this.directory, process.execPath, main, ...args], {
      environment: { ...process.env, NO_COLOR: '1', HOME: this.#tree.directory },
    })
  }

  /** The same on a terminal (of script(1)), where somebody types one line. */
  onTerminal(typed: string, ...args: readonly string[]): Promise<Answer> {
    const command = ['cd', this.directory, '&&', process.execPath, main, ...args].join(' ')
    return ask('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      input: `${typed}\n`,
      environment: { ...process.env, NO_COLOR: '1', HOME: this.#tree.directory },
    })
  }

  close(): void {
    this.#tree.close()
  }
}
