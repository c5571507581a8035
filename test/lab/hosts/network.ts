import { connect, createServer, type Server } from 'node:net'
import type { Place } from './keys.ts'

/** The port of a played host's sshd. */
export const playedSshPort = 7022

const lockPort = 7021
const defaultNetwork = 77

/** The address of a lab's nth host (from 0); a lab has a /16 of the loopback network, 250 hosts to a /24. */
export function hostAddress(network: number, index: number): string {
  return `127.${network}.${Math.floor(index / 250)}.${(index % 250) + 1}`
}

/** Takes a network that no other lab has: 127.77 for the default lab, any other for the rest. It is free again when the server closes, however that happens. */
export async function claimNetwork(
  wanted: 'default' | 'any',
): Promise<{ readonly network: number; readonly claim: Server }> {
  const candidates =
    wanted === 'default'
      ? [defaultNetwork]
      : Array.from({ length: 150 }, (_, offset) => 80 + ((process.pid + offset) % 150))
  for (const network of candidates) {
    const claim = await listen(`127.${network}.255.254`)
    if (claim !== undefined) return { network, claim }
  }
  throw new Error(
    wanted === 'default'
      ? 'The lab’s network 127.77.0.0/16 is taken: another lab is up. Stop it with `npm run lab -- down` in its checkout.'
      : 'No free loopback network for a lab: too many labs are up.',
  )
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen({ host: address, port: lockPort, exclusive: true }, () => {
      server.unref()
      resolve(server)
    })
  })
}

/** Whether an ssh server greets at the address. */
export function sshAnswers({ address, port }: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    const finish = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(60_000, () => finish(false))
    socket.once('data', (data) => finish(data.toString('latin1').startsWith('SSH-')))
    socket.once('error', () => finish(false))
    socket.once('close', () => finish(false))
  })
}
