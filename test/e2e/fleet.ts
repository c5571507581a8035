import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Event } from '../../src/model/run/event-schema.ts'
import type { Plan } from '../../src/model/plan/plan-schema.ts'
import type { Lab } from '../lab/lab.ts'
import { ask, type Answer } from '../lab/run.ts'
import { checked } from '../rig/files/schema.ts'

/** The built program, as users start it. */
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** An operator in front of a lab: a directory with a fleet.yaml, and the built `fleet` run in it. */
export class Operator {
  readonly lab: Lab
  readonly directory = mkdtempSync(join(tmpdir(), 'fleet-e2e-'))
  readonly #overrides: NodeJS.ProcessEnv

  /** `overrides` are variables that win over the lab's own. */
  constructor(lab: Lab, rest = '', overrides: NodeJS.ProcessEnv = {}) {
    this.lab = lab
    this.#overrides = overrides
    this.write(rest)
  }

  /** Writes fleet.yaml: the lab's hosts, then what the test adds. */
  write(rest: string, hosts: Readonly<Record<string, string>> = {}): void {
    let text = this.lab.fleetYaml()
    for (const [host, settings] of Object.entries(hosts))
      text = text.replace(new RegExp(`^( {2}${host}: \\{) `, 'm'), `$1 ${settings}, `)
    writeFileSync(join(this.directory, 'fleet.yaml'), `${text}\n${rest}`)
  }

  fleet(...args: readonly string[]): Promise<Answer> {
    return ask(process.execPath, [main, ...this.#common(args)], { environment: this.#environment() })
  }

  /** Starts `fleet` and hands over the process, for signals. */
  start(...args: readonly string[]): Running {
    return this.startWith([], ...args)
  }

  /** The same, with options for Node itself. */
  startWith(options: readonly string[], ...args: readonly string[]): Running {
    return new Running(
      spawn(process.execPath, [...options, main, ...this.#common(args)], {
        env: this.#environment(),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
  }

  /** Plans into a file of that name; returns its path and content. */
  async plan(name = 'plan.json', ...args: readonly string[]): Promise<{ file: string; plan: Plan; answer: Answer }> {
    const file = join(this.directory, name)
    const answer = await this.fleet('plan', '-o', file, ...args)
    if (!existsSync(file)) throw new Error(`fleet plan saved nothing:\n${answer.stderr}`)
    return { file, plan: checked('plan', JSON.parse(readFileSync(file, 'utf8')) as Plan), answer }
  }

  /** The path behind /run/current-system and the generation, asked through plain ssh. */
  async runs(host: string): Promise<{ system: string; profile: string; generation: string }> {
    const profile = '/nix/var/nix/profiles/system'
    const { stdout } = await this.lab.inside(host, `readlink -f /run/current-system ${profile}; readlink ${profile}`)
    const [system = '', target = '', generation = ''] = stdout.split('\n')
    return { system, profile: target, generation }
  }

  #common(args: readonly string[]): readonly string[] {
    return ['-f', join(this.directory, 'fleet.yaml'), ...args]
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.lab.environment, NO_COLOR: '1', ...this.#overrides }
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** A `fleet` that is at work. */
export class Running {
  readonly child: ChildProcess
  stdout = ''
  readonly #ended: Promise<number | null>

  constructor(child: ChildProcess) {
    this.child = child
    child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString()
    })
    this.#ended = once(child, 'close').then(([code]) => code as number | null)
  }

  /** Resolves when the output holds the text; rejects when the program ends before. */
  async until(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      const more = await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.#ended])
      if (!Array.isArray(more) && !this.stdout.includes(text))
        throw new Error(`fleet ended before it said ${text}:\n${this.stdout}`)
    }
  }

  async end(): Promise<number | null> {
    return this.#ended
  }
}

/** The event stream of `apply --json`, each line checked against its schema. */
export function eventsOf(stdout: string): readonly Event[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => checked('event', JSON.parse(line) as Event))
}

/** The last line of an output. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}
