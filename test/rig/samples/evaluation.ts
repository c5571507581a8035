import type { Code } from '../../../src/model/codes/codes.ts'
import type { Evaluation, Found } from '../../../src/model/host/system.ts'
import { storePath } from './plan.ts'

/** What evaluation says of a host that is like any other. */
export function sampleEvaluation(host: string, warnings: readonly string[] = []): Evaluation {
  const system = storePath('a', `nixos-system-${host}-25.05`)
  return {
    drv: `${system}.drv`,
    system,
    profileDrv: null,
    profile: system,
    platform: 'x86_64-linux',
    release: null,
    bootLinks: { kernel: null, initrd: null, kernelModules: null, kernelParams: null },
    kernelVersion: null,
    selectedPackages: null,
    warnings,
  }
}

/** A host that does not evaluate, for the reason of that code. */
export function failedEvaluation(code: Code): Found<Evaluation> {
  return { ok: false, failure: { code, summary: code, detail: code } }
}
