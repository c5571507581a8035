import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { localStore } from '../../../src/adapters/nix/store.ts'
import { type SshRemote, sshRemote } from '../../../src/adapters/ssh/remote.ts'
import type { Host } from '../../../src/model/fleet/fleet.ts'
import type { Failure } from '../../../src/model/plan/plan-schema.ts'
import type { Evaluation } from '../../../src/model/host/system.ts'
import { gatherHost } from '../../../src/pipeline/compare/gather/gather-host.ts'
import type { HostSides } from '../../../src/pipeline/compare/sides.ts'
import { load } from '../../../src/pipeline/settings/load.ts'
import { observe } from '../../../src/pipeline/observe/observe.ts'
import { resolve } from '../../../src/pipeline/settings/resolve.ts'
import type { Store } from '../../../src/ports/store.ts'
import { library } from '../../rig/files/fleet-file.ts'
import { nixOptions } from '../flake.ts'
import type { Lab } from '../lab.ts'
import { run } from '../run.ts'

/** What the operator's machine is to know: nothing that is built, and the derivations of the running system or not. */
export interface Knowledge {
  readonly oldDerivations: boolean
}

/** fleet's own planning of one host of a lab, as if nothing of the new system had been built on this machine. */
export class Predictor {
  readonly #lab: Lab
  readonly #remote: SshRemote
  readonly #hosts: ReadonlyMap<string, Host>
  readonly #attribute: string

  private constructor(lab: Lab, hosts: ReadonlyMap<string, Host>, attribute: string) {
    this.#lab = lab
    this.#hosts = hosts
    this.#attribute = attribute
    this.#remote = sshRemote(lab.directory)
  }

  static async open(lab: Lab): Promise<Predictor> {
    const [file, text] = [join(lab.directory, 'fleet.yaml'), lab.fleetYaml()]
    await writeFile(file, text)
    const loaded = load(text, file)
    const fleet = loaded.ok ? resolve(loaded.value, { directory: lab.directory, library }) : loaded
    if (!fleet.ok) throw new Error(JSON.stringify(fleet.diagnostics))
    return new Predictor(lab, new Map(fleet.value.hosts.map((host) => [host.name, host])), fleet.value.attribute)
  }

  async predict(name: string, { oldDerivations }: Knowledge): Promise<HostSides> {
    const signal = AbortSignal.timeout(60_000)
    const host = this.#hosts.get(name)
    if (host === undefined) throw new Error(`There is no host ${name}.`)
    const { drv, system } = await this.#evaluate(name)
    const none = { kernel: null, initrd: null, kernelModules: null, kernelParams: null }
    const evaluation = { drv, system, bootLinks: none, release: null, selectedPackages: null } as unknown as Evaluation
    const observation = must(
      await observe({ name, settings: host.settings, withRoot: false, detail: 'store' }, this.#remote, signal),
    )
    const nothing = { get: () => Promise.resolve(null), put: () => Promise.resolve(null) }
    const store = unbuilt(localStore(), evaluation.drv, oldDerivations)
    const found = await gatherHost(
      { host, observation, evaluation },
      { store, remote: this.#remote, closures: nothing },
      signal,
    )
    const { boot } = found.after
    return boot.how === 'unknown' ? found : { ...found, evaluation: { ...evaluation, bootLinks: boot.value } }
  }

  /** The part of an evaluation that a comparison reads, asked of Nix directly. */
  async #evaluate(name: string): Promise<Pick<Evaluation, 'drv' | 'system'>> {
    const reference = `git+file://${this.#lab.flake}#${this.#attribute}."${name}".config.system.build.toplevel`
    const plain =
      'top: { drv = builtins.unsafeDiscardStringContext top.drvPath; system = builtins.unsafeDiscardStringContext top.outPath; }'
    const environment = { ...process.env, ...this.#lab.environment }
    const answer = await run('nix', [...nixOptions, 'eval', '--json', '--no-eval-cache', reference, '--apply', plain], {
      environment,
    })
    return JSON.parse(answer) as { drv: string; system: string }
  }

  close(): Promise<void> {
    return this.#remote.close()
  }
}

function must<T>(found: { ok: true; value: T } | { ok: false; failure: Failure }): T {
  if (!found.ok) throw new Error(`${found.failure.summary}: ${found.failure.detail}`)
  return found.value
}

/** A store in which nothing is built but what evaluation itself copied there. */
function unbuilt(store: Store, newDerivation: string, oldDerivations: boolean): Store {
  const none: Failure = { code: 'derivation/missing', summary: 'hidden', detail: 'The test hides it.' }
  return {
    ...store,
    derivations: (root, signal) =>
      root === newDerivation || oldDerivations
        ? store.derivations(root, signal)
        : Promise.resolve({ ok: false, failure: none }),
    valid: () => Promise.resolve({ ok: true, value: new Set<string>() }),
    records: () => Promise.resolve({ ok: true, value: new Map() }),
    text: (path, bytes) => (path.endsWith('-sudoers') ? store.text(path, bytes) : Promise.resolve(null)),
  }
}
