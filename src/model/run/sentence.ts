import { moment } from '../text/moment.ts'
import { formatDuration } from '../fleet/duration.ts'
import { shortPlanId } from '../plan/short-id.ts'
import type { Fact } from './event.ts'
import { tellFailure } from '../failure.ts'
import { hostSentence } from './host-sentence.ts'

/** How a sentence shows a store path: whole, or by the start of its hash. */
export type ShowPath = (path: string) => string

/** A fact of a run, and which run that is. */
export type Told = Fact & { readonly run: string }

const whole: ShowPath = (path) => path

/** The message of an event: the fact in words that are enough alone. The host comes first where it is about one. */
export function sentenceOf(fact: Told): string {
  const host = 'host' in fact ? fact.host : null
  return host === null ? clauseOf(fact) : `${host}: ${clauseOf(fact)}`
}

/** The same fact for a reader who sees already which host it is about. */
export function clauseOf(fact: Told, show: ShowPath = whole): string {
  switch (fact.type) {
    case 'run.started':
    case 'run.interrupted':
    case 'run.stopped':
    case 'run.finished':
      return runSentence(fact)
    case 'wave.promoted':
    case 'wave.started':
    case 'wave.baking':
    case 'wave.paused':
    case 'wave.halted':
    case 'wave.finished':
      return waveSentence(fact)
    case 'check.finished':
      return `${fact.host === null ? `wave ${fact.wave}: ` : ''}check ${fact.check} ${results[fact.result]}: ${fact.said}`
    case 'lock.waiting':
    case 'lock.acquired':
    case 'lock.released':
    case 'lock.lost':
      return lockSentence(fact)
    case 'hook.finished':
      return hookSentence(fact)
    case 'diagnostic':
      return tellFailure(fact)
    default:
      return hostSentence(fact, show)
  }
}

/** What a gate hook is asked, in words that are enough alone. */
export function gateSentence({ run, wave, host }: GateSubject): string {
  if (host !== null) return `${host} is about to be changed`
  return wave === null ? `run ${run} is about to start` : `wave ${wave} is about to start`
}

interface GateSubject {
  readonly run: string
  /** Null at `before.run`. */
  readonly wave: string | null
  /** Null except at `before.host`. */
  readonly host: string | null
}

type Named<Type extends Told['type']> = Extract<Told, { readonly type: Type }>
type Family<Prefix extends string> = Extract<Told, { readonly type: `${Prefix}.${string}` }>

function runSentence(fact: Family<'run'>): string {
  switch (fact.type) {
    case 'run.started': {
      const hosts = fact.waves.reduce((sum, wave) => sum + wave.hosts.length, 0)
      const where = fact.waves.length === 0 ? '' : ` in ${fact.waves.map(({ name }) => name).join(', ')}`
      return `run ${fact.run} of plan ${shortPlanId(fact.planId)}: ${hosts} ${hosts === 1 ? 'host' : 'hosts'}${where}`
    }
    case 'run.interrupted':
      return interruption(fact)
    case 'run.stopped':
      return `the run starts nothing more: ${fact.reason}`
    case 'run.finished':
      return `run ${outcomes[fact.outcome]}: ${fact.reason}`
  }
}

const outcomes = {
  complete: 'complete',
  'no-changes': 'finished without changes',
  failed: 'failed',
  paused: 'paused',
  refused: 'refused',
  interrupted: 'interrupted',
} as const

function interruption({
  signal,
  inFlight,
  longestWaitMs = 0,
  automaticRollback = [],
}: Named<'run.interrupted'>): string {
  const by = `interrupted by ${signal}`
  const names = (hosts: readonly string[]) => hosts.join(', ')
  if (inFlight.length === 0) return `${by}; nothing is in flight`
  if (longestWaitMs > 0)
    return `${by}; in flight: ${names(inFlight)}. fleet waits for them, ${formatDuration(longestWaitMs)} at most`
  const alone =
    automaticRollback.length === 0
      ? ''
      : `. Unless its activation is confirmed, each of these rolls back by itself: ${names(automaticRollback)}`
  return `${by}; no longer waiting for ${names(inFlight)}${alone}`
}

function waveSentence(fact: Family<'wave'>): string {
  const wave = `wave ${fact.wave}`
  switch (fact.type) {
    case 'wave.promoted':
      return fact.reason === '' ? `${wave} may start` : `${wave} may start: ${fact.reason}`
    case 'wave.started':
      return `${wave} started: ${fact.hosts.join(', ')}`
    case 'wave.baking':
      return baking(fact)
    case 'wave.paused':
      return fact.cause === 'health' ? `${wave} paused: ${fact.reason}` : `paused before ${wave}: ${fact.reason}`
    case 'wave.halted':
      return `${wave} halted: ${fact.reason}`
    case 'wave.finished':
      return fact.halted ? `${wave} ended (halted)` : `${wave} finished`
  }
}

function baking({ wave, bakeTimeMs, remainingMs = bakeTimeMs }: Named<'wave.baking'>): string {
  if (remainingMs === 0) return `wave ${wave}: running its checks`
  const rest = formatDuration(Math.ceil(remainingMs / 1000) * 1000)
  return remainingMs === bakeTimeMs
    ? `wave ${wave} bakes for ${formatDuration(bakeTimeMs)}`
    : `wave ${wave} bakes for the remaining ${rest} of ${formatDuration(bakeTimeMs)}`
}

/** How the result of a check is called: `check forgejo failed: …`. */
const results = { pass: 'passed', fail: 'failed', error: 'gave no result' } as const

function lockSentence(fact: Family<'lock'>): string {
  const lock = fact.host === null ? 'fleet lock' : 'host lock'
  switch (fact.type) {
    case 'lock.waiting': {
      const since = fact.since == null ? '' : ` since ${moment(fact.since)}`
      const id = fact.id == null ? '' : ` (lock ${fact.id})`
      return `waiting for the ${lock}, held by ${fact.holder}${since}${id}`
    }
    case 'lock.acquired':
      return `${lock} taken`
    case 'lock.released':
      return `${lock} released`
    case 'lock.lost':
      return `${lock} lost: ${fact.reason}${fact.host === null ? '; the host locks are still held' : ''}`
  }
}

function hookSentence({ program, on, hookExitCode, decision, said }: Named<'hook.finished'>): string {
  const how = decision === 'none' ? (hookExitCode === 0 ? 'done' : 'failed') : decisions[decision]
  return `hook ${program.join(' ')} on ${on} ${how}${said === '' ? '' : `: ${said}`}`
}

const decisions = { continue: 'allows it', wait: 'says not yet', refuse: 'refuses' } as const
