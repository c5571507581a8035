import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/model/plan/plan-schema.ts'
import { type Answer, ask } from '../../lab/run.ts'
import { FlakeTree } from '../../rig/files/flake-tree.ts'

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
/** The built program, as users start it. */
const main = at('dist/main.js')
const place = mkdtempSync(join(tmpdir(), 'fleet-update-'))
const inputs = { packages: new FlakeTree(), other: new FlakeTree() }
const tree = new FlakeTree()
const lockFile = join(tree.directory, 'flake.lock')
const kept = join(tree.directory, '.fleet')
/** Folders to stand first on PATH, by the version of Nix. */
const versions = { '2.8': '', newer: '' }

const flake = `{
  inputs.packages.url = "git+file://${inputs.packages.directory}";
  inputs.other.url = "git+file://${inputs.other.directory}";
  outputs = { self, packages, other }: let
    host = text: { config.system.build.toplevel = derivation {
      name = "nixos-system-host"; system = "x86_64-linux"; builder = "/bin/sh"; inherit text; }; };
  in { nixosConfigurations = {
    web = host packages.text;
    db = host other.text;
    broken = host (throw "never evaluated");
  }; };
}
`
const fleetYaml = `version: 1
name: two-inputs
defaults: { engine: nix, local: never, ssh: { port: 1, connectTimeout: 5s } }
hosts:
  web: { address: 127.0.0.1 }
  db: { address: 127.0.0.1 }
  broken: { address: 127.0.0.1 }
`

beforeAll(async () => {
  const unpacked = await ask('sh', [at('scripts/newer-nix.sh')])
  if (unpacked.code !== 0) throw new Error(unpacked.stderr)
  versions.newer = unpacked.stdout.trim()
  tree.write({ 'flake.nix': flake, 'fleet.yaml': fleetYaml, '.gitignore': '.fleet\n', notes: 'one\n' })
})

afterAll(() => {
  for (const one of [tree, ...Object.values(inputs)]) one.close()
  rmSync(place, { recursive: true })
})

/** Both inputs have something newer than what the tree has locked and committed. */
beforeEach(async () => {
  rmSync(kept, { recursive: true, force: true })
  for (const [name, input] of Object.entries(inputs)) {
    input.write({ 'flake.nix': `{ outputs = _: { text = "${name}, old"; }; }\n` })
    input.commit(`${name}, old again`)
  }
  rmSync(lockFile, { force: true })
  tree.write({ notes: `${crypto.randomUUID()}\n` })
  tree.commit('begin')
  execFileSync('nix', ['flake', 'lock', '--extra-experimental-features', 'nix-command flakes', tree.directory], {
    stdio: 'ignore',
  })
  tree.commit('lock')
  for (const [name, input] of Object.entries(inputs)) newer(input, `outputs = _: { text = "${name}, new"; };`)
})

function newer(input: FlakeTree, text: string): void {
  input.write({ 'flake.nix': `{ ${text} }\n` })
  input.commit('new')
}

const rev = (input: FlakeTree, of = 'HEAD') => input.git('rev-parse', of)
const locked = () => readFileSync(lockFile, 'utf8')
const environment = (path: string): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: path === '' ? process.env['PATH'] : `${path}:${process.env['PATH']}`,
  NO_COLOR: '1',
  GIT_AUTHOR_NAME: 'Fleet Test',
  GIT_AUTHOR_EMAIL: 'test@fleet.example',
  GIT_COMMITTER_NAME: 'Fleet Test',
  GIT_COMMITTER_EMAIL: 'test@fleet.example',
})

function update(...args: readonly string[]): Promise<Answer> {
  return updateWith('', ...args)
}

function updateWith(path: string, ...args: readonly string[]): Promise<Answer> {
  const argv = [main, '-f', join(tree.directory, 'fleet.yaml'), 'update', ...args]
  return ask(process.execPath, argv, { environment: environment(path) })
}

const short = (input: FlakeTree, of?: string) => rev(input, of).slice(0, 7)

