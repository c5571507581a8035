import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('switch.sh', import.meta.url))

/** The network of a lab's hosts with a real systemd; gone when its process is. */
export interface Switch {
  readonly pid: number
  readonly stop: () => Promise<void>
}

/** The address of a lab's nth host (from 0) with a real systemd: of 198.18.0.0/15, which is set apart for trials of networks. */
export function containerAddress(network: number, index: number): string {
  if (index >= 250) throw new Error('A lab has at most 250 hosts with a real systemd.')
  return `198.18.${network}.${index + 1}`
}

/** Makes the network of the lab with that number. It dies with the process that calls this, even by kill -9. */
export async function startSwitch(network: number): Promise<Switch> {
  const cable = `fleet-lab-${network}`
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', '--net', 'sh', script, String(process.pid), cable, `198.18.${network}.254/24`],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  await new Promise<void>((ready, failed) => {
    child.stdout.once('data', () => ready())
    child.once('exit', () => failed(new Error(`The network of the hosts could not be made: ${said}`)))
    child.once('error', failed)
  })
  const { pid } = child
  if (pid === undefined) throw new Error('bug: a process that said it is ready and has no number')
  return {
    pid,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
