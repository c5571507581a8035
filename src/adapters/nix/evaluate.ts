import { readFile } from 'node:fs/promises'
import { cleanLine } from '../../model/text.ts'
import type { BootLinks, Evaluation, Found } from '../../model/system.ts'
import type { EvaluationRequest } from '../../ports/nix.ts'
import { nix, nixFailure } from './command.ts'
import { factsOf } from './facts.ts'

interface Facts {
  readonly drv: string
  readonly out: string
  readonly platform: string
  readonly release: string | null
  readonly kernelVersion: string | null
  readonly kernelParams: readonly string[] | null
  readonly packages: readonly string[] | null
  readonly warnings: readonly string[] | null
}

/** One configuration in a Nix process of its own, so that a host that does not evaluate hurts no other. */
export async function evaluate(request: EvaluationRequest, signal: AbortSignal): Promise<Found<Evaluation>> {
  const installable = `${request.flake}#${request.set}."${request.attribute}"`
  // Without the eval cache: `nix eval` never reads it, and parallel writers wait for each other.
  const ended = await nix(['eval', '--json', '--no-eval-cache', '--apply', factsOf, '--', installable], signal)
  const failure = nixFailure(ended, 'evaluate/failed', 'evaluation failed')
  if (failure !== null) return { ok: false, failure }
  const facts = JSON.parse(ended.stdout) as Facts
  const links = await bootLinksOf(facts)
  return {
    ok: true,
    value: {
      drv: facts.drv,
      system: facts.out,
      profileDrv: null,
      profile: facts.out,
      platform: facts.platform,
      release: facts.release,
      bootLinks: links,
      kernelVersion: facts.kernelVersion,
      selectedPackages: facts.packages?.filter((name) => name !== '') ?? null,
      warnings: (facts.warnings ?? []).map(cleanLine),
    },
  }
}

/**
 * Kernel, initrd and modules as the toplevel's derivation links them (`ln -s PATH $out/kernel`,
 * nixpkgs nixos/modules/system/boot/kernel.nix): known without a build, in env as in structured attributes.
 */
async function bootLinksOf({ drv, kernelParams }: Facts): Promise<BootLinks> {
  const text = await readFile(drv, 'utf8').catch((error: NodeJS.ErrnoException) => {
    // A remote or chroot store keeps its files elsewhere: then the links are not known, and the plan says so.
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const link = (name: string) => new RegExp(`ln -s (/[^\\s\\\\"']+) \\$out/${name}(?![\\w-])`).exec(text)?.[1] ?? null
  return { kernel: link('kernel'), initrd: link('initrd'), kernelModules: link('kernel-modules'), kernelParams }
}
