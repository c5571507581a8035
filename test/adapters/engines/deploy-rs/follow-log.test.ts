import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { followLog } from '../../../../src/adapters/engines/deploy-rs/follow-log.ts'
import { systemClock } from '../../../../src/adapters/clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleet-follow-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('a log that a host floods does not grow without end, and its last words are read', async () => {
  const file = join(folder, 'deploy-rs.log')
  writeFileSync(file, 'before\n')
  const lines: string[] = []
  const follower = followLog(file, 7, systemClock, (line) => lines.push(line))
  const flood = `${'x'.repeat(1023)}\n`.repeat(1024)
  for (let megabytes = 0; megabytes < 80; megabytes += 1) {
    appendFileSync(file, flood)
    await follower.catchUp()
  }
  appendFileSync(file, 'the last word')
  await follower.stop()
  expect(statSync(file).size).toBeLessThan(34 * 1024 * 1024)
  expect(lines).toHaveLength(80 * 1024 + 1)
  expect(lines.at(-1)).toBe('the last word')
  expect(follower.text.endsWith('the last word')).toBe(true)
})
