import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How a command has to end: its exit code, and the last line of its result. */
export interface Expected {
  readonly exit: number
  readonly last: string
}

/** Shows commands as typed, runs them, and throws when one does not end as expected. */
export class DemoShell {
  /** The signal that ended the demo early. */
  signal: NodeJS.Signals | null = null
  readonly #root: string
  readonly #onTerminal = process.stdout.isTTY && process.stdin.isTTY
  #environment: NodeJS.ProcessEnv = process.env
  #child: ChildProcess | null = null

  constructor(root: string) {
    this.#root = root
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        this.signal ??= signal
        this.#forward(signal)
      })
    }
  }

  /** What every later command finds in its environment. */
  use(environment: Readonly<Record<string, string>>): void {
    this.#environment = { ...process.env, ...environment }
  }

  say(text: string): void {
    process.stdout.write(this.#onTerminal ? `\n\u001B[1m# ${text}\u001B[22m\n` : `\n# ${text}\n`)
  }

  /** `fleet …`, from dist/. */
  async fleet(argv: readonly string[], expected: Expected): Promise<void> {
    this.#type(['fleet', ...argv])
    const { exit, output } = await this.#run([process.execPath, join(this.#root, 'dist/main.js'), ...argv])
    if (exit !== expected.exit) throw new Error(`fleet ${argv.join(' ')} ended with ${exit}, not with ${expected.exit}`)
    const last = output === null ? [] : lastLines(output)
    if (output !== null && !last.includes(expected.last)) {
      throw new Error(`fleet ${argv.join(' ')} did not end with\n  ${expected.last}\nbut with\n  ${last.join('\n  ')}`)
    }
  }

  /** `npm run lab -- …`. */
  async lab(argv: readonly string[]): Promise<void> {
    this.#type(['npm', 'run', 'lab', '--', ...argv])
    const { exit } = await this.#run(this.#labProgram(argv))
    if (exit !== 0) throw new Error(`the lab's '${argv.join(' ')}' ended with ${exit}`)
  }

  /** The same, whatever has happened before, and without a word. */
  async cleanUp(argv: readonly string[]): Promise<void> {
    const [program = '', ...rest] = this.#labProgram(argv)
    // Its own process group: a second Ctrl-C must not leave half a lab behind.
    const child = spawn(program, rest, { cwd: this.#root, stdio: ['ignore', 'ignore', 'inherit'], detached: true })
    await new Promise((ended) => child.once('close', ended).once('error', ended))
  }

  #labProgram(argv: readonly string[]): readonly string[] {
    return [join(this.#root, 'node_modules/.bin/tsx'), join(this.#root, 'test/lab/main.ts'), ...argv]
  }

  #type(argv: readonly string[]): void {
    if (this.signal !== null) throw new Error(`interrupted by ${this.signal}`)
    const line = argv.map(quote).join(' ')
    process.stdout.write(this.#onTerminal ? `\u001B[36m$ ${line}\u001B[39m\n` : `$ ${line}\n`)
  }

  async #run(argv: readonly string[]): Promise<{ exit: number; output: string | null }> {
    const result = await (this.#onTerminal ? this.#runOnTerminal(argv) : this.#runPiped(argv))
    if (this.signal === null && (result.exit === 130 || result.exit === 143)) {
      this.signal = result.exit === 130 ? 'SIGINT' : 'SIGTERM'
    }
    if (this.signal !== null) throw new Error(`interrupted by ${this.signal}`)
    return result
  }

  async #runPiped([program = '', ...argv]: readonly string[]): Promise<{ exit: number; output: string }> {
    // Its own process group, so that a Ctrl-C arrives once: from here.
    const child = spawn(program, argv, {
      cwd: this.#root,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      process.stdout.write(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk)
    })
    return { exit: await this.#end(child), output }
  }

  /** `script` gives the command a terminal of its own and keeps what it showed; without it only exit codes can be checked. */
  async #runOnTerminal(argv: readonly string[]): Promise<{ exit: number; output: string | null }> {
    const place = mkdtempSync(join(tmpdir(), 'fleet-demo-'))
    const shown = join(place, 'shown')
    const run = async (program: string, rest: readonly string[]) =>
      this.#end(spawn(program, rest, { cwd: this.#root, env: this.#environment, stdio: 'inherit' }))
    try {
      const exit = await run('script', ['-qefc', argv.map(quote).join(' '), shown])
      return { exit, output: readFileSync(shown, 'utf8') }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      const [program = '', ...rest] = argv
      return { exit: await run(program, rest), output: null }
    } finally {
      rmSync(place, { recursive: true })
    }
  }

  async #end(child: ChildProcess): Promise<number> {
    this.#child = child
    try {
      return await new Promise((ended, failed) => {
        child.once('error', failed)
        child.once('close', (code) => ended(code ?? 1))
      })
    } finally {
      this.#child = null
    }
  }

  #forward(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid
    if (pid === undefined) return
    if (this.#onTerminal) this.#child?.kill(signal)
    else process.kill(-pid, signal)
  }
}

/** A terminal shows stderr too, so a word about what to do next may follow the result. */
function lastLines(output: string): readonly string[] {
  // oxlint-disable-next-line no-control-regex -- a terminal's colours and cursor movements are control sequences
  const plain = output.replaceAll(/\u001B\[[\d;?]*[A-Za-z]/g, '').replaceAll('\r', '')
  return plain
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('Script done'))
    .slice(-3)
}

function quote(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
