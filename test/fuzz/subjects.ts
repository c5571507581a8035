import * as fc from 'fast-check'
import { resolve } from 'node:path'
import { Inbox } from '../../src/adapters/session/inbox.ts'
import { readProtocol } from '../../src/adapters/checks/protocol.ts'
import { activationAnswer } from '../../src/adapters/engines/activation-answer.ts'
import { oldFailures } from '../../src/adapters/engines/failed-units.ts'
import { answerOf } from '../../src/adapters/engines/deploy-rs/answer.ts'
import { classify } from '../../src/adapters/engines/deploy-rs/classify.ts'
import { hostLocks } from '../../src/adapters/locks/host.ts'
import { readEvaluation } from '../../src/adapters/nix/evaluation-answer.ts'
import { readMetadata } from '../../src/adapters/nix/source/flake-metadata.ts'
import { readEvaluator } from '../../src/adapters/nix/source/identify.ts'
import { warningsOf } from '../../src/adapters/nix/warnings.ts'
import { sshFailure } from '../../src/adapters/ssh/failure.ts'
import { sshConfig } from '../../src/adapters/ssh/config.ts'
import { fileRuns } from '../../src/adapters/state/runs.ts'
import { parseTold } from '../../src/adapters/state/told.ts'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import { compareUnits, parseUnit } from '../../src/model/host/unit-file.ts'
import { parseRegistrations } from '../../src/model/nix/closure.ts'
import { parseDerivation } from '../../src/model/nix/derivation.ts'
import { parseLockFile } from '../../src/model/nix/lock-file.ts'
import type { Failure, HostSettings, Plan } from '../../src/model/plan/plan-schema.ts'
import { foldLines, tellFolded } from '../../src/model/text/folded-lines.ts'
import { cleanLine } from '../../src/model/text/text.ts'
import { journalLine } from '../../src/model/run/journal-line.ts'
import { storyOf } from '../../src/model/run/story.ts'
import { parseObservation } from '../../src/pipeline/observe/parse.ts'
import { observationsOf } from '../../src/pipeline/observe/saved.ts'
import { loadPlan } from '../../src/pipeline/plan/load.ts'
import { planIdOf } from '../../src/pipeline/plan/sign.ts'
import { loadStatus } from '../../src/pipeline/status/load.ts'
import { statusOf } from '../../src/pipeline/status/notes.ts'
import type { EngineTask } from '../../src/ports/engine.ts'
import type { Address, Remote, RemoteRequest } from '../../src/ports/remote.ts'
import { runDocument } from '../../src/views/history/document.ts'
import { planHtml } from '../../src/views/plan/html/plan.ts'
import { planMarkdown } from '../../src/views/plan/markdown/plan.ts'
import { planText } from '../../src/views/plan/text/plan.ts'
import { statusText } from '../../src/views/status/text.ts'
import { diagnosticsText } from '../../src/views/terminal/diagnostics.ts'
import { VirtualClock } from '../rig/doubles/virtual-clock.ts'
import { fleetOf, outcomeOf } from '../rig/files/fleet-file.ts'
import { sampleSettings, storePath } from '../rig/samples/plan.ts'
import { answered, sampleObservation, sampleStatus } from '../rig/samples/status.ts'
import { checkMarkdown } from '../views/plan/markup-checks.ts'
import { damaged, damagedTree, foreign } from './damage.ts'
import {
  derivation,
  evaluation,
  fleets,
  journals,
  metadata,
  plan,
  registration,
  said,
  status,
  transcripts,
  unit,
} from './recorded.ts'
import { rendered } from './rendered.ts'
import { onPage, onScreen } from './shown.ts'
import type { Subject } from './subject.ts'

const style = { color: false, width: 80 } as const
const never = new AbortController().signal
const json = (value: unknown) => JSON.stringify(value)
const tree = (...recorded: readonly unknown[]) => damagedTree(recorded).map(json)

function shows(diagnostics: readonly Diagnostic[]): void {
  onScreen(diagnosticsText(diagnostics, style))
}

/** A plan with parts that are not what they were; most of them signed anew, as somebody would who means it. */
const plans = fc.tuple(damagedTree([plan, plan.body.hosts]), fc.boolean()).map(([found, isSigned]) => {
  const value = found as Plan
  const isPlan = typeof value === 'object' && value !== null && typeof value.body === 'object' && value.body !== null
  return json(isPlan && isSigned ? { ...value, planId: planIdOf(value.body) } : value)
})

