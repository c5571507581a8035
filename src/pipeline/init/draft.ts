import type { Host } from '../../model/fleet/fleet-schema.ts'
import type { Answers, ConfigurationFacts, Outline, Part, Told } from '../../model/inventory/facts.ts'
import type { Remark } from '../../model/inventory/proposal.ts'
import type { Failure } from '../../model/plan/plan-schema.ts'
import { cleanLine } from '../../model/text/text.ts'

/** The settings of a host as fleet.yaml has them. */
export type Settings = NonNullable<Host>

/** A host as one source of the flake tells it, before the file as a whole is thought of. */
export interface Draft {
  /** As the flake names it; it may not be a name that fleet.yaml takes. */
  readonly name: string
  /** The name of its configuration. */
  readonly attribute: string
  /** Null: the flake says none. */
  readonly address: string | null
  /** Why it is not deployed until a person says so; null: it is. */
  readonly disabled: string | null
  readonly settings: Settings
  readonly tags: readonly string[]
  /** Lines above the host. */
  readonly comments: readonly string[]
}

/** All hosts of one source, and the set of the flake that holds their configurations. */
export interface Drafts {
  readonly set: string
  /** What the file is made from, as its first line has it. */
  readonly madeFrom: string
  readonly hosts: readonly Draft[]
  readonly remarks: readonly Remark[]
}

/** What a source is drafted from. */
export interface Material {
  readonly outline: Outline
  readonly told: Told
}

/** The answer for a name of one part; null: it was not asked for, or does not evaluate. */
export function answerOf<P extends Part>(told: Told, part: P, name: string): Answers[P] | null {
  const found = told[part].get(name)
  return found === undefined || isFailure(found) ? null : found
}

/** Whether a name does not evaluate. */
function isFailure(answer: object): answer is Failure {
  return 'code' in answer && 'summary' in answer
}

/** Why a name does not evaluate, in one line; null: it does. */
export function whyNot(told: Told, part: Part, name: string): string | null {
  const found = told[part].get(name)
  return found !== undefined && isFailure(found)
    ? `does not evaluate: ${cleanLine(found.detail.split('\n', 1)[0] ?? '')}`
    : null
}

/** What the configuration itself decides, whichever source names the host. */
export function configured(draft: Draft, { told }: Material, part: 'configuration' | 'hive'): Draft {
  const facts = answerOf(told, part, draft.attribute)
  if (facts === null) return { ...draft, disabled: whyNot(told, part, draft.attribute) ?? draft.disabled }
  const disabled = facts.isInstaller === true ? 'an installer image, not a host' : draft.disabled
  const tags = [...new Set([...draft.tags, ...(facts.deployment?.tags ?? [])])]
  return { ...draft, disabled, tags, settings: { ...draft.settings, ...expected(draft, facts) } }
}

/** What `hostname` must answer, where it is not the host's name. */
function expected({ name }: Draft, { hostName }: ConfigurationFacts): Settings {
  if (hostName === null || hostName === name) return {}
  return { expectHostname: hostName === '' ? false : hostName }
}

/** A remark for each name of the one list that is not in the other. */
export function leftOut(names: readonly string[], kept: Iterable<string>, text: string): readonly Remark[] {
  const set = new Set(kept)
  return names.filter((name) => !set.has(name)).map((subject) => ({ subject, text }))
}
