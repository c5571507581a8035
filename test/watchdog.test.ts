import { expect, it } from 'vitest'
import { bodyMatches } from '../src/adapters/checks/body-match.ts'
import { readProtocol } from '../src/adapters/checks/protocol.ts'
import { classify } from '../src/adapters/engines/deploy-rs/classify.ts'
import { linesOf } from '../src/adapters/engines/deploy-rs/log-line.ts'
import { holderOf } from '../src/adapters/locks/holder.ts'
import { errorText } from '../src/adapters/nix/command.ts'
import { shorten } from '../src/adapters/nix/shorten.ts'
import { warningsOf } from '../src/adapters/nix/warnings.ts'
import { inheritedLines } from '../src/adapters/ssh/config.ts'
import { sshFailure } from '../src/adapters/ssh/failure.ts'
import { fillIn } from '../src/model/fleet/placeholders.ts'
import { parseWorkingTree } from '../src/model/git/working-tree.ts'
import { parseAccounts } from '../src/model/host/accounts.ts'
import { openPorts } from '../src/model/host/firewall-rules.ts'
import { compareUnits, parseUnit } from '../src/model/host/unit-file.ts'
import { parseRegistrations } from '../src/model/nix/closure.ts'
import { parseDerivation } from '../src/model/nix/derivation.ts'
import { parseLockFile } from '../src/model/nix/lock-file.ts'
import { parsePackageName } from '../src/model/nix/package-name.ts'
import { compareVersions } from '../src/model/nix/package-version.ts'
import { maskHashes, maskReferences, parseStorePath, plainTarget, referencesIn } from '../src/model/nix/store-path.ts'
import { journalLine } from '../src/model/run/journal-line.ts'
import { LineCutter } from '../src/model/text/line-cutter.ts'
import { hidePasswords, maskCredentials, maskSecrets } from '../src/model/text/secret.ts'
import { shellWords } from '../src/model/text/shell-words.ts'
import { cleanLine, cleanText } from '../src/model/text/text.ts'
import { parseObservation } from '../src/pipeline/observe/parse.ts'
import { loadPlan } from '../src/pipeline/plan/load.ts'
import { load } from '../src/pipeline/settings/load.ts'
import { loadStatus } from '../src/pipeline/status/load.ts'
import { code, prose } from '../src/views/markup/markdown.ts'
import { cases } from './rig/properties/cases.ts'

/** Characters of each text: what a host may print before it is cut off, and far more than a line that is looked at. */
const size = cases(1024 * 1024)
/** Microseconds of processor time that a reader may take for one text. */
const allowed = 1_000_000

const hash = '0'.repeat(32)
const stores = `/nix/store/${hash}-a`
const exited = (stderr: string) => ({ how: 'exited', code: 255, stdout: '', stderr }) as const
const printed = (stdout: string) => ({ code: 1, stdout, stderr: stdout, isCut: false })
const observed = (kind: string) => (text: string) =>
  parseObservation(
    `fleet-observation 1 n\n${kind}=${text.replaceAll('\n', `\n${kind}=`)}\nfleet-observation end n\n`,
    'n',
  )

/** Everything of src that reads a text which a host, a flake, a program or a file brought. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  bodyMatches: (text) => bodyMatches('ok', text),
  cleanLine,
  cleanText,
  classify: (text) => classify(text, { how: 'exited', code: 1 }),
  code,
  compareUnits: (text) => compareUnits(parseUnit([text]), parseUnit([`${text}x`])),
  compareVersions: (text) => compareVersions(text, `${text}1`),
  errorText,
  fillIn: (text) => fillIn(text, { name: 'a', address: 'b', vars: {} }),
  hidePasswords,
  holderOf: (text) => holderOf(text.split('\n')),
  inheritedLines,
  journalLine,
  linesOf,
  // A parser that keeps comments and places takes its time; a fleet.yaml of this length has a thousand hosts.
  load: (text) => load(text.slice(0, 64 * 1024), 'fleet.yaml'),
  loadPlan: (text) => loadPlan(text, 'plan.json'),
  loadStatus: (text) => loadStatus(text, 'status.json'),
  maskCredentials,
  maskHashes,
  maskReferences: (text) => maskReferences(text, (name) => parsePackageName(name).name),
  maskSecrets,
  openPorts,
  parseAccounts,
  parseDerivation: (text) => parseDerivation(`${stores}.drv`, text),
  parseLockFile,
  'parseObservation, units': observed('unit'),
  'parseObservation, /etc': observed('etc'),
  'parseObservation, text': observed('hostname'),
  parsePackageName,
  parseRegistrations,
  parseStorePath,
  parseWorkingTree,
  plainTarget,
  prose,
  'readProtocol, json': (text) => readProtocol('json', printed(text)),
  'readProtocol, nagios': (text) => readProtocol('nagios', printed(text)),
  referencesIn: (text) => referencesIn(text, '/nix/store'),
  shellWords,
  shorten: (text) => shorten(text, text, stores),
  sshFailure: (text) => sshFailure(exited(text), 'a'),
  warningsOf: (text) => warningsOf([], text),
}

/** Beginnings, each repeated, that some pattern or loop could look at again and again. */
const pieces = [
  'a',
  ' ',
  '\n',
  '\t\n',
  '{{',
  '[[',
  '((',
  '@.',
  '/..',
  '\u001B]',
  '\u001B[0',
  'a://b:',
  'secret ',
  'host key ',
  'No ',
  'error:\n',
  '[a]\nb=c\n',
  'key=value\n',
  'Drv([("a"',
  '{"a":',
  '- a\n',
  'trace: warning: a\n',
  '[deploy] [INFO] ',
  'getting status of ',
  '     at /a\n',
  `${stores}/`,
  `${stores}\n`,
  '1.a-',
  `"',;`,
  '`',
  '🚀',
]

it.each(Object.keys(readers))('%s takes no more than a second for a megabyte of its worst', (name) => {
  const read = readers[name] ?? cleanText
  const slow = pieces.flatMap((piece) => {
    const spent = Math.max(
      ...[piece.repeat(size / piece.length), `=${piece.repeat(size / piece.length)}`].map(timed(read)),
    )
    return spent > allowed ? [`${JSON.stringify(piece)}: ${Math.round(spent / 1000)} ms`] : []
  })
  expect(slow).toEqual([])
})

it('lines are cut in the same time however the text comes in', () => {
  const spent = timed((text) => {
    const lines = new LineCutter(() => {})
    for (let at = 0; at < text.length; at += 16) lines.push(text.slice(at, at + 16))
    lines.end()
  })('a'.repeat(size))
  expect(spent).toBeLessThan(allowed)
})

/** Microseconds of processor time that the reader takes. */
function timed(read: (text: string) => unknown): (text: string) => number {
  return (text) => {
    const before = process.cpuUsage()
    read(text)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
}
