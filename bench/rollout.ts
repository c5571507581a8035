import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ask } from '../test/lab/run.ts'
import { fileURLToPath } from 'node:url'

/** Hosts of the smallest fleet, which the others are held against, and of the others; all in 20 waves. */
const sizes = [100, 1000, 10_000] as const
const waves = 20
/** One host in a hundred meets a fault, of every kind. */
const faults = 'fail=0.0025,hang=0.0025,lose=0.0025,flap=0.0025'
/** MiB of long-lived objects that Node may hold: left alone it collects late, and what is used is not what is needed. */
const oldSpace = 256
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

interface Run {
  readonly events: number
  readonly cpuMs: number
  readonly wallMs: number
  /** Most that the process had in memory. */
  readonly peakMiB: number
}

/**
 * B12: `fleet apply --simulate` of fleets of 100 to 10,000 hosts, the whole program with its event stream. What an event takes
 * must not grow with the fleet; it is counted in processor time, less that of a fleet of one host (starting Node and fleet).
 */
export async function rollout(place: string): Promise<void> {
  console.log(
    `\nB12  simulated rollouts in ${waves} waves, ${faults}; targets: 10 s and 400 MiB for 10,000 hosts, ratio 1.0`,
  )
  const none = await simulate(place, 1)
  let base: number | null = null
  for (const size of sizes) {
    const run = await simulate(place, size)
    const perEvent = ((run.cpuMs - none.cpuMs) * 1000) / (run.events - none.events)
    base ??= perEvent
    console.log(
      `  ${String(size).padStart(6)} hosts  ${String(run.events).padStart(7)} events  ${seconds(run.wallMs)} wall  ${seconds(run.cpuMs)} cpu  ${run.peakMiB.toFixed(0).padStart(4)} MiB  ${perEvent.toFixed(0).padStart(4)} µs an event, ratio ${(perEvent / base).toFixed(2)}`,
    )
  }
}

async function simulate(place: string, size: number): Promise<Run> {
  const file = join(place, 'fleet.yaml')
  await writeFile(file, fleetOf(size))
  // Written by the process itself at its end: what it took, and how many lines it printed.
  const measure = `data:text/javascript,${encodeURIComponent(measuring)}`
  const node = [`--max-old-space-size=${oldSpace}`, '--import', measure]
  const args = [...node, main, '-f', file, 'apply', '--simulate', '--json', '--faults', faults]
  const began = performance.now()
  const { stderr } = await ask(process.execPath, args)
  const told = /^measured (\{.*\})$/m.exec(stderr)?.[1]
  if (told === undefined) throw new Error(`fleet did not end well:\n${stderr}`)
  return { ...(JSON.parse(told) as Omit<Run, 'wallMs'>), wallMs: performance.now() - began }
}

const measuring = `
let events = 0
// Counted and dropped: it is fleet that is measured, not who reads it.
process.stdout.write = (text) => { events += text.split('\\n').length - 1; return true }
process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  const peakMiB = process.resourceUsage().maxRSS / 1024
  process.stderr.write('measured ' + JSON.stringify({ events, cpuMs: (user + system) / 1000, peakMiB }) + '\\n')
})
`

/** Waves of the same size, in which one failure in ten is let pass. */
function fleetOf(size: number): string {
  const perWave = Math.ceil(size / waves)
  const names = Array.from({ length: size }, (_, index) => `host-${index}`)
  const chunks = Array.from({ length: Math.ceil(size / perWave) }, (_, index) =>
    names.slice(index * perWave, (index + 1) * perWave),
  )
  return [
    'version: 1',
    'name: many',
    'defaults: { engine: nix }',
    `hosts: {${names.map((name) => `${name}: {}`).join(', ')}}`,
    'waves:',
    ...chunks.map(
      (hosts, index) => `  - { name: wave-${index}, maxParallel: 16, maxFailures: 10%, hosts: [${hosts.join(', ')}] }`,
    ),
    '',
  ].join('\n')
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`.padStart(7)
}
