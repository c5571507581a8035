import { expect, it } from 'vitest'
import { outputTails } from '../../../src/cli/session/output-tails.ts'
import type { Event } from '../../../src/model/run/event-schema.ts'

const line = (text: string) => ({ type: 'host.output', host: 'a', line: text }) as Event
const begun = (step: string) => ({ type: 'host.step', host: 'a', step, status: 'started' }) as Event

function tailOf(...events: readonly Event[]): readonly string[] | undefined {
  const tails = outputTails()
  for (const event of events) tails.add(event)
  return tails.lines().get('a')
}

const failing = [begun('activate'), line('a.service failed')]
const itself = 'fleet: going back to /nix/store/old'

it('the last lines are of the activation, not of the copy before it', () => {
  expect(tailOf(line('copying'), ...failing)).toEqual(['a.service failed'])
})

it('the last lines are of what failed, not of the way back, whoever goes it', () => {
  expect(tailOf(...failing, line(itself), line('setting up /etc...'))).toEqual(['a.service failed', itself])
  expect(tailOf(...failing, begun('roll-back'), line('setting up /etc...'))).toEqual(['a.service failed'])
})

it('they are of both where the way back failed, too', () => {
  const back = [line(itself), line('b.service failed'), line('fleet: going back failed: exit 4')]
  expect(tailOf(...failing, ...back)).toEqual([
    'a.service failed',
    itself,
    'b.service failed',
    'fleet: going back failed: exit 4',
  ])
  const ended = { type: 'host.failed', host: 'a', step: 'roll-back' } as Event
  expect(tailOf(...failing, begun('roll-back'), line('b.service failed'), ended)).toEqual([
    'a.service failed',
    'b.service failed',
  ])
})

it('a hundred lines of a host are kept, and those of the last attempt', () => {
  const many = Array.from({ length: 150 }, (_, index) => line(String(index)))
  expect(tailOf(...many)).toHaveLength(100)
  expect(tailOf(...failing, begun('activate'), line('again'))).toEqual(['again'])
})
