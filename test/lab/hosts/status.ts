import type { Place } from './keys.ts'
import { runInside } from './machine.ts'
import { sshAnswers } from './network.ts'

/** What a host is, seen from outside and from within. */
export interface HostStatus {
  readonly name: string
  readonly address: string
  readonly ssh: 'answers' | 'silent'
  readonly generation: string
  /** Store path of /run/current-system. */
  readonly running: string
  readonly failedUnits: readonly string[]
  readonly faults: readonly string[]
}

const question = `readlink /nix/var/nix/profiles/system | sed 's/^system-\\(.*\\)-link$/\\1/'
readlink -f /run/current-system
systemctl list-units --failed --plain --no-legend | sed 's/ .*//'`

/** Asks one host. */
export async function statusOf(
  host: Place & { readonly machine: number },
  faults: readonly string[],
): Promise<HostStatus> {
  const [answers, told] = await Promise.all([sshAnswers(host), runInside(host.machine, question)])
  const [generation = '', running = '', ...failed] = told.stdout.trimEnd().split('\n')
  return {
    name: host.name,
    address: host.address,
    ssh: answers ? 'answers' : 'silent',
    generation,
    running,
    failedUnits: failed,
    faults,
  }
}
