import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../lab/lab.ts'
import { run } from '../lab/run.ts'
import { Operator } from './fleet.ts'
import { loginsOf, watchLogins } from './logins.ts'

/** What a command asks of the machine and of its hosts, in numbers that do not depend on how fast either is. */
export interface Counts {
  /** Of all hosts. */
  readonly logins: number
  /** Processes of ssh, those of Nix among them. */
  readonly ssh: number
  /** Processes of Nix. */
  readonly nix: number
  /** Times that fleet waited for the disk. */
  readonly fsyncs: number
  /** Lines of the event stream; 0 for a command that has none. */
  readonly events: number
}

const programs = ['ssh', 'nix', 'nix-store', 'nix-instantiate']

/** Writes how often Node waited for the disk to a file, when it ends. */
function countingSyncs(file: string): string {
  const module = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
let count = 0
const { appendFileSync } = fs
for (const name of ['fsyncSync', 'fdatasyncSync', 'fsync', 'fdatasync']) {
  const real = fs[name]
  fs[name] = (...rest) => { count += 1; return real(...rest) }
}
syncBuiltinESMExports()
process.on('exit', () => appendFileSync(${JSON.stringify(file)}, count + '\\n'))
`
  return `data:text/javascript,${encodeURIComponent(module)}`
}

/** An operator whose programs are counted. */
export class CountedOperator {
  readonly operator: Operator
  readonly #lab: Lab
  readonly #calls: string
  readonly #syncs: string

  private constructor(lab: Lab, folder: string, rest: string) {
    this.#lab = lab
    this.#calls = join(folder, 'calls')
    this.#syncs = join(folder, 'syncs')
    const path = `${join(folder, 'bin')}:${process.env['PATH']}`
    this.operator = new Operator(lab, rest, { PATH: path, NODE_OPTIONS: `--import ${countingSyncs(this.#syncs)}` })
  }

  /** `folder` holds the programs that count, and what they counted. */
  static async in(lab: Lab, folder: string, rest = ''): Promise<CountedOperator> {
    mkdirSync(join(folder, 'bin'))
    for (const name of programs) {
      const real = (await run('sh', ['-c', `command -v ${name}`])).trim()
      const script = `#!/bin/sh\necho ${name} >>'${join(folder, 'calls')}'\nexec '${real}' "$@"\n`
      writeFileSync(join(folder, 'bin', name), script)
      chmodSync(join(folder, 'bin', name), 0o755)
    }
    return new CountedOperator(lab, folder, rest)
  }

  /** Runs a command of fleet, which must end with 0, and counts. */
  async count(...args: readonly string[]): Promise<Counts> {
    for (const { name } of this.#lab.hosts) await watchLogins(this.#lab, name)
    for (const file of [this.#calls, this.#syncs]) rmSync(file, { force: true })
    const answer = await this.operator.fleet(...args)
    if (answer.code !== 0) throw new Error(`fleet ${args.join(' ')} ended with ${answer.code}:\n${answer.stderr}`)
    const logins = await Promise.all(this.#lab.hosts.map(({ name }) => loginsOf(this.#lab, name)))
    const calls = linesOf(this.#calls)
    const ssh = calls.filter((name) => name === 'ssh').length
    return {
      logins: sum(logins),
      ssh,
      nix: calls.length - ssh,
      fsyncs: sum(linesOf(this.#syncs).map(Number)),
      events: args.includes('--json') && args[0] === 'apply' ? answer.stdout.trim().split('\n').length : 0,
    }
  }
}

function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
