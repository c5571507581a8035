import { failed } from '../../../model/failure.ts'
import type { Found } from '../../../model/host/system.ts'
import type { Outline, Part } from '../../../model/inventory/facts.ts'
import { pureReference } from '../../../model/nix/pure-reference.ts'
import type { Failure, Source } from '../../../model/plan/plan-schema.ts'
import { parseJson } from '../../../model/text/json-text.ts'
import { cleanLine } from '../../../model/text/text.ts'
import type { Inventory } from '../../../ports/init/inventory.ts'
import { nix, nixFailure } from '../command.ts'
import { evaluationFlags } from '../evaluate.ts'
import { shorten } from '../shorten.ts'
import { lockFlake } from '../source/lock-source.ts'
import { outlineExpression, parts, readExpression } from './expression.ts'

/** Milliseconds that one evaluation may take: an import from derivation, or a fetch that hangs. */
const timeoutMs = 10 * 60_000

/** The operator's own Nix, asked what a flake tells of its hosts. */
export const nixInventory: Inventory = {
  async lock(flake, directory, signal) {
    const found = await lockFlake(flake, directory, signal)
    if (!found.ok) return found
    if (!found.value.isComplete)
      return failed(
        'evaluate/lock-file',
        'the lock file is not complete',
        'flake.nix has an input that flake.lock does not pin, so that what is read now may be another thing in an hour. Run nix flake lock, and commit it.',
      )
    return { ok: true, value: found.value.source }
  },

  async outline(source, signal) {
    const all = await evaluated(source, (flake) => outlineExpression(flake, parts), signal)
    if (all.ok) return outlineOf(entriesOf(all.value), new Map())
    const failures = new Map<Part | 'darwin', Failure>()
    const entries: (readonly [string, unknown])[] = []
    for (const part of parts) {
      const one = await evaluated(source, (flake) => outlineExpression(flake, [part]), signal)
      if (one.ok) entries.push(...entriesOf(one.value))
      else failures.set(part, one.failure)
    }
    return outlineOf(entries, failures)
  },

  async read(source, questions, signal) {
    const found = await evaluated(source, (flake) => readExpression(flake, questions), signal)
    if (!found.ok) return found
    const { value } = found
    if (Array.isArray(value) && value.length === questions.length) return { ok: true, value: value.map(cleaned) }
    return failed(
      'evaluate/failed',
      'evaluation failed',
      'nix eval ended well, and did not print what fleet asked for.',
    )
  },
}

async function evaluated(
  source: Source,
  expression: (flake: string) => string,
  signal: AbortSignal,
): Promise<Found<unknown>> {
  const ended = await nix(['eval', ...evaluationFlags, '--expr', expression(pureReference(source))], signal, {
    timeoutMs,
  })
  const failure = nixFailure(ended, 'evaluate/failed', 'evaluation failed')
  if (failure === null) return { ok: true, value: parseJson(ended.stdout) }
  return { ok: false, failure: { ...failure, detail: shorten(failure.detail, ended.stderr, source.storePath) } }
}

function entriesOf(value: unknown): (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function outlineOf(entries: readonly (readonly [string, unknown])[], failures: Outline['failures']): Outline {
  const found = new Map(entries)
  const names = (part: Part | 'darwin') => {
    const list = found.get(part)
    return Array.isArray(list) ? list.filter((name): name is string => typeof name === 'string') : []
  }
  return {
    names: {
      configuration: names('configuration'),
      hive: names('hive'),
      module: names('module'),
      node: names('node'),
      machine: names('machine'),
      darwin: names('darwin'),
    },
    failures,
  }
}

/** A flake's texts may hold anything, and they are shown and written. */
function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanLine(value)
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleaned(one)]))
}
