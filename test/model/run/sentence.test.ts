import { expect, test } from 'vitest'
import { eventOf } from '../../../src/model/run/event-of.ts'
import type { Fact } from '../../../src/model/run/event.ts'
import { clauseOf, gateSentence, sentenceOf } from '../../../src/model/run/sentence.ts'
import { expectGolden } from '../../rig/files/golden.ts'
import { checked } from '../../rig/files/schema.ts'
import { storePath } from '../../rig/samples/plan.ts'
import { sampleFacts } from './sample-facts.ts'

const run = '20251129T210000Z-a1b2'
const allFacts: readonly Fact[] = Object.values(sampleFacts).flat()
const sentence = (fact: Fact) => sentenceOf({ ...fact, run })

test('every sentence of the event stream stands on one page', () => {
  const gates = [
    { run, wave: null, host: null },
    { run, wave: 'canary', host: null },
    { run, wave: 'canary', host: 'web' },
  ]
  const lines = allFacts.map((fact) => `${fact.type.padEnd(18)} ${sentence(fact)}`)
  const gateLines = gates.map((gate) => `${'(gate hooks)'.padEnd(18)} ${gateSentence(gate)}`)
  expectGolden('sentences.txt', `${[...lines, ...gateLines].join('\n')}\n`)
})

test('the facts of the page are events as the schema has them', () => {
  const events = allFacts.map((fact, seq) => eventOf(fact, { seq, at: 0, run }))
  for (const event of events) expect(checked('event', event)).toBe(event)
})

test('where the host is seen already its name is left out, and paths are shown as the reader wants them', () => {
  const system = storePath('b', 'nixos-system-web-25.05')
  const fact = {
    type: 'host.succeeded',
    host: 'web',
    wave: 'canary',
    system,
    profile: system,
    generation: 42,
    run,
  } as const
  expect(sentenceOf(fact)).toBe(`web: runs ${system} and is healthy (verified)`)
  expect(clauseOf(fact, () => 'system abc')).toBe('runs system abc and is healthy (verified)')
})
