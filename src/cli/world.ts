import { resolve } from 'node:path'
import { systemClock } from '../adapters/clock.ts'
import { commandCheck } from '../adapters/checks/command.ts'
import { hostShell } from '../adapters/checks/host-shell.ts'
import { httpCheck } from '../adapters/checks/http.ts'
import { moduleCheck } from '../adapters/checks/module.ts'
import { networkAddress } from '../adapters/checks/network-address.ts'
import { sshCheck } from '../adapters/checks/ssh.ts'
import { systemdCheck } from '../adapters/checks/systemd.ts'
import { tcpCheck } from '../adapters/checks/tcp.ts'
import { activationMargin, deployRsEngine } from '../adapters/engines/deploy-rs.ts'
import { nixEngine } from '../adapters/engines/nix.ts'
import { nixosRebuildEngine } from '../adapters/engines/nixos-rebuild.ts'
import { programHooks } from '../adapters/hooks/program.ts'
import { procMemory } from '../adapters/memory.ts'
import { gitCheckout } from '../adapters/nix/source/git-checkout.ts'
import { hostLocks } from '../adapters/locks/host.ts'
import { httpLock } from '../adapters/locks/http.ts'
import { localNix } from '../adapters/nix/nix.ts'
import type { Seal } from '../adapters/nix/seal.ts'
import { localStore } from '../adapters/nix/store.ts'
import { localRoots } from '../adapters/roots.ts'
import { fileClosureCache } from '../adapters/state/cache.ts'
import { fileEvaluations } from '../adapters/state/evaluations.ts'
import type { HostPorts } from '../pipeline/host/task.ts'
import type { ClosureCache } from '../ports/cache.ts'
import type { Checkout } from '../ports/checkout.ts'
import type { Hooks } from '../ports/hook.ts'
import type { FleetLock } from '../ports/lock.ts'
import type { Store } from '../ports/store.ts'
import type { Common } from './arguments/command.ts'
import { stateDirectoryOf } from './open/place.ts'
import { version } from './open/version.ts'
import { openReach, type Reach } from './reach.ts'

/** The real world, put together: the only place that knows which adapter stands behind which port. */
export interface World extends HostPorts, Reach {
  readonly store: Store
  readonly closures: ClosureCache
  readonly checkout: Checkout
  readonly hooks: Hooks
  /** The fleet lock at a URL; `fleet` is the name that it is taken for. */
  readonly fleetLockAt: (url: string, fleet: string) => FleetLock
  /** Where the garbage-collector root of a host that is built for a plan is put, absolute. */
  readonly rootOf: (host: string) => string
}

/** Makes the world for a fleet whose fleet.yaml is (or would be) in `directory`; `seal`: its flake is that of strangers. */
export function openWorld(
  directory: string,
  flags: Common,
  environment: NodeJS.ProcessEnv,
  seal: Seal | null = null,
): World {
  const reach = openReach(directory, flags, environment)
  const { remote } = reach
  const shell = hostShell(remote, systemClock)
  const addressOf = networkAddress(remote)
  const state = stateDirectoryOf(flags, environment)
  return {
    ...reach,
    nix: localNix(procMemory(), fileEvaluations(state, systemClock), seal),
    store: localStore(),
    closures: fileClosureCache(state, systemClock),
    checkout: gitCheckout,
    locks: hostLocks(remote, systemClock),
    roots: localRoots,
    engines: {
      nix: nixEngine(remote, systemClock),
      'deploy-rs': deployRsEngine(remote, systemClock, activationMargin),
      'nixos-rebuild': nixosRebuildEngine(remote, systemClock),
    },
    checkTypes: {
      ssh: sshCheck(shell),
      systemd: systemdCheck(shell),
      http: httpCheck(shell, addressOf),
      tcp: tcpCheck(shell, addressOf),
      command: commandCheck(shell, directory),
      module: moduleCheck(directory),
    },
    hooks: programHooks(directory),
    fleetLockAt: (url, name) => httpLock({ url, name, version: version(), environment }, systemClock),
    rootOf: (host) => resolve(state, 'roots', host),
  }
}
