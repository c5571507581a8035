import { cpSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Answer, ask } from '../../lab/run.ts'
import { FlakeTree } from './flake-tree.ts'

/** The built program, as users start it. */
const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/** A clone of a folder under its own name, with one commit, and the built program run in it with a home of its own. */
export class Clone {
  readonly #tree = new FlakeTree()
  readonly #name: string
  readonly directory: string
  readonly home: string

  /** `beside` are further files that are put into it. */
  constructor(source: string, ...beside: readonly string[]) {
    this.#name = basename(source)
    this.home = this.#tree.directory
    this.directory = join(this.home, this.#name)
    // What is in the golden folder beside the flake is what was written before.
    const isInput = (file: string) => !/\/(fleet\.yaml|summary\.txt)$/.test(file)
    cpSync(source, this.directory, { recursive: true, filter: isInput })
    for (const file of beside) cpSync(file, join(this.directory, basename(file)))
    this.git('init', '--quiet', '--initial-branch=main')
    this.commit('All of it')
  }

  commit(message: string): void {
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', `--message=${message}`)
  }

  git(...args: readonly string[]): string {
    return this.#tree.git('-C', this.#name, ...args)
  }

  fleet(...args: readonly string[]): Promise<Answer> {
    return this.fleetWith({}, ...args)
  }

  /** The same with some variables more. */
  fleetWith(more: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Answer> {
    const words = ['-c', 'cd "$1" && shift && exec "$@"', 'sh', this.directory, process.execPath, main, ...args]
    return ask('sh', words, { environment: { ...process.env, NO_COLOR: '1', HOME: this.home, ...more } })
  }

  /** The same on a terminal (of script(1)), where somebody types one line. */
  onTerminal(typed: string, ...args: readonly string[]): Promise<Answer> {
    const command = ['cd', this.directory, '&&', process.execPath, main, ...args].join(' ')
    return ask('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      input: `${typed}\n`,
      environment: { ...process.env, NO_COLOR: '1', HOME: this.home },
    })
  }

  close(): void {
    this.#tree.close()
  }
}