function readPlan(text: string): void {
  const loaded = loadPlan(text, 'plan.json')
  if (!loaded.ok) return shows(loaded.diagnostics)
  const { value } = loaded
  for (const verbose of [false, true]) onScreen(planText(value, { ...style, verbose }))
  checkMarkdown(planMarkdown(value, { maxBytes: 60_000 }))
  onPage(planHtml(value))
  for (const [name, { settings }] of Object.entries(value.body.hosts)) staysInside(name, settings)
}

/** What is written for a host stays in its directory, and each option of ssh on its own line. */
function staysInside(name: string, settings: HostSettings): void {
  for (const [directory, path] of [
    ['/state/runs/r', `/state/runs/r/${name}.log`],
    ['/state/runs/r/hosts', `/state/runs/r/hosts/${name}`],
    ['/state/runs/r/roots', `/state/runs/r/roots/${name}`],
    ['/tmp/fleet-ssh', `/tmp/fleet-ssh/${name}.config`],
  ] as const)
    if (!resolve(path).startsWith(`${directory}/`) || name === '') throw new Error(`${json(name)} leaves ${directory}`)
  const lines = sshConfig(
    { name, settings },
    { directory: '/srv', knowsGssapi: true, knownHosts: null, inherited: null },
  ).split('\n')
  const wrong = lines.find((line) => !/^(?:Host |Match all$| {2}[A-Za-z0-9]+ |$)/.test(line))
  if (wrong !== undefined) throw new Error(`not a line of fleet's: ${json(wrong)}`)
}

const known = fleetOf('hosts: { web: {}, db: {} }').hosts

function readStatus(text: string): void {
  const loaded = loadStatus(text, 'status.json')
  if (!loaded.ok) return shows(loaded.diagnostics)
  for (const verbose of [false, true]) onScreen(statusText(loaded.value, { ...style, verbose }))
  observationsOf(known, loaded.value)
}

function readRun(text: string): void {
  const lines = text.split('\n').flatMap((line) => journalLine(line) ?? [])
  const story = storyOf({ run: 'r', isRunning: false, lines, unreadable: 1 })
  const files = { planFile: null, logs: new Map<string, string>(), tails: new Map<string, readonly string[]>() }
  const options = { color: false, width: 80, maxBytes: 60_000 } as const
  onScreen(runDocument(story, files, { ...options, format: 'text' }))
  runDocument(story, files, { ...options, format: 'markdown' })
  runDocument(story, files, { ...options, format: 'html' })
}

function readObservation(text: string): void {
  const found = parseObservation(`fleet-observation 1 n\n${text}\nfleet-observation end n\n`, 'n')
  if (!found.ok) return shows([{ ...found.failure, severity: 'error', place: null, host: 'web' }])
  const { drifted, rebootPending, notes } = statusOf(
    found.value,
    { settings: sampleSettings('web'), hostnameFrom: 'fleet.yaml' },
    null,
  )
  const observation = sampleObservation({ ...found.value, detail: null })
  const host = answered(observation, { drifted, rebootPending, notes })
  onScreen(statusText(sampleStatus([['all', ['web']]], { web: host }), { ...style, verbose: true }))
}

/** A session whose host answers each question with the next of these lines, and with `done` in the end. */
function sessionThatSays(lines: readonly string[]): Remote {
  const rest = [...lines]
  return {
    run: (_: Address, { args, onLine, onInput }: RemoteRequest, signal: AbortSignal) =>
      new Promise((ended) => {
        const mark = `fleet-lock ${args[0] ?? ''}`
        const end = () => ended({ how: 'answered', code: 1, stdout: '', stderr: '' })
        signal.addEventListener('abort', end, { once: true })
        onInput?.({
          send: (question) =>
            question.startsWith('release') ? end() : onLine?.('stdout', `${mark} ${rest.shift() ?? 'done'}`),
          end: () => {},
        })
        onLine?.('stdout', `${mark} ready`)
      }),
    transport: () => Promise.reject(new Error('nobody copies for a lock')),
  }
}

