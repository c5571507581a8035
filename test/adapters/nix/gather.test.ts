import { expect, test } from 'vitest'
import { gather } from '../../../src/adapters/nix/gather.ts'
import type { Found } from '../../../src/model/host/system.ts'

const never = new AbortController().signal

/** A program that is asked: what it was asked each time, and a way to let each question end. */
function asked() {
  const questions: { readonly items: readonly string[]; readonly signal: AbortSignal; readonly end: () => void }[] = []
  let onQuestion = () => {}
  const ask = gather((items: readonly string[], signal) => {
    return new Promise<Found<string>>((resolve) => {
      const end = () => resolve(signal.aborted ? ended : { ok: true, value: items.join(' ') })
      signal.addEventListener('abort', end)
      questions.push({ items, signal, end })
      onQuestion()
    })
  })
  const until = async (count: number) => {
    while (questions.length < count) await new Promise<void>((resolve) => (onQuestion = resolve))
  }
  return { ask, questions, until }
}

const ended = {
  ok: false,
  failure: { code: 'nix/aborted', summary: 'interrupted', detail: 'Asking Nix was interrupted.' },
} as const

test('questions of one moment are one, and those that come while it is under way are the next', async () => {
  const { ask, questions, until } = asked()
  const first = [ask(['a'], never), ask(['b', 'c'], never)]
  await until(1)
  const later = [ask(['d'], never), new Promise((resolve) => setImmediate(resolve)).then(() => ask(['e'], never))]
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  expect(questions.map(({ items }) => items)).toEqual([['a', 'b', 'c']])
  questions[0]?.end()
  expect(await Promise.all(first)).toEqual([
    { ok: true, value: 'a b c' },
    { ok: true, value: 'a b c' },
  ])
  await until(2)
  questions[1]?.end()
  expect(await Promise.all(later)).toEqual([
    { ok: true, value: 'd e' },
    { ok: true, value: 'd e' },
  ])
})

test('who is interrupted is told at once, and the question goes on for the others', async () => {
  const { ask, questions, until } = asked()
  const stop = new AbortController()
  const [mine, theirs] = [ask(['a'], stop.signal), ask(['b'], never)]
  await until(1)
  stop.abort()
  expect(await mine).toEqual(ended)
  expect(questions[0]?.signal.aborted).toBe(false)
  questions[0]?.end()
  expect(await theirs).toEqual({ ok: true, value: 'a b' })
})

test('a question of which nobody waits for the answer any more is ended', async () => {
  const { ask, questions, until } = asked()
  const [one, other] = [new AbortController(), new AbortController()]
  const both = [ask(['a'], one.signal), ask(['b'], other.signal)]
  await until(1)
  one.abort()
  other.abort()
  expect(await Promise.all(both)).toEqual([ended, ended])
  expect(questions[0]?.signal.aborted).toBe(true)
})

test('a question that is a bug is one for all who asked it, and keeps no later one from being asked', async () => {
  let times = 0
  const ask = gather(async (items: readonly string[]): Promise<Found<string>> => {
    times += 1
    if (times === 1) throw new Error('bug: on fire')
    return { ok: true, value: items.join(' ') }
  })
  await expect(Promise.all([ask(['a'], never), ask(['b'], never)])).rejects.toThrow('on fire')
  expect(await ask(['c'], never)).toEqual({ ok: true, value: 'c' })
})
