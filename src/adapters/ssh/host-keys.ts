import { createHash } from 'node:crypto'
import { failed } from '../../model/failure.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { OfferedKey } from '../../model/inventory/offered-key.ts'
import type { HostKeys } from '../../ports/init/host-keys.ts'
import { run } from '../process.ts'

/** Milliseconds for a program that only reads files. */
const readingMs = 10_000
/** Seconds that ssh-keyscan waits for a host. */
const waiting = 5
/** Types of keys, the one that is pinned first. */
const types = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa']

/** By `ssh-keyscan`, at the place that the operator's ssh_config has for the address; known_hosts are read by `ssh-keygen`. */
export const scannedKeys: HostKeys = {
  async offered({ address, port }, signal) {
    const place = await placeOf(address, port, signal)
    if (place.isBehind)
      return unread('It is reached through another host or program. Connect by hand with ssh, which shows the key.')
    const args = ['-T', String(waiting), '-p', String(place.port), '-t', 'ed25519,ecdsa,rsa', '--', place.host]
    const ended = await run(
      { program: 'ssh-keyscan', args, env: { LC_ALL: 'C' }, timeoutMs: 4 * waiting * 1000 },
      signal,
    )
    if (ended.how === 'not-started') return unread(`ssh-keyscan could not be started: ${cleanLine(ended.reason)}`)
    const keys = keysIn(ended.stdout)
    const key = types.flatMap((type) => keys.filter((one) => one.startsWith(`${type} `)))[0]
    if (key === undefined)
      return unread(`Nothing at ${place.host} port ${place.port} offered a key within ${waiting} s.`)
    const known = await knownAs(key, place.port === 22 ? place.host : `[${place.host}]:${place.port}`, signal)
    return { ok: true, value: { key, fingerprint: fingerprintOf(key), known } }
  },
}

function unread(detail: string) {
  return failed('init/no-host-key', 'the host key could not be read', detail)
}

/** Where ssh would connect to. */
async function placeOf(address: string, port: number | null, signal: AbortSignal) {
  const args = ['-G', ...(port === null ? [] : ['-p', String(port)]), '--', address]
  const { stdout } = await run({ program: 'ssh', args, timeoutMs: readingMs }, signal)
  const said = new Map(
    stdout.split('\n').map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]),
  )
  const through = [said.get('proxyjump'), said.get('proxycommand')].filter((one) => one !== undefined && one !== 'none')
  return {
    host: said.get('hostname') ?? address,
    port: Number(said.get('port') ?? port ?? 22),
    isBehind: through.length > 0,
  }
}

/** `TYPE BASE64` of each line that is `NAME TYPE BASE64`. */
function keysIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, key] = /^[^#\s]\S* ([a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(line) ?? []
    return key ?? []
  })
}

async function knownAs(key: string, name: string, signal: AbortSignal): Promise<OfferedKey['known']> {
  const { stdout } = await run({ program: 'ssh-keygen', args: ['-F', name], timeoutMs: readingMs }, signal)
  const known = keysIn(stdout)
  if (known.includes(key)) return 'same'
  return known.some((one) => one.split(' ', 1)[0] === key.split(' ', 1)[0]) ? 'other' : 'none'
}

/** As ssh writes it: the hash of the key's bytes, without padding. */
function fingerprintOf(key: string): string {
  const bytes = Buffer.from(key.split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(bytes).digest('base64').replaceAll('=', '')}`
}
