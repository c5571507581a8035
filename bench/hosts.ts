import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { program } from '../src/adapters/nix/command.ts'
import { generatedHosts } from '../test/lab/description.ts'
import { type Lab, startLab } from '../test/lab/lab.ts'
import { never } from './evaluation.ts'
import { interleaved, measure, table, WatchedMemory } from './measure.ts'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
/** Hosts of the lab, which is on this machine as well: FLEET_BENCH_HOSTS for another number. */
const count = Number(process.env['FLEET_BENCH_HOSTS'] ?? 50)
const atOnce = 16

/**
 * B10 and the budget of a plan in which nothing changes: a bare loop over ssh to the same hosts, as many at once; the target is
 * 1.3. Each ssh of the loop is a session of its own as fleet's are, since the kernel shares the processor out by session.
 */
export async function hosts(place: string): Promise<void> {
  const lab = await startLab({ hosts: generatedHosts(count), directory: join(place, 'lab'), start: 'converged' })
  try {
    await compareWithLoop(place, lab)
    await countProcesses(place, lab)
  } finally {
    await lab.stop()
  }
}

async function compareWithLoop(place: string, lab: Lab): Promise<void> {
  const names = join(place, 'names')
  await writeFile(names, lab.hosts.map(({ name }) => `${name}\n`).join(''))
  const ssh = ['setsid', '-w', 'ssh', '-n', '-F', lab.layout.sshConfig, 'HOST', 'readlink -f /run/current-system']
  const loop = ['-a', names, '-P', String(atOnce), '-I', 'HOST', ...ssh]
  const bare = `xargs -P ${atOnce} ssh HOST readlink`
  await plan(lab, place)
  const results = await interleaved(5, {
    [bare]: () => measure(new WatchedMemory(null), () => must('xargs', loop)),
    'fleet plan, all cached, nothing changes': () => measure(new WatchedMemory(null), () => plan(lab, place)),
    'fleet status': () => measure(new WatchedMemory(null), () => fleet(lab, place, 'status')),
  })
  console.log(
    `\nB10 ${count} lab hosts, ${atOnce} at once; medians of 5, interleaved. cpu: of the operator's processes`,
  )
  console.log(table(results, bare))
}

/** How many sessions and Nix processes a plan takes: 1 and at most 1 a host are the target. */
async function countProcesses(place: string, lab: Lab): Promise<void> {
  const [bin, log] = [join(place, 'bin'), join(place, 'calls')]
  await mkdir(bin, { recursive: true })
  for (const name of ['ssh', 'nix', 'nix-store', 'nix-instantiate', 'git']) {
    const real = (await program('sh', ['-c', `command -v ${name}`], never)).stdout.trim()
    await writeFile(join(bin, name), `#!/bin/sh\necho ${name} >>'${log}'\nexec '${real}' "$@"\n`)
    await chmod(join(bin, name), 0o755)
  }
  await writeFile(log, '')
  await plan(lab, place, `${bin}:${process.env['PATH']}`)
  const calls = (await readFile(log, 'utf8')).trim().split('\n')
  const times = (name: string) =>
    calls.filter((call) => call === name || (name === 'nix' && call.startsWith('nix-'))).length
  console.log(
    `  processes of one plan of ${count} hosts: ssh ${times('ssh')}, Nix ${times('nix')}, git ${times('git')}`,
  )
}

function plan(lab: Lab, place: string, path?: string): Promise<void> {
  return fleet(lab, place, 'plan', path)
}

async function fleet(lab: Lab, place: string, command: string, path = process.env['PATH'] ?? ''): Promise<void> {
  const file = join(place, 'fleet.yaml')
  await writeFile(file, lab.fleetYaml())
  const ended = await program(process.execPath, [main, '-f', file, '--quiet', command], never, {
    env: { ...lab.environment, PATH: path },
  })
  if (ended.how !== 'exited' || ended.code !== 0) throw new Error(`fleet ${command}: ${ended.stderr}`)
}

async function must(name: string, args: readonly string[]): Promise<void> {
  const ended = await program(name, args, never)
  if (ended.how !== 'exited' || ended.code !== 0) throw new Error(`${name}: ${ended.stderr}`)
}
