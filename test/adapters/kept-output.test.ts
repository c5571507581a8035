import { expect, test } from 'vitest'
import { run } from '../../src/adapters/process.ts'

test('what a program prints costs no more than its length, also where it fails and where it prints too much', async () => {
  const bytes = 15_000_000
  const args = ['-c', `head -c ${bytes} /dev/zero | tr '\\0' '\\033'; exit 1`]
  const spent = async (maxBytes: number) => {
    const began = process.cpuUsage()
    const invocation = { program: 'sh', args, timeoutMs: null, maxBytes, onLine: () => {} }
    const { how, stdout } = await run(invocation, new AbortController().signal)
    return { how, kept: stdout.length, isCheap: process.cpuUsage(began).user < 1_000_000 }
  }
  expect(await spent(2 * bytes)).toEqual({ how: 'exited', kept: bytes, isCheap: true })
  expect(await spent(bytes - 1)).toEqual({ how: 'too-much-output', kept: bytes - 1, isCheap: true })
})