describe.each(Object.keys(versions) as (keyof typeof versions)[])('fleet update with Nix %s', (version) => {
  it('updates the input that is named, shows it old → new with dates, and plans', async () => {
    const { packages, other } = inputs
    const answer = await updateWith(versions[version], 'packages')
    expect(answer.code, answer.stderr).toBe(0)
    expect(answer.stdout).toContain(
      `Inputs\n  packages  ${short(packages, 'HEAD~1')} of 2026-01-02 → ${short(packages)} of 2026-01-02\n\n`,
    )
    expect(locked()).toContain(rev(packages))
    expect(locked()).toContain(rev(other, 'HEAD~1'))
    expect(answer.stdout).toContain('Plan: 0 to change, 0 unchanged, 2 unreachable, 1 failed to evaluate.')
    expect(readdirSync(kept).filter((name) => name.startsWith('flake.lock'))).toEqual([])
  })

  it('updates all of them where none is named', async () => {
    const answer = await updateWith(versions[version])
    expect(answer.code, answer.stderr).toBe(0)
    for (const input of Object.values(inputs)) expect(locked()).toContain(rev(input))
    const again = await updateWith(versions[version])
    expect([again.code, again.stdout]).toEqual([0, ''])
    expect(again.stderr).toContain('No input has anything newer')
  })
})

it('the plan is the same with either Nix', async () => {
  const before = locked()
  const [older, newest] = [await updatedWith(versions['2.8']), locked()]
  writeFileSync(lockFile, before)
  const other = await updatedWith(versions.newer)
  // Nix 2.8 writes the short name of a branch, and means the same; so the lock file alone makes another tree.
  expect(locked().replaceAll('refs/heads/main', 'main')).toBe(newest.replaceAll('refs/heads/main', 'main'))
  expect(other).toEqual(older)
  expect(older.hosts).toMatchObject({ web: { action: 'unreachable', to: { platform: 'x86_64-linux' } } })
})

/** What an update shows, and the hosts of a plan after it. */
async function updatedWith(path: string): Promise<{ readonly text: string; readonly hosts: Plan['body']['hosts'] }> {
  const shown = await updateWith(path, 'packages', '--on', 'web,db')
  const argv = [main, '-f', join(tree.directory, 'fleet.yaml'), 'plan', '--on', 'web,db', '--json']
  const { stdout } = await ask(process.execPath, argv, { environment: environment(path) })
  const text = shown.stdout.replace(/plan [0-9a-f]{8} {3}made \S+ \S+ UTC/, 'plan now')
  return { text, hosts: (JSON.parse(stdout) as Plan).body.hosts }
}

describe('--revert-if-failing', () => {
  it('puts the old lock back when a host stops evaluating, and names the host', async () => {
    const before = locked()
    newer(inputs.packages, 'outputs = _: { };')
    const answer = await update('--revert-if-failing', '--commit')
    expect(answer.code).toBe(1)
    expect(locked()).toBe(before)
    expect(answer.stderr).toContain('web evaluates with the old flake.lock and not with the new one')
    expect(answer.stderr).toContain("attribute 'text' missing")
    expect(answer.stderr).not.toContain('broken evaluates')
    expect(answer.stderr).toContain(`The old ${lockFile} was put back.`)
    expect(tree.git('log', '-1', '--format=%s')).toBe('lock')
    expect(tree.git('status', '--porcelain')).toBe('')
  })

  it('keeps the new one when only what was broken before does not evaluate', async () => {
    const answer = await update('packages', '--revert-if-failing')
    expect(answer.code, answer.stderr).toBe(0)
    expect(locked()).toContain(rev(inputs.packages))
  })

  it('is not needed to keep a failing update from being committed', async () => {
    newer(inputs.packages, 'outputs = _: { };')
    const answer = await update('--commit')
    expect(answer.code).toBe(1)
    expect(locked()).toContain(rev(inputs.packages))
    expect(answer.stderr).toContain('is in place and was not committed')
    expect(tree.git('log', '-1', '--format=%s')).toBe('lock')
  })
})

