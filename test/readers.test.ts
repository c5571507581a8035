import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const source = fileURLToPath(new URL('../src', import.meta.url))

/** Names of node:fs that open a file to read it. */
const readers =
  /\b(?:readFile|readFileSync|open|openSync|openAsBlob|createReadStream|cp|cpSync|copyFile|copyFileSync)\b/

/** Who opens files, and which. A path that a host, a flake or a file names goes through the first three. */
const allowed: Readonly<Record<string, string>> = {
  'adapters/files/named-file.ts': 'a file that a person named, bounded',
  'adapters/files/own-file.ts': 'what fleet wrote under its state directory, no links, its own user',
  'adapters/files/store-files.ts': 'texts inside the Nix store, bounded',
  'adapters/checks/library.ts': 'the built-in checks, shipped with fleet',
  'adapters/engines/deploy-rs/follow-log.ts': 'the log that fleet itself made for deploy',
  'adapters/engines/host-program.ts': 'the program for hosts, shipped with fleet',
  'adapters/event-log.ts': 'the event log that a person named, to write it',
  'adapters/memory.ts': 'what the kernel says of memory',
  'adapters/process-group.ts': 'what the kernel says of processes',
  'adapters/process.ts': 'the log of a program, to write it',
  'adapters/ssh/names-keys.ts': "the person's own ssh configuration",
  'adapters/state/host-logs.ts': 'logs of a run, to write them',
  'adapters/state/run-process.ts': 'what the kernel says of processes',
  'adapters/state/runs.ts': 'journals, to write them',
  'adapters/files/open-files.ts': 'how many files this process may open',
  'cli/commands/set-up/completion.ts': 'what shells read, shipped with fleet',
  'cli/open/version.ts': 'the package of fleet',
  'cli/session/source-lines.ts': 'the source maps of fleet',
}

it('only these files of src open files to read them', () => {
  const found = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && opens(readFileSync(join(source, file), 'utf8')))
    .toSorted()
  expect(found).toEqual(Object.keys(allowed).toSorted())
})

it.each([
  `import { readFile } from 'node:fs/promises'`,
  `import {\n  existsSync,\n  openSync,\n} from 'node:fs'`,
  `import * as files from 'node:fs'`,
  `import files from 'fs'`,
  `const { readFile } = await import('node:fs/promises')`,
  `createRequire(import.meta.url)('node:fs').readFileSync`,
])('%j is seen', (text) => {
  expect(opens(text)).toBe(true)
})

it.each([`import { stat } from 'node:fs/promises'`, `import { open } from './open.ts'`])('%j is none', (text) => {
  expect(opens(text)).toBe(false)
})

function opens(text: string): boolean {
  const named = [...text.matchAll(/import\s+\{([^}]*)\}\s+from '(?:node:)?fs(?:\/promises)?'/g)]
  if (named.some(([, names = '']) => readers.test(names))) return true
  // Whatever else brings the module in could use any of it.
  return /(?:import\s+(?:\*\s+as\s+)?\w+\s+from|import\(|require\(|\)\()\s*'(?:node:)?fs(?:\/promises)?'/.test(text)
}
