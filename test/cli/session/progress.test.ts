import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { openProgress } from '../../../src/cli/session/progress.ts'
import type { Terminal } from '../../../src/cli/session/terminal.ts'
import { VirtualClock } from '../../rig/doubles/virtual-clock.ts'

/** Stands for a terminal that is none: a pipe of a CI system. */
function pipe(): { readonly terminal: Terminal; readonly text: () => string } {
  let text = ''
  const stream = new PassThrough() as unknown as NodeJS.WriteStream
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const terminal = { stdin: process.stdin, stdout: stream, stderr: stream, environment: {}, log: null }
  return { terminal, text: () => text }
}

it('where nothing can be redrawn there is a line at the start, one each ten seconds, and one at the end', async () => {
  const clock = new VirtualClock()
  const { terminal, text } = pipe()
  const progress = openProgress('planning 6 hosts', { quiet: false }, terminal, clock)
  progress.show({ evaluated: 1, observed: 6, total: 6, leftMs: null })
  progress.show({ evaluated: 2, observed: 6, total: 6, leftMs: 30_000 })
  await clock.sleep(25_000, new AbortController().signal)
  await progress.close('planned')
  expect(text()).toBe(
    'planning 6 hosts\n' + 'evaluated 2 of 6, asked 6 of 6, about 30s left\n'.repeat(2) + 'planned in 25s\n',
  )
})

it('--quiet says nothing', async () => {
  const { terminal, text } = pipe()
  const progress = openProgress('planning 6 hosts', { quiet: true }, terminal, new VirtualClock())
  progress.show({ evaluated: 1, observed: 6, total: 6, leftMs: null })
  await progress.close('planned')
  expect(text()).toBe('')
})