it('--commit commits the lock alone, whatever is staged, with a message that lists inputs', async () => {
  const { packages, other } = inputs
  const [old, new_] = [short(packages, 'HEAD~1'), short(packages)]
  const [otherOld, otherNew] = [short(other, 'HEAD~1'), short(other)]
  tree.write({ notes: 'staged\n', staged: 'new\n', untracked: 'new\n' })
  tree.git('add', 'notes', 'staged')
  const answer = await update('--commit')
  expect(answer.code, answer.stderr).toBe(0)
  expect(tree.git('show', '--name-only', '--format=%B')).toBe(
    [
      'flake.lock: update other, packages',
      '',
      `other: ${otherOld} of 2026-01-02 → ${otherNew} of 2026-01-02`,
      `packages: ${old} of 2026-01-02 → ${new_} of 2026-01-02`,
      '',
      '',
      'flake.lock',
    ].join('\n'),
  )
  expect(tree.git('status', '--porcelain').split('\n')).toEqual(['M  notes', 'A  staged', '?? untracked'])
  expect(answer.stderr).toContain(`committed as ${tree.git('rev-parse', '--short', 'HEAD')}`)
  tree.git('reset', '--quiet', '--hard')
  rmSync(join(tree.directory, 'untracked'))
})

it('says which inputs there are when it does not know one, and changes nothing', async () => {
  const before = locked()
  const answer = await update('package')
  expect(answer.code).toBe(1)
  expect(answer.stderr).toContain('The flake has no input `package`. Did you mean `packages`?')
  expect(locked()).toBe(before)
})

it('says that a flake elsewhere has no lock file to write', async () => {
  const yaml = join(place, 'fleet.yaml')
  writeFileSync(yaml, `flake: github:example/fleet\n${fleetYaml}`)
  const answer = await ask(process.execPath, [main, '-f', yaml, 'update'], { environment: environment('') })
  expect(answer.code).toBe(1)
  expect(answer.stderr).toContain('names no working tree')
})

describe('an update that does not come to its end', () => {
  /** A Nix that says when it evaluates, and then never ends of itself. */
  function hangingNix(name: string): {
    readonly path: string
    readonly reached: Promise<unknown>
    readonly end: () => void
  } {
    const path = join(place, name)
    mkdirSync(path)
    const pipe = join(path, 'reached')
    execFileSync('mkfifo', [pipe, join(path, 'never')])
    const pids = join(path, 'pids')
    const real = execFileSync('sh', ['-c', 'command -v nix'], { encoding: 'utf8' }).trim()
    const script = `#!/bin/sh\n[ "$1" = eval ] || exec '${real}' "$@"\necho $$ >>'${pids}'\necho >'${pipe}'\nexec cat '${join(path, 'never')}'\n`
    writeFileSync(join(path, 'nix'), script, { mode: 0o755 })
    const end = () => {
      for (const pid of readFileSync(pids, 'utf8').trim().split('\n'))
        if (existsSync(`/proc/${pid}`)) process.kill(Number(pid), 'SIGKILL')
    }
    return { path, reached: readFile(pipe), end }
  }

  async function interrupted(name: string, signal: NodeJS.Signals): Promise<number | null> {
    const { path, reached, end } = hangingNix(name)
    const child = spawn(process.execPath, [main, '-f', join(tree.directory, 'fleet.yaml'), 'update'], {
      env: environment(path),
      stdio: 'ignore',
    })
    const ended = once(child, 'exit')
    const first = await Promise.race([reached.then(() => 'evaluates'), ended.then(() => 'ended')])
    expect(first).toBe('evaluates')
    expect(locked()).toContain(rev(inputs.packages))
    child.kill(signal)
    const [code] = (await ended) as [number | null]
    // What was killed with SIGKILL has left its Nix behind.
    end()
    return code
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('puts the old lock back after %s', async (signal, code) => {
    const before = locked()
    expect(await interrupted(signal, signal)).toBe(code)
    expect(locked()).toBe(before)
    expect(readdirSync(kept).filter((name) => name.startsWith('flake.lock'))).toEqual([])
  })

  it('keeps a copy of the old lock where it is killed, and the next update says where', async () => {
    const before = locked()
    await interrupted('killed', 'SIGKILL')
    const [copy = '', ...others] = readdirSync(kept).filter((name) => name.startsWith('flake.lock'))
    expect(others).toEqual([])
    expect(readFileSync(join(kept, copy), 'utf8')).toBe(before)
    const next = await update()
    expect(next.stderr).toContain(join(kept, copy))
    expect(readFileSync(join(kept, copy), 'utf8')).toBe(before)
  })
})
