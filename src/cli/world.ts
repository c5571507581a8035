import { hostname, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { systemClock } from '../adapters/clock.ts'
import { sshCheck } from '../adapters/checks/ssh.ts'
import { systemdCheck } from '../adapters/checks/systemd.ts'
import { nixEngine } from '../adapters/engines/nix.ts'
import { procMemory } from '../adapters/memory.ts'
import { gitCheckout } from '../adapters/nix/git-checkout.ts'
import { localNix } from '../adapters/nix/nix.ts'
import { localStore } from '../adapters/nix/store.ts'
import { sshRemote } from '../adapters/ssh/remote.ts'
import { fileClosureCache } from '../adapters/state/cache.ts'
import { fileEvaluations } from '../adapters/state/evaluations.ts'
import { fileRuns } from '../adapters/state/runs.ts'
import { makeStateDirectory } from '../adapters/state/state-directory.ts'
import type { HostPorts } from '../pipeline/host-task.ts'
import type { ClosureCache } from '../ports/cache.ts'
import type { Checkout } from '../ports/checkout.ts'
import type { Runs } from '../ports/journal.ts'
import type { Store } from '../ports/store.ts'
import type { Common } from './arguments.ts'

/** The real world, put together: the only place that knows which adapter stands behind which port. */
export interface World extends HostPorts {
  readonly runs: Runs
  readonly store: Store
  readonly closures: ClosureCache
  readonly checkout: Checkout
  /** Where the garbage-collector root of a host that is built for a plan is put, absolute. */
  readonly rootOf: (host: string) => string
  close(): Promise<void>
}

/** Makes the world for a fleet whose fleet.yaml is (or would be) in `directory`. */
export function openWorld(directory: string, { stateDirectory }: Common, environment: NodeJS.ProcessEnv): World {
  const remote = sshRemote(directory)
  const state = stateDirectory ?? environment['FLEET_STATE_DIR'] ?? join(directory, '.fleet')
  makeStateDirectory(state)
  return {
    clock: systemClock,
    nix: localNix(procMemory(), fileEvaluations(state)),
    store: localStore(),
    closures: fileClosureCache(state),
    checkout: gitCheckout,
    remote,
    engines: { nix: nixEngine(remote) },
    checkTypes: { ssh: sshCheck(remote), systemd: systemdCheck(remote) },
    runs: fileRuns(state),
    rootOf: (host) => resolve(state, 'roots', host),
    close: () => remote.close(),
  }
}

/** Directory that holds the fleet.yaml. */
export function directoryOf({ file }: Common): string {
  return dirname(resolve(file))
}

/** Who is at work: user@machine. */
export function operator(): string {
  return `${userInfo().username}@${hostname()}`
}
