import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const module = (name: string) => fileURLToPath(new URL(`../../../src/adapters/${name}`, import.meta.url))

/** Opens all that may be opened, then lets go of so many, and starts a program. */
const script = `
import { closeSync, openSync } from 'node:fs'
import { openFilesLimit } from ${JSON.stringify(module('files/open-files.ts'))}
import { run } from ${JSON.stringify(module('process.ts'))}
const opened = []
try { for (;;) opened.push(openSync('/dev/null')) } catch {}
const answers = []
for (const free of [4, 40]) {
  for (const file of opened.splice(0, free)) closeSync(file)
  const { how, reason, stdout } = await run({ program: 'echo', args: ['well'], timeoutMs: 10_000 }, new AbortController().signal)
  answers.push({ how, reason, stdout })
}
console.log(JSON.stringify([openFilesLimit(), ...answers]))
`

test('where no more files may be open, a program is not started, and fleet goes on', () => {
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script]
  const printed = execFileSync('sh', ['-c', 'ulimit -n 200; exec "$@"', 'sh', ...node], { encoding: 'utf8' })
  expect(JSON.parse(printed)).toEqual([
    200,
    { how: 'not-started', reason: expect.stringContaining('EMFILE') as string, stdout: '' },
    { how: 'exited', stdout: 'well\n' },
  ])
})
