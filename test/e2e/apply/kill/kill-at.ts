/**
 * A module for `node --import` that ends `fleet` as `kill -9` does, exactly when a line of that kind is in its journal and
 * before anything else happens; with `half`, when half of the line is there. `fleet` itself knows nothing of it: the module
 * stands between it and `node:fs`. A kind is what `kindOf` makes of the line.
 */
export function killAt(kind: string, half: boolean): string {
  const module = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const kindOf = ${kindOf.toString()}
const { openSync, writeSync } = fs
const journals = new Set()
fs.openSync = (path, ...rest) => {
  const file = openSync(path, ...rest)
  if (String(path).endsWith('/journal.jsonl') && rest[0] === 'a') journals.add(file)
  return file
}
fs.writeSync = (file, data, ...rest) => {
  if (!journals.has(file) || kindOf(JSON.parse(data)) !== ${JSON.stringify(kind)}) return writeSync(file, data, ...rest)
  writeSync(file, ${half ? 'data.slice(0, data.length / 2)' : 'data'})
  process.kill(process.pid, 'SIGKILL')
}
syncBuiltinESMExports()
`
  return `data:text/javascript,${encodeURIComponent(module)}`
}

/** What a line of the journal is about: its type, its host or wave, and of a step which and whether it ended. */
export function kindOf(event: object): string {
  const { type, host, wave, step, status } = event as Readonly<Record<string, string | null | undefined>>
  return [type, host ?? wave, step, status].filter((part) => part !== undefined && part !== null).join(' ')
}
