import type { Attempt } from '../../ports/check.ts'
import type { Remote } from '../../ports/remote.ts'
import { run } from '../process.ts'

/** Where a host is on the network, for connections that are not ssh's. */
export type NetworkAddress = (attempt: Attempt, signal: AbortSignal) => Promise<string | null>

/** Milliseconds that `ssh -G` may take; it resolves names where the operator's files ask for that. */
const askTime = 5000

/**
 * The address at which ssh reaches the host, with an alias of ssh_config turned into the name behind it: a web client
 * knows no ssh_config. Null for a check of a wave.
 */
export function networkAddress(remote: Remote): NetworkAddress {
  const known = new Map<string, Promise<string>>()
  return async ({ name, settings }, signal) => {
    if (settings === null) return null
    const way = await remote.transport({ name, settings })
    // The check itself then says why nothing answers.
    if (!way.ok) return settings.address[0]
    const { address, config } = way.value
    const key = `${name} ${address}`
    const asked = known.get(key) ?? ask(address, config, signal)
    known.set(key, asked)
    return asked
  }
}

async function ask(address: string, config: string, signal: AbortSignal): Promise<string> {
  const args = ['-G', '-F', config, '--', address]
  const ended = await run({ program: 'ssh', args, timeoutMs: askTime }, signal)
  const name = ended.how === 'exited' && ended.code === 0 ? /^hostname (\S+)$/m.exec(ended.stdout)?.[1] : undefined
  return name ?? address
}
