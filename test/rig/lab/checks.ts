import { systemClock } from '../../../src/adapters/clock.ts'
import { commandCheck } from '../../../src/adapters/checks/command.ts'
import { hostShell } from '../../../src/adapters/checks/host-shell.ts'
import { sshCheck } from '../../../src/adapters/checks/ssh.ts'
import { systemdCheck } from '../../../src/adapters/checks/systemd.ts'
import { sshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { Check } from '../../../src/model/plan/plan-schema.ts'
import { load } from '../../../src/pipeline/settings/load.ts'
import { resolve } from '../../../src/pipeline/settings/resolve.ts'
import type { Attempt, Measurement } from '../../../src/ports/check.ts'
import type { Lab } from '../../lab/lab.ts'
import { library } from '../files/fleet-file.ts'
import { sampleAttempt } from '../samples/subject.ts'

/** The checks of a fleet.yaml, measured on a host of the lab as fleet does it. */
export class LabChecks {
  readonly #lab: Lab
  readonly #host: string
  readonly #remote

  constructor(lab: Lab, host: string) {
    this.#lab = lab
    this.#host = host
    this.#remote = sshRemote(lab.directory)
  }

  /** One attempt of a check that asks the host; `checks` is that part of fleet.yaml, as JSON. */
  async measure(name: string, checks: Readonly<Record<string, object>> = {}): Promise<string> {
    const text = this.#lab.fleetYaml().replace(`${this.#host}: {`, `${this.#host}: { checks: [${name}],`)
    const loaded = load(`${text}checks: ${JSON.stringify(checks)}\n`, 'fleet.yaml')
    const fleet = loaded.ok ? resolve(loaded.value, { directory: this.#lab.directory, library }) : loaded
    if (!fleet.ok) throw new Error(fleet.diagnostics.map(({ detail }) => detail).join('\n'))
    const settings = fleet.value.hosts.find((host) => host.name === this.#host)?.settings ?? null
    const attempt = sampleAttempt({ name: this.#host, settings, check: name })
    const { result, message } = await this.#attempt(fleet.value.checks[name], attempt)
    return `${result}: ${message}`
  }

  #attempt(check: Check | undefined, attempt: Attempt): Promise<Measurement> {
    // A refused login is remembered for the phase, so each attempt gets a shell that remembers nothing.
    const shell = hostShell(this.#remote, systemClock)
    const signal = AbortSignal.timeout(60_000)
    switch (check?.type) {
      case 'ssh':
        return sshCheck(shell).measure(check, attempt, signal)
      case 'systemd':
        return systemdCheck(shell).measure(check, attempt, signal)
      case 'command':
        return commandCheck(shell, this.#lab.directory).measure(check, attempt, signal)
      case undefined:
      default:
        throw new Error(`bug: ${attempt.check} asks no host`)
    }
  }

  close(): Promise<void> {
    return this.#remote.close()
  }
}