async function readSession(text: string): Promise<void> {
  const clock = new VirtualClock()
  const holder = { id: 'a', who: 'a@b', run: '20260101T000000Z-a', since: '' }
  const shown: string[] = []
  const request = { holder, timeoutMs: 2000, onWaiting: (other: unknown) => shown.push(json(other)) }
  const web: Address = { name: 'web', settings: sampleSettings('web') }
  const taken = await hostLocks(sessionThatSays(text.split('\n')), clock).acquire(web, request, never)
  for (const line of shown) onScreen(line)
  if (!taken.ok) return shows([{ ...taken.failure, severity: 'error', place: null, host: 'web' }])
  await taken.value.missing([storePath('a', 'x')], never)
  await taken.value.release()
}

const task = { settings: sampleSettings('web') } as EngineTask

/** Shows what a failure says, and holds it to one that says something. */
function showsFailure(failure: Failure): void {
  if (failure.summary === '') throw new Error('a failure without a word')
  shows([{ ...failure, severity: 'error', place: null, host: 'web' }])
}

function readEngine(text: string): void {
  const lines = text.split('\n').map(cleanLine)
  for (const code of [0, 1, 2, 4, 75, 76, 77, 78, 80, 81, 100, 124, 137, 255]) {
    const answer = activationAnswer(code, lines, task)
    if ('failure' in answer) showsFailure(answer.failure)
  }
  oldFailures(lines, ['nginx.service'])
  onScreen(foldLines(lines).map(tellFolded).join('\n'))
  for (const code of [0, 1]) {
    const verdict = classify(text, { how: 'exited', code })
    const answer = answerOf({ verdict, stopped: null, mayHaveChanged: true, isLeft: false }, 30, true, [
      'nginx.service',
    ])
    if ('failure' in answer) showsFailure(answer.failure)
  }
  const lost = sshFailure({ how: 'exited', code: 255, stdout: '', stderr: text }, 'web')
  if (lost !== null) showsFailure(lost.failure)
}

function readCheck(text: string): void {
  for (const protocol of ['json', 'nagios', 'exit'] as const)
    onScreen(readProtocol(protocol, { code: 1, stdout: text, stderr: text, isCut: false }).message)
  const inbox = new Inbox('n', { clock: new VirtualClock(), pipeGrace: 500, isOver: () => true }, () => {})
  for (const line of text.split('\n')) inbox.read(`n ${line}`)
  inbox.close()
}

function readNix(text: string): void {
  readMetadata(text)
  readEvaluator(text)
  const answer = readEvaluation(text)
  for (const line of warningsOf(answer?.warnings ?? [], text)) onScreen(line)
  parseLockFile(text)
  parseTold(text)
}

/** Everything that reads what others wrote. */
export const subjects: readonly Subject[] = [
  { name: 'fleet.yaml', inputs: damaged(fleets), read: (text) => shows(outcomeOf(text).diagnostics) },
  { name: 'plan files', inputs: fc.oneof({ weight: 4, arbitrary: plans }, damaged([json(plan)])), read: readPlan },
  {
    name: 'status files',
    inputs: fc.oneof({ weight: 4, arbitrary: tree(status) }, damaged([json(status)])),
    read: readStatus,
  },
  { name: 'journals', inputs: damaged(journals), read: readRun },
  { name: 'observation answers', inputs: damaged([said]), read: readObservation },
  {
    name: 'lock session answers',
    inputs: damaged(['held\nmissing /nix/store/x\ndone', 'holder id=a\nholder who=b\nbusy\nheld']),
    read: readSession,
  },
  { name: 'engine output', inputs: damaged(transcripts), read: readEngine },
  {
    name: 'check output',
    inputs: damaged(['{"result":"pass","message":"well"}', 'OK - well | a=1', '0 o aGVsbG8=\n0 x 0\n0 O\n0 E']),
    read: readCheck,
  },
  { name: 'Nix JSON', inputs: fc.oneof(tree(metadata, evaluation), damaged([json(metadata)])), read: readNix },
  { name: '.drv texts', inputs: damaged([derivation]), read: (text) => parseDerivation(storePath('a', 'x.drv'), text) },
  { name: 'unit files', inputs: damaged([unit]), read: (text) => compareUnits(parseUnit([text]), parseUnit([unit])) },
  { name: 'store registrations', inputs: damaged([registration]), read: parseRegistrations },
  { name: 'evaluated facts', inputs: tree(evaluation), read: (text) => readEvaluation(text) },
  {
    name: 'names of runs',
    inputs: foreign,
    read: async (name) => {
      if ((await fileRuns('/nowhere').read(name)) !== null) throw new Error('a run that is none')
    },
  },
  ...rendered,
]
