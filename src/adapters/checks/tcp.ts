import { formatDuration } from '../../model/fleet/duration.ts'
import { connect } from 'node:net'
import { tellFailure } from '../../model/failure.ts'
import { fillIn } from '../../model/fleet/placeholders.ts'
import type { TcpCheck } from '../../model/plan/plan-schema.ts'
import { shortLine } from '../../model/text/short-line.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { Attempt, CheckType, Measurement } from '../../ports/check.ts'
import { lastLine } from '../last-line.ts'
import type { HostShell } from './host-shell.ts'
import type { NetworkAddress } from './network-address.ts'

/** Passes when a TCP connection is accepted. */
export function tcpCheck(shell: HostShell, addressOf: NetworkAddress): CheckType<TcpCheck> {
  return {
    async measure(check, attempt, signal) {
      const address = await addressFor(check, attempt, addressOf, signal)
      if (!address.ok) return { result: 'error', message: `{{${address.word}}} has no value here` }
      return check.from === 'host'
        ? connectFromHost(attempt, { host: address.text, ...check }, shell, signal)
        : connectFromHere(check, address.text, signal)
    },
  }
}

async function addressFor(
  { address }: TcpCheck,
  attempt: Attempt,
  addressOf: NetworkAddress,
  signal: AbortSignal,
): Promise<ReturnType<typeof fillIn>> {
  const { name, settings } = attempt
  const own = await addressOf(attempt, signal)
  const values = { name: settings === null ? null : name, address: own, vars: settings?.vars ?? {} }
  return fillIn(address ?? '{{host.address}}', values)
}

function connectFromHere({ port, timeoutMs }: TcpCheck, host: string, signal: AbortSignal): Promise<Measurement> {
  const limit = AbortSignal.timeout(timeoutMs)
  const stop = AbortSignal.any([limit, signal])
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal: stop })
    const end = (measured: Measurement) => {
      resolve(measured)
      socket.destroy()
    }
    socket.on('connect', () => end(accepted(host, port)))
    socket.on('error', (error: Error) => {
      if (signal.aborted) end({ result: 'error', message: 'it was interrupted' })
      else if (limit.aborted) end(late(host, port, timeoutMs))
      else end({ result: 'fail', message: shortLine(cleanLine(tellError(error))) })
    })
  })
}

function tellError(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors as readonly Error[]) : []
  return inner.length > 0 ? inner.map(({ message }) => message).join(' · ') : error.message
}

/** bash connects by itself; it is on every NixOS host. */
async function connectFromHost(
  attempt: Attempt,
  { host, port, timeoutMs }: { readonly host: string } & Pick<TcpCheck, 'port' | 'timeoutMs'>,
  shell: HostShell,
  signal: AbortSignal,
): Promise<Measurement> {
  const run = ['bash', '-c', 'exec 3<> "/dev/tcp/$1/$2"', 'bash', host, String(port)]
  const answer = await shell.ask(attempt, { run, environment: {}, stdin: null }, timeoutMs, signal)
  if (answer.how === 'no-answer') return { result: 'error', message: shortLine(tellFailure(answer.failure)) }
  if (answer.how === 'timed-out') return late(host, port, timeoutMs)
  if (answer.code === 126 || answer.code === 127)
    return { result: 'error', message: `the host has no program \`bash\`: ${lastLine(answer.stderr)}` }
  if (answer.code === 0) return accepted(host, port)
  // The line before the last says why: `bash: connect: Connection refused`.
  const why = /connect: (.*)|(Name or service not known|[^\n]{0,200}[Nn]ame resolution.*)/.exec(answer.stderr)
  const said = cleanLine(why?.[1] ?? why?.[2] ?? '') || lastLine(answer.stderr)
  return { result: 'fail', message: shortLine(cleanLine(`${host} port ${port}: ${said}`)) }
}

function accepted(host: string, port: number): Measurement {
  return { result: 'pass', message: cleanLine(`${host} accepts connections on port ${port}`) }
}

function late(host: string, port: number, timeoutMs: number): Measurement {
  return { result: 'fail', message: cleanLine(`${host} port ${port}: no answer within ${formatDuration(timeoutMs)}`) }
}
