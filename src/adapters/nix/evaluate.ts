import { fileIn } from '../../model/fleet/file-reference.ts'
import type { Facts } from '../../model/host/facts.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import type { BootLinks, Evaluation, Found } from '../../model/host/system.ts'
import { cleanLine } from '../../model/text/text.ts'
import type { EvaluationRequest, Heap } from '../../ports/nix.ts'
import { storeFiles } from '../files/store-files.ts'
import type { Ended } from '../process.ts'
import { nix, nixFailure, program } from './command.ts'
import { deployRsExpression, deployRsFindings } from './deploy-rs-node.ts'
import { type EvaluationAnswer, readEvaluation } from './evaluation-answer.ts'
import { factsOf } from './facts.ts'
import { fileExpression, hiveExpression, impureEnvironment } from './file-expression.ts'
import { closedNetwork, hiddenHash } from './seal.ts'
import { shorten, traced } from './shorten.ts'
import { warningsOf } from './warnings.ts'

/**
 * Part of every evaluation. Without the eval cache: `nix eval` never reads it, and parallel writers wait for each other.
 * A lock file that is out of date is completed in memory, as it was when the source was locked.
 */
export const evaluationFlags = ['--json', '--no-eval-cache', '--no-write-lock-file', '--show-trace'] as const

/** Bytes of a derivation that is read; those of whole systems have some hundred kilobytes. */
const largestDerivation = 16 * 1024 * 1024

/**
 * One configuration in a Nix process of its own, so that a host that does not evaluate hurts no other. `sealed`: the options under
 * which a flake of strangers is evaluated; null: it is the operator's own.
 */
export async function evaluate(
  request: EvaluationRequest,
  signal: AbortSignal,
  sealed: readonly string[] | null = null,
): Promise<Found<Evaluation>> {
  const { timeoutMs, heap = null, onStart } = request
  const file = fileIn(request.flake)
  const more = {
    env: {
      ...heapVariables(heap),
      ...(sealed === null ? {} : closedNetwork),
      ...(file === null ? {} : impureEnvironment()),
    },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(onStart === undefined ? {} : { onStart }),
  }
  const ended =
    file?.isHive === true
      ? await program(
          'colmena',
          ['-f', file.path, 'eval', '-E', hiveExpression(factsOf, request.attribute)],
          signal,
          more,
        )
      : await nix(['eval', ...evaluationFlags, ...(sealed ?? []), ...what(request)], signal, more)
  const failure = sealed === null ? failureOf(ended, request) : sealedFailure(ended, request)
  if (failure !== null) return { ok: false, failure }
  const answer = readEvaluation(ended.stdout)
  if (answer === null) return { ok: false, failure: notUnderstood }
  return {
    ok: true,
    value: {
      drv: answer.drv,
      system: answer.out,
      profileDrv: null,
      profile: answer.out,
      platform: answer.platform,
      hostname: answer.hostname,
      release: answer.release,
      bootLinks: await bootLinksOf(answer),
      kernelVersion: answer.kernelVersion,
      selectedPackages: namesOf(answer.packages),
      warnings: warningsOf(answer.warnings ?? [], ended.stderr),
      facts: cleanFacts(answer.facts),
      ...(await deployRsParts(answer, request, signal)),
    },
  }
}

const notUnderstood: Failure = {
  code: 'evaluate/failed',
  summary: 'evaluation failed',
  detail: 'nix eval succeeded, but did not print what fleet expects: a derivation, its output and its platform.',
}

/** An installable completes a lock file in memory, which a pure expression cannot; so it is what most hosts are asked by. */
function what({ flake, set, attribute, deployRs }: EvaluationRequest): readonly string[] {
  const file = fileIn(flake)
  if (file !== null) return ['--impure', '--expr', fileExpression(file.path, factsOf, set, attribute)]
  return deployRs === undefined
    ? ['--apply', factsOf, '--', `${flake}#${set}."${attribute}"`]
    : ['--expr', deployRsExpression(factsOf, { set, attribute }, deployRs)]
}

async function deployRsParts(
  { deployRs: answer, drv, out }: EvaluationAnswer,
  { deployRs: request }: EvaluationRequest,
  signal: AbortSignal,
): Promise<Partial<Evaluation>> {
  if (answer === undefined || request === undefined) return {}
  const { profile, ...found } = await deployRsFindings(answer, request, async (wrapper) => {
    if ((await textOf(wrapper)).includes(drv)) return true
    const ended = await program('nix-store', ['--query', '--requisites', wrapper], signal)
    return ended.stdout.split('\n').includes(drv)
  })
  return { ...found, profile: profile ?? out }
}

