import pLimit from 'p-limit'
import type { HostExec } from '../../model/host/exec-schema.ts'
import type { Host } from '../../model/fleet/fleet.ts'
import type { CommandAnswer, CommandRequest, Commands } from '../../ports/remote.ts'

export interface ExecRequest extends CommandRequest {
  readonly hosts: readonly Host[]
  readonly waveOf: ReadonlyMap<string, string>
  /** Hosts at once. */
  readonly parallelism: number
  /** Told of each host as it begins, and as soon as it is done. */
  readonly onHost: (host: string, phase: 'begun' | 'done') => void
}

/** Runs one command on many hosts, each through one login; what became of it on each, in the order of the hosts. */
export async function execHosts(
  { hosts, waveOf, parallelism, onHost, ...request }: ExecRequest,
  commands: Commands,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, HostExec>> {
  const limit = pLimit(parallelism)
  const found = await Promise.all(
    hosts.map((host) =>
      limit(async (): Promise<readonly [string, HostExec]> => {
        const { name } = host
        const wave = waveOf.get(name) ?? ''
        if (signal.aborted) return [name, { result: 'not-started', wave }]
        onHost(name, 'begun')
        const answer = await commands.run(host, request, signal)
        onHost(name, 'done')
        return [name, hostExec(wave, answer, signal.aborted)]
      }),
    ),
  )
  return new Map(found)
}

function hostExec(wave: string, answer: CommandAnswer, isInterrupted: boolean): HostExec {
  switch (answer.how) {
    case 'exited': {
      const { how: _, code, ...printed } = answer
      return { result: 'ended', wave, exitCode: code, ...printed }
    }
    case 'timed-out': {
      const { how: _, ...rest } = answer
      return { result: 'timed-out', wave, ...rest }
    }
    case 'no-answer': {
      const { begun, failure } = answer
      if (isInterrupted) return { result: 'interrupted', wave }
      return { result: begun ? 'lost' : 'unreachable', wave, failure }
    }
  }
}

/** fleet's exit code: 0 all ended with 0, 1 no host was reached, 3 some did not, 130 interrupted. */
export function exitCodeOf(hosts: Iterable<HostExec>): 0 | 1 | 3 | 130 {
  const all = [...hosts]
  if (all.some(({ result }) => result === 'interrupted' || result === 'not-started')) return 130
  if (all.every(({ result }) => result === 'unreachable')) return 1
  return all.every((host) => host.result === 'ended' && host.exitCode === 0) ? 0 : 3
}
