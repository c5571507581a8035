import { failed, failure } from '../../model/failure.ts'
import { mkdir, readlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { allowedUris } from '../../model/nix/allowed-uris.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import { maskCredentials } from '../../model/text/secret.ts'
import { fileIn } from '../../model/fleet/file-reference.ts'
import type { Found } from '../../model/host/system.ts'
import { cleanText } from '../../model/text/text.ts'
import type { Evaluations } from '../../ports/evaluations.ts'
import type { Memory } from '../../ports/memory.ts'
import type { BuildRequest, Nix } from '../../ports/nix.ts'
import { addRoot, removeRoot } from './add-roots.ts'
import { nixFailure, program } from './command.ts'
import { evaluate } from './evaluate.ts'
import { lockFileTree } from './source/lock-file-tree.ts'
import { fetchInputs, type Seal, sealedEvaluation } from './seal.ts'
import { gitCheckout } from './source/git-checkout.ts'
import { askEvaluator, identify } from './source/identify.ts'
import { type LockedSource, lockFlake } from './source/lock-source.ts'
import { lockedToThisMachine, outsideCheckout } from './source/strangers-flake.ts'

/**
 * The operator's own Nix, 2.8 or later, by its command line; evaluations are admitted by memory and remembered. With a seal its
 * flakes are those of strangers.
 */
export function localNix(memory: Memory, evaluations: Evaluations, seal: Seal | null = null): Nix {
  const locked = new Map<string, LockedSource>()
  const uris = new Set<string>()
  let evaluator: ReturnType<typeof askEvaluator> | null = null
  return {
    async lock(flake, directory, signal) {
      evaluator ??= askEvaluator(signal)
      if (fileIn(flake) !== null) return seal === null ? lockFileTree(flake, directory, signal) : sealedFile
      const outside = seal === null ? null : await outsideCheckout(flake, directory, signal)
      if (outside !== null) return { ok: false, failure: outside }
      const found = await lockFlake(flake, directory, signal, seal)
      if (!found.ok) return found
      if (seal !== null) {
        const text = (await gitCheckout.lockFile(found.value.source, directory, null, signal)) ?? ''
        const failure = lockedToThisMachine(text) ?? (await fetchInputs(found.value.source.flake, seal, signal))
        if (failure !== null) return { ok: false, failure }
        for (const uri of allowedUris(text)) uris.add(uri)
      }
      locked.set(found.value.source.flake, found.value)
      return { ok: true, value: found.value.source }
    },
    evaluate(request, signal) {
      const isIncomplete = request.deployRs !== undefined && locked.get(request.flake)?.isComplete === false
      if (isIncomplete) return Promise.resolve({ ok: false, failure: incomplete })
      return evaluate(request, signal, seal === null ? null : sealedEvaluation(seal, [...uris]))
    },
    realise,
    pool: {
      memory,
      evaluations,
      async identify(source, signal) {
        // What may depend on this machine is evaluated anew each time.
        if (fileIn(source.flake) !== null) return { key: null, fetched: true }
        const known = locked.get(source.flake)
        evaluator ??= askEvaluator(signal)
        // Of a source that was locked elsewhere it is not known whether its lock file was complete.
        return known === undefined ? { key: null, fetched: false } : identify(known, await evaluator)
      },
    },
  }
}

const sealedFile = failed(
  'source/file-sealed',
  'a file cannot be evaluated as a stranger’s',
  'With --offline --base nothing of this machine may be read, and a Nix file may read all of it. Leave --offline or --base out.',
)

const incomplete: Failure = failure(
  'evaluate/lock-file',
  'the lock file is not complete',
  'What deploy-rs deploys is evaluated together with the whole flake, which takes a complete flake.lock. Run nix flake lock, and commit it.',
)

async function realise({ drv, output, root, onLine }: BuildRequest, signal: AbortSignal): Promise<Found<string>> {
  // An output that is there already needs no derivation: a plan may be applied after its .drv was collected.
  if (await addRoot(output, root, signal)) return { ok: true, value: output }
  await mkdir(dirname(root), { recursive: true })
  // Nix replaces a root of its own, and no other link.
  await removeRoot(root)
  const ended = await program('nix-store', ['--realise', drv, '--add-root', root, '--indirect'], signal, { onLine })
  const failure = nixFailure(ended, 'build/failed', 'the build failed')
  if (failure !== null) return { ok: false, failure: withLog(failure, ended.stderr) }
  const built = await readlink(root)
  return built === output ? { ok: true, value: output } : { ok: false, failure: otherOutput(drv, output, built) }
}

/** Lines of a build's log that are kept: the cause is in the last ones. */
const loggedLines = 10

/** `nix-store` prints the builder's log before it says which derivation failed, and only there is the cause. */
function withLog(failure: Failure, stderr: string): Failure {
  const lines = cleanText(stderr).split('\n')
  const end = lines.findIndex((line) => /^error: (?:builder for|Cannot build) '/.test(line))
  const log = lines
    .slice(0, Math.max(0, end))
    .filter((line) => line.trim() !== '' && !/^(?:building '|copying path '|th(?:is|ese) .*:$|  \/)/.test(line))
    .slice(-loggedLines)
    .map((line) => maskCredentials(line))
  return log.length === 0 ? failure : { ...failure, detail: [failure.detail, ...log].join('\n') }
}

function otherOutput(drv: string, planned: string, built: string): Failure {
  return {
    code: 'build/other-output',
    summary: 'the derivation does not make the planned path',
    detail: `${drv} makes ${built}, the plan says ${planned}. Plan again.`,
  }
}
