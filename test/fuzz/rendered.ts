import * as fc from 'fast-check'
import { Writable } from 'node:stream'
import { systemOfDerivations } from '../../src/pipeline/compare/system/of-derivations.ts'
import type { Status } from '../../src/model/host/status-schema.ts'
import { parseDerivation } from '../../src/model/nix/derivation.ts'
import { nodeOf, ownText } from '../../src/model/nix/derivation-graph.ts'
import type { Plan } from '../../src/model/plan/plan-schema.ts'
import type { Event } from '../../src/model/run/event-schema.ts'
import { journalLine } from '../../src/model/run/journal-line.ts'
import { initialRun, reduce } from '../../src/model/run/run.ts'
import { storyOf } from '../../src/model/run/story.ts'
import { runDocument } from '../../src/views/history/document.ts'
import { validators as planValidators } from '../../src/pipeline/validators/plan.ts'
import { validators as statusValidators } from '../../src/pipeline/validators/status.ts'
import { planHtml } from '../../src/views/plan/html/plan.ts'
import { planMarkdown } from '../../src/views/plan/markdown/plan.ts'
import { planText } from '../../src/views/plan/text/plan.ts'
import { plain } from '../../src/views/run/plain.ts'
import { reportText } from '../../src/views/run/report.ts'
import { statusText } from '../../src/views/status/text.ts'
import { storePath } from '../rig/samples/plan.ts'
import { brokenCanary, takenBack, twoWaves } from '../views/history/sample-stories.ts'
import { hostile, hostileNames } from '../views/plan/hostile-plan.ts'
import { checkMarkdown } from '../views/plan/markup-checks.ts'
import { damaged, foreign } from './damage.ts'
import { derivation, plan, status } from './recorded.ts'
import { onPage, onScreen } from './shown.ts'
import type { Subject } from './subject.ts'

/** Keys whose values fleet decides or reads as more than text: what has passed a schema has no other there. */
const decided = new Set(
  [
    'action type code severity status step how change kind mode engine reach ending outcome stream cause direction result',
    'at createdAt observedAt startedAt format provenance promotion rollback reboot sudo local buildOn onUnreachable onInhibitors',
    'host wave waves system profile planId changeDigest run dependsOn hostKey url key machine',
  ].flatMap((line) => line.split(' ')),
)

/** Every place of a document that holds text which others chose, as a path of keys. */
function textsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'string') return path.some((key) => decided.has(key)) ? [] : [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => textsIn(one, [...path, key]))
}

function withText(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text
  if (Array.isArray(value))
    return value.map((one: unknown, at) => (String(at) === key ? withText(one, rest, text) : one))
  const known = value as Readonly<Record<string, unknown>>
  return { ...known, [key]: withText(known[key], rest, text) }
}

const text = fc.oneof(foreign, fc.constantFrom(...hostileNames), fc.string({ unit: 'grapheme', maxLength: 200 }))

/** One of the documents, whole, with hostile text in some of the places that hold text. */
function withForeignTexts(
  isRight: (document: unknown) => boolean,
  ...documents: readonly unknown[]
): fc.Arbitrary<string> {
  // What must be one of a few words is no text that others chose.
  const places = documents.map((document) =>
    textsIn(document).filter((place) => isRight(withText(document, place, 'some words'))),
  )
  return fc
    .tuple(fc.nat({ max: documents.length - 1 }), fc.array(fc.tuple(fc.nat(), text), { minLength: 1, maxLength: 5 }))
    .map(([which, changes]) => {
      const there = places[which] ?? []
      const edit = (document: unknown, [at, one]: readonly [number, string]) =>
        there.length === 0 ? document : withText(document, there[at % there.length] ?? [], one)
      return JSON.stringify(changes.reduce<unknown>(edit, documents[which]))
    })
}

const style = { color: false, width: 80 } as const

function showPlan(json: string): void {
  const found = JSON.parse(json) as Plan
  for (const verbose of [false, true]) onScreen(planText(found, { ...style, verbose }))
  checkMarkdown(planMarkdown(found, { maxBytes: 60_000 }))
  onPage(planHtml(found))
}

function showStatus(json: string): void {
  const found = JSON.parse(json) as Status
  for (const verbose of [false, true]) onScreen(statusText(found, { ...style, verbose }))
}

/** All that is shown of a run while it goes and afterwards, from its events. */
function showRun(json: string): void {
  const events = JSON.parse(json) as readonly Event[]
  let shown = ''
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      shown += chunk.toString()
      done()
    },
  })
  const view = plain(stream, { color: false, verbose: true })
  const state = initialRun()
  for (const event of events) view.show(event, reduce(state, event))
  onScreen(shown)
  const tails = new Map([...state.hosts.keys()].map((host) => [host, { lines: [], log: `/x/${host}.log` }]))
  for (const verbose of [false, true]) onScreen(reportText(state, { ...style, tails, next: [], verbose }))
  const lines = events.flatMap((event) => journalLine(JSON.stringify(event)) ?? [])
  const story = storyOf({ run: 'r', isRunning: false, lines, unreadable: 0 })
  const printed = events.flatMap((event) =>
    'reason' in event && typeof event.reason === 'string' ? [event.reason] : [],
  )
  const tailsOfLogs = new Map([...state.hosts.keys()].map((host) => [host, printed]))
  const files = { planFile: null, logs: new Map<string, string>(), tails: tailsOfLogs }
  const options = { ...style, maxBytes: 60_000 } as const
  onScreen(runDocument(story, files, { ...options, format: 'text' }))
  checkMarkdown(`<!-- fleet-plan {} -->\n${runDocument(story, files, { ...options, format: 'markdown' })}`)
  onPage(runDocument(story, files, { ...options, format: 'html' }))
}

/** A system that a derivation describes, whatever that says. */
function predictSystem(found: string): void {
  const path = storePath('a', 'nixos-system-web-25.05.drv')
  const parsed = parseDerivation(path, found)
  if (!parsed.ok) return
  const node = nodeOf(parsed.value, ownText(parsed.value))
  systemOfDerivations(
    { root: path, store: '/nix/store', nodes: new Map([[path, { ...node, whole: parsed.value }]]) },
    [],
  )
}

const toplevel =
  'Derive([("out","/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web-25.05","","")],[("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-etc.drv",["out"])],["/nix/store/0123456789abcdfghijklmnpqrsvwxyz-stage-2-init.sh"],"x86_64-linux","/bin/sh",["-e"],[("name","nixos-system-web-25.05"),("buildCommand","ln -s /nix/store/0123456789abcdfghijklmnpqrsvwxyz-linux-6.12/bzImage $out/kernel\\necho -n \\"x86_64-linux\\" > $out/system\\n"),("activationScript","ln -s /nix/store/x /etc"),("kernelParams","quiet")])'

/** What is shown of documents that have the right shape, with text in them that others chose. */
export const rendered: readonly Subject[] = [
  {
    name: 'texts of a plan',
    inputs: withForeignTexts((one) => planValidators.plan(one).length === 0, plan, hostile()),
    read: showPlan,
  },
  {
    name: 'texts of a status',
    inputs: withForeignTexts((one) => statusValidators.status(one).length === 0, status),
    read: showStatus,
  },
  {
    name: 'texts of a run',
    inputs: withForeignTexts(() => true, ...[twoWaves(), brokenCanary(), takenBack()].map(({ events }) => events)),
    read: showRun,
  },
  { name: 'systems in .drv texts', inputs: damaged([toplevel, derivation]), read: predictSystem },
]
