import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { program } from '../src/adapters/nix/command.ts'
import type { HostPlan } from '../src/model/plan/plan-schema.ts'
import { planIdOf } from '../src/pipeline/plan/sign.ts'
import { changed, type Draft, samplePlan, sampleWave } from '../test/rig/samples/plan.ts'
import { everyDifference } from '../test/views/plan/sample-plans.ts'
import { never } from './evaluation.ts'
import { interleaved, type Measured, measure, table, WatchedMemory } from './measure.ts'

/** FLEET_BENCH_MAIN: another build of fleet, to hold two of them beside the same `node -e 0`. */
const main = process.env['FLEET_BENCH_MAIN'] ?? fileURLToPath(new URL('../dist/main.js', import.meta.url))
/** Starts that are measured as one: the kernel counts in hundredths of a second. */
const starts = 10

/**
 * B14: what fleet takes to start, beside Node with nothing to do: the commands that have next to no work of their own. Targets,
 * for cpu on Node 20: 1.35, 2.0, 2.7 (the first plan) and 2.7. The one host of `status` is a program that answers at once.
 */
export async function start(place: string): Promise<void> {
  const [file, bin] = [join(place, 'one.yaml'), join(place, 'answering')]
  const [saved, large] = [join(place, 'saved.json'), join(place, 'large.json')]
  await writeFile(file, 'version: 1\nname: one\nhosts:\n  web-1: {}\n')
  const names = Array.from({ length: 200 }, (_, index) => `host-${index}`)
  const waves = Array.from({ length: 20 }, (_, index) =>
    sampleWave(`${index}`, names.slice(index * 10, index * 10 + 10)),
  )
  const savePlan = async (path: string, host: (name: string) => Draft<HostPlan>) => {
    const plan = samplePlan(Object.fromEntries(names.map((name) => [name, host(name)])), waves)
    await writeFile(path, JSON.stringify({ ...plan, planId: planIdOf(plan.body) }))
  }
  await savePlan(saved, (name) => changed(name))
  await savePlan(large, (name) => changed(name, everyDifference))
  await mkdir(bin)
  await writeFile(join(bin, 'ssh'), answering)
  await chmod(join(bin, 'ssh'), 0o755)
  const fleet = (...argv: readonly string[]) => repeated([main, '-f', file, ...argv], bin)
  const bare = 'node -e 0'
  const results = await interleaved(7, {
    [bare]: repeated(['-e', '0'], bin),
    'fleet --version': fleet('--version'),
    'fleet validate': fleet('validate'),
    'fleet show, a plan of 200 hosts, 0.3 MB': fleet('show', saved),
    'fleet show, a plan of 200 hosts, 0.8 MB': fleet('show', large),
    'fleet status, one host': fleet('status'),
  })
  console.log(`\nB14  ${starts} starts of each; medians of 7, interleaved. cpu: of all processes that were started`)
  console.log(table(results, bare))
}

function repeated(argv: readonly string[], bin: string): () => Promise<Measured> {
  const env = { PATH: `${bin}:${process.env['PATH']}` }
  return () =>
    measure(new WatchedMemory(null), async () => {
      for (let done = 0; done < starts; done += 1) {
        const ended = await program(process.execPath, argv, never, { env })
        if (ended.how !== 'exited' || ended.code !== 0) throw new Error(`${argv.join(' ')}: ${ended.stderr}`)
      }
    })
}

/** A host with nothing amiss, as the observation script would tell of it; its fifth word is the nonce. */
const answering = `#!/bin/sh
set -- $6
system=/nix/store/0c0a0b1d2f3g4h5i6j7k8l9m0n1p2q3r-nixos-system-web-1-25.05
printf '%s\\n' "fleet-observation 1 $5" "system=$system" "profile=$system" "next-boot=$system" "booted=$system" generation=41 \\
  profile-age=3600 hostname=web-1 platform=x86_64-linux release=25.05 system-state=running free-nix=9000000 root=yes \\
  "fleet-observation end $5"
exec cat >/dev/null
`
