import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventsOf, Operator } from '../test/e2e/fleet.ts'
import { generatedHosts } from '../test/lab/description.ts'
import { type Lab, startLab } from '../test/lab/lab.ts'
import { run } from '../test/lab/run.ts'

/** Hosts in one wave, and how many of them are in flight at once. */
const [count, atOnce] = [30, 10]
const rounds = 2

/** A built change of every host, and how long it took somebody to make it true. */
interface Rollout {
  readonly file: string
  /** By host: its address and its new system. */
  readonly targets: ReadonlyMap<string, { readonly address: string; readonly system: string }>
}

type Variant = (rollout: Rollout) => Promise<unknown>

/** B11: a wave beside a bare loop that copies and switches; the target is 1.2 of its time. */
export async function apply(place: string): Promise<void> {
  const lab = await startLab({ hosts: generatedHosts(count) })
  const operator = new Operator(lab)
  const variants: Readonly<Record<string, { readonly checks: string; readonly make: Variant }>> = {
    'xargs -P 10: nix copy, set, switch': { checks: '[]', make: (rollout) => loop(place, lab, rollout) },
    'fleet apply, confirmed, no checks': { checks: '[]', make: (rollout) => fleet(operator, rollout) },
    'fleet apply, confirmed, ssh and units': { checks: '[ssh, units]', make: (rollout) => fleet(operator, rollout) },
  }
  const walls = new Map<string, number[]>()
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, { checks, make }] of Object.entries(variants)) {
        const rollout = await change(lab, operator, checks, `${name} ${round}`)
        const began = performance.now()
        await make(rollout)
        walls.set(name, [...(walls.get(name) ?? []), performance.now() - began])
        await mustRun(lab, rollout)
      }
    }
  } finally {
    operator.close()
    await lab.stop()
  }
  console.log(
    `\nB11  ${count} hosts, one wave, ${atOnce} at once, engine nix; best of ${rounds}, interleaved; all built before`,
  )
  const best = [...walls].map(([name, all]) => [name, Math.min(...all)] as const)
  const base = best[0]?.[1] ?? Number.NaN
  for (const [name, wall] of best)
    console.log(`  ${name.padEnd(44)}${(wall / 1000).toFixed(2).padStart(7)} s${(wall / base).toFixed(3).padStart(9)}`)
}

/** A new system for every host, planned and built, so that only its rollout is measured. */
async function change(lab: Lab, operator: Operator, checks: string, motd: string): Promise<Rollout> {
  await lab.set('*', 'motd', motd)
  operator.write(
    `waves:\n  - { name: all, hosts: ["*"], maxParallel: ${atOnce} }\n`,
    Object.fromEntries(lab.hosts.map(({ name }) => [name, `checks: ${checks}`])),
  )
  const { file, plan } = await operator.plan('plan.json', '--build')
  const targets = lab.hosts.map(({ name, address }) => {
    const planned = plan.body.hosts[name]
    if (planned?.action !== 'change') throw new Error(`${name} has nothing to change`)
    return [name, { address, system: planned.to.system }] as const
  })
  return { file, targets: new Map(targets) }
}

async function fleet(operator: Operator, { file }: Rollout): Promise<void> {
  const answer = await operator.fleet('apply', file, '--json')
  const last = eventsOf(answer.stdout).at(-1)
  if (answer.code !== 0)
    throw new Error(`fleet apply ended with ${answer.code}: ${JSON.stringify(last)}\n${answer.stderr}`)
}

/** What one would write in a terminal. */
const script = `
name=\${1%% *} system=\${1#* }
nix --extra-experimental-features 'nix-command flakes' copy --no-check-sigs --substitute-on-destination --to "ssh-ng://$name" "$system" &&
  ssh -F "$CONFIG" "$name" "sudo -n nix-env -p /nix/var/nix/profiles/system --set $system && sudo -n $system/bin/switch-to-configuration switch"
`

async function loop(place: string, { layout, environment }: Lab, { targets }: Rollout): Promise<void> {
  const [one, list] = [join(place, 'one.sh'), join(place, 'list')]
  await writeFile(one, script)
  await writeFile(list, [...targets].map(([name, { system }]) => `${name} ${system}\n`).join(''))
  const config = { CONFIG: layout.sshConfig, NIX_SSHOPTS: `-F ${layout.sshConfig}` }
  await run('xargs', ['-a', list, '-P', String(atOnce), '-d', '\n', '-n', '1', 'sh', one], {
    environment: { ...process.env, ...environment, ...config },
  })
}

async function mustRun(lab: Lab, { targets }: Rollout): Promise<void> {
  for (const { name, running } of await lab.status()) {
    if (running !== targets.get(name)?.system) throw new Error(`${name} does not run what it should`)
  }
}
