import { join } from 'node:path'
import { eventsOf, Operator } from '../test/e2e/fleet.ts'
import { generatedHosts } from '../test/lab/description.ts'
import { writeDeployNodes } from '../test/lab/flake.ts'
import { type Lab, startLab } from '../test/lab/lab.ts'
import { run } from '../test/lab/run.ts'
import { writeDeploy } from '../test/rig/doubles/engines/deploy-rs.ts'

/** Hosts in one wave, and how many of them are in flight at once. */
const [count, atOnce] = [Number(process.env['N'] ?? 30), 10]
const rounds = Number(process.env['ROUNDS'] ?? 2)

/** B13: a wave with the engine deploy-rs beside one `deploy --targets` for all of it, which goes from host to host. */
export async function applyDeployRs(place: string): Promise<void> {
  writeDeploy(join(place, 'programs'))
  process.env['PATH'] = `${join(place, 'programs')}:${process.env['PATH']}`
  const lab = await startLab({ hosts: generatedHosts(count) })
  const operator = new Operator(lab)
  const variants: Readonly<Record<string, (file: string) => Promise<void>>> = {
    'deploy --targets, all hosts': () => deployAll(lab),
    'fleet apply, engine deploy-rs, no checks': (file) => fleet(operator, file),
  }
  const walls = new Map<string, number[]>()
  try {
    const nodes = lab.hosts.map(({ name }) => {
      const sshOpts = ['-F', lab.layout.sshConfig]
      return [name, { hostname: name, sshUser: 'sma', sudo: 'sudo -n -u', sshOpts, magicRollback: true }] as const
    })
    await writeDeployNodes(lab.layout, Object.fromEntries(nodes))
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, make] of Object.entries(variants)) {
        const file = await change(lab, operator, `${name} ${round}`)
        const began = performance.now()
        await make(file)
        walls.set(name, [...(walls.get(name) ?? []), performance.now() - began])
      }
    }
  } finally {
    operator.close()
    await lab.stop()
  }
  console.log(`\nB13  ${count} hosts, one wave, ${atOnce} at once, engine deploy-rs; best of ${rounds}, interleaved`)
  const best = [...walls].map(([name, all]) => [name, Math.min(...all)] as const)
  const base = best[0]?.[1] ?? Number.NaN
  for (const [name, wall] of best)
    console.log(`  ${name.padEnd(44)}${(wall / 1000).toFixed(2).padStart(7)} s${(wall / base).toFixed(3).padStart(9)}`)
}

/** A new system for every host, planned and built, so that only its rollout is measured. */
async function change(lab: Lab, operator: Operator, motd: string): Promise<string> {
  await lab.set('*', 'motd', motd)
  operator.write(
    `waves:\n  - { name: all, hosts: ["*"], maxParallel: ${atOnce} }\n`,
    Object.fromEntries(lab.hosts.map(({ name }) => [name, 'engine: deploy-rs, checks: []'])),
  )
  const { file, plan } = await operator.plan('plan.json', '--build')
  const wrappers = Object.values(plan.body.hosts).flatMap((host) =>
    host.action === 'change' && host.to.profileDrv !== null ? [host.to.profileDrv] : [],
  )
  if (wrappers.length !== count) throw new Error(`${wrappers.length} of ${count} hosts have something to change`)
  await run('nix-store', ['--realise', '--quiet', ...wrappers], { environment: { ...process.env, ...lab.environment } })
  return file
}

async function fleet(operator: Operator, file: string): Promise<void> {
  const answer = await operator.fleet('apply', file, '--json')
  if (answer.code !== 0)
    throw new Error(`fleet apply ended with ${answer.code}: ${JSON.stringify(eventsOf(answer.stdout).at(-1))}`)
}

async function deployAll({ flake, hosts, environment }: Lab): Promise<void> {
  const targets = hosts.map(({ name }) => `git+file://${flake}#"${name}"."system"`)
  const settings = 'experimental-features = nix-command flakes'
  const { NIX_CONFIG: config = '' } = { ...process.env, ...environment }
  await run('deploy', ['--skip-checks', '--targets', ...targets], {
    environment: { ...process.env, ...environment, NIX_CONFIG: `${config}\n${settings}` },
  })
}
