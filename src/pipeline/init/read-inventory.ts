import pLimit from 'p-limit'
import { failed } from '../../model/failure.ts'
import type { Found } from '../../model/host/system.ts'
import type { Answers, Origin, Outline, Part, Question, Told } from '../../model/inventory/facts.ts'
import type { Failure, Source } from '../../model/plan/plan-schema.ts'
import type { Inventory } from '../../ports/init/inventory.ts'
import type { Material } from './draft.ts'
import { hiveLine } from './from-colmena.ts'

export interface InventoryRequest {
  readonly flake: string
  readonly directory: string
  /** `auto`: the first that the flake has. */
  readonly from: Origin | 'auto'
}

/** What a flake tells of its hosts, and which of its outputs the list of hosts is taken from. */
export interface ReadInventory extends Material {
  readonly origin: Origin
}

/** Names that one evaluation answers for: more share what Nix has read, fewer fit into memory. */
const atOnce = 4
/** Evaluations at once. */
const processes = 2

/** Locks the flake, looks which hosts it has, and asks for each of them. A name that does not evaluate costs that name alone. */
export async function readInventory(
  { flake, directory, from }: InventoryRequest,
  inventory: Inventory,
  signal: AbortSignal,
): Promise<Found<ReadInventory>> {
  const locked = await inventory.lock(flake, directory, signal)
  if (!locked.ok) return locked
  const outline = await inventory.outline(locked.value, signal)
  const first = from === 'auto' ? firstOf(outline) : from
  const missing = from === 'auto' && first === 'nixos' ? nothingAtAll(outline) : whatIsMissing(first, outline)
  if (missing !== null) return missing
  const told = await ask(locked.value, questionsFor(first, outline), { inventory, signal })
  const origin = from === 'auto' && first === 'nixos' && hasNixinate(told) ? 'nixinate' : first
  if (origin === 'nixinate' && !hasNixinate(told)) return nothing('No configuration has `_module.args.nixinate`.')
  return { ok: true, value: { outline, told, origin } }
}

function firstOf({ names }: Outline): Origin {
  if (names.node.length > 0) return 'deploy-rs'
  if (names.hive.length > 0 || names.module.length > 0) return 'colmena'
  return names.machine.length > 0 ? 'clan' : 'nixos'
}

/** Why there is no host to write; null: there is one. */
function whatIsMissing(origin: Origin, { names, failures }: Outline): Found<never> | null {
  const because = (...parts: readonly Part[]) => {
    const failure = parts.map((part) => failures.get(part)).find((one) => one !== undefined)
    return failure === undefined ? '' : ` It does not evaluate: ${failure.detail}`
  }
  const none = (part: Part, text: string) => (names[part].length > 0 ? null : nothing(text + because(part)))
  switch (origin) {
    case 'deploy-rs':
      return none('node', 'The flake has no `deploy.nodes`.')
    case 'colmena':
      if (names.hive.length === 0 && names.module.length === 0)
        return nothing(`The flake has neither \`colmenaHive\` nor \`colmena\`.${because('hive', 'module')}`)
      return names.hive.length === 0 && names.configuration.length === 0
        ? nothing(
            `The hive is a set of modules, which evaluates nothing by itself. Add one line to the outputs: ${hiveLine}`,
          )
        : null
    case 'clan':
      return none('machine', 'The flake has no inventory of clan.')
    case 'nixinate':
    case 'nixos':
      return none('configuration', 'The flake has no `nixosConfigurations`.')
  }
}

/** Why a flake has none of all sources; null: it has configurations. */
function nothingAtAll({ names, failures }: Outline): Found<never> | null {
  if (names.configuration.length > 0) return null
  const broken = [...failures].map(([part, { detail }]) => ` ${part} does not evaluate: ${detail}`)
  const list = '`deploy.nodes`, a hive of Colmena, an inventory of clan or `nixosConfigurations`'
  return nothing(`The flake has none of ${list}.${broken.join('')}`)
}

function nothing(detail: string): Found<never> {
  return failed('init/no-hosts', 'the flake names no host', detail)
}

function questionsFor(origin: Origin, { names }: Outline): readonly Question[] {
  const all = (part: Part) => names[part].map((name) => ({ part, name }))
  switch (origin) {
    case 'deploy-rs':
      return [...all('node'), ...all('configuration')]
    case 'colmena':
      return names.hive.length > 0 ? all('hive') : [...all('module'), ...all('configuration')]
    case 'clan':
      return [...all('machine'), ...all('configuration')]
    case 'nixinate':
    case 'nixos':
      return all('configuration')
  }
}

interface World {
  readonly inventory: Inventory
  readonly signal: AbortSignal
}

async function ask(source: Source, questions: readonly Question[], world: World): Promise<Told> {
  const limit = pLimit(processes)
  const chunks = Array.from({ length: Math.ceil(questions.length / atOnce) }, (_, index) =>
    questions.slice(index * atOnce, (index + 1) * atOnce),
  )
  const answers = await Promise.all(chunks.map((chunk) => limit(() => answered(source, chunk, world))))
  const of = <P extends Part>(part: P) =>
    new Map(
      answers
        .flat()
        .filter(({ question }) => question.part === part)
        .map(({ question, answer }) => [question.name, answer as Answers[P] | Failure] as const),
    )
  return {
    configuration: of('configuration'),
    hive: of('hive'),
    module: of('module'),
    node: of('node'),
    machine: of('machine'),
  }
}

interface Answered {
  readonly question: Question
  readonly answer: unknown
}

/** Asks for several at once; where that fails, for each half, until the one that does not evaluate is alone. */
async function answered(source: Source, questions: readonly Question[], world: World): Promise<readonly Answered[]> {
  const found = await world.inventory.read(source, questions, world.signal)
  if (found.ok) return questions.map((question, index) => ({ question, answer: found.value[index] }))
  const [only] = questions
  if (only === undefined) return []
  if (questions.length === 1) return [{ question: only, answer: found.failure }]
  const middle = Math.ceil(questions.length / 2)
  const halves = [questions.slice(0, middle), questions.slice(middle)]
  const answers: Answered[] = []
  for (const half of halves) answers.push(...(await answered(source, half, world)))
  return answers
}

function hasNixinate({ configuration }: Told): boolean {
  return [...configuration.values()].some((facts) => 'nixinate' in facts && facts.nixinate !== null)
}