/** The variables of the Boehm collector that Nix uses; what the operator has set stays. */
function heapVariables(heap: Heap | null): Readonly<Record<string, string>> {
  if (heap === null) return {}
  const { GC_INITIAL_HEAP_SIZE = String(heap.initial), GC_MAXIMUM_HEAP_SIZE = String(heap.maximum) } = process.env
  return { GC_INITIAL_HEAP_SIZE, GC_MAXIMUM_HEAP_SIZE }
}

function failureOf(ended: Ended, { storePath = null, timeoutMs, heap }: EvaluationRequest): Failure | null {
  const failure = nixFailure(ended, 'evaluate/failed', 'evaluation failed')
  if (failure === null) return null
  if (ended.how === 'timed-out')
    return {
      code: 'evaluate/timed-out',
      summary: 'evaluation took too long',
      detail: `Nix was ended after ${Math.round((timeoutMs ?? 0) / 60_000)} minutes. A fetch that hangs also causes this.`,
    }
  if (failure.code !== 'evaluate/failed') return failure
  const words: Failure = /^error: out of memory|^GC Warning: Out of Memory/m.test(ended.stderr)
    ? {
        code: 'evaluate/out-of-memory',
        summary: 'evaluation needs more memory than there is',
        detail: outOfMemory(heap ?? null),
      }
    : { ...failure, detail: shorten(failure.detail, ended.stderr, storePath) }
  return traced(words, ended.stderr)
}

function outOfMemory(heap: Heap | null): string {
  const limit = process.env['GC_MAXIMUM_HEAP_SIZE'] ?? heap?.maximum
  const had = limit === undefined ? '' : ` It had ${Math.round(Number(limit) / 1024 ** 2)} MiB.`
  return `Nix ran out of memory.${had} Free memory, or evaluate on a larger machine.`
}

/** Where one of them has no name, which packages there are is not known. */
function namesOf(packages: EvaluationAnswer['packages']): readonly string[] | null {
  const names = packages?.filter((name) => name !== null && name !== '') as readonly string[] | undefined
  return names === undefined || names.length !== packages?.length ? null : names
}

/** What Nix 2.8 and later say where a flake asks for more than its seal lets through. */
function isSealedOff({ how, stderr }: Ended): boolean {
  return (
    how === 'exited' &&
    /'allow-import-from-derivation' is disabled|forbidden in restricted mode|unable to download/.test(stderr)
  )
}

function sealedFailure(ended: Ended, request: EvaluationRequest): Failure | null {
  return hiddenHash(ended) ?? (isSealedOff(ended) ? sealedOff(ended) : failureOf(ended, request))
}

function sealedOff(ended: Ended): Failure | null {
  const failure = nixFailure(ended, 'evaluate/sealed', 'it needs more than a stranger’s flake is allowed')
  return failure === null ? null : traced(failure, ended.stderr)
}

/** Names of users, units and files may hold anything; they are shown. */
function cleanFacts({ firewall, users, units, etc }: Facts): Facts {
  const clean = (names: readonly string[] | null) => names?.map(cleanLine) ?? null
  return { firewall, users: clean(users), units: clean(units), etc: clean(etc) }
}

/** The text of a derivation; empty where a remote or chroot store keeps its files elsewhere. */
async function textOf(drv: string): Promise<string> {
  return (await storeFiles().text(drv, largestDerivation)) ?? ''
}

/**
 * Kernel, initrd and modules as the toplevel's derivation links them (`ln -s PATH $out/kernel`,
 * nixpkgs nixos/modules/system/boot/kernel.nix): known without a build, in env as in structured attributes.
 */
async function bootLinksOf({ drv, kernelParams }: EvaluationAnswer): Promise<BootLinks> {
  // Where the text is not known, neither are the links, and the plan says so.
  const text = await textOf(drv)
  const link = (name: string) => new RegExp(`ln -s (/[^\\s\\\\"']+) \\$out/${name}(?![\\w-])`).exec(text)?.[1] ?? null
  return { kernel: link('kernel'), initrd: link('initrd'), kernelModules: link('kernel-modules'), kernelParams }
}
