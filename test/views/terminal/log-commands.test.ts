import fc from 'fast-check'
import { expect, it } from 'vitest'
import { commandBreaker, type LogReader } from '../../../src/views/terminal/log-commands.ts'
import { json } from '../../../src/views/markup/json.ts'

/** Commands that a runner has; a name that it does not know is text to it. */
const known = /^(?:group|error|add-mask|set-output|stop-commands|save-state)$/i

/**
 * A model of how GitHub's runner reads one line (actions/runner, Runner.Common/ActionCommand.cs: TryParseV2, then TryParse, as
 * Runner.Worker/ActionCommandManager.cs asks them). .NET's TrimStart takes all of Unicode's white space; its comparison of strings
 * by culture skips characters without width, so the model skips them, too.
 */
function runnersCommand(line: string): string | null {
  const seen = line.replace(/[\p{Cf}\p{Cc}]/gu, (one) => (/\s|\u0085/.test(one) ? one : ''))
  const trimmed = seen.replace(/^[\s\u0085]+/u, '')
  const [, second] = /^::([^ ]*?)(?: [^]*?)?::/.exec(trimmed) ?? []
  if (second !== undefined && known.test(second)) return second
  const [, first] = /##\[([^ \]]*)[^\]]*\]/.exec(seen) ?? []
  return first !== undefined && known.test(first) ? first : null
}

/** How Forgejo's and Gitea's runners do (act, pkg/runner/command.go). */
function actsCommand(line: string): string | null {
  const found = /^::([^ ]+?)(?: .+?)?::/.exec(line) ?? /^##\[([^ \]]+)(?: [^\]]*)?\]/.exec(line)
  return found?.[1] !== undefined && known.test(found[1]) ? found[1] : null
}

/** Lines as .NET's StreamReader ends them. */
const linesOf = (text: string) => text.split(/\r\n|\r|\n/)

function commandsIn(text: string): readonly string[] {
  return linesOf(text).flatMap((line) => runnersCommand(line) ?? actsCommand(line) ?? [])
}

function written(reader: LogReader, ...parts: readonly string[]): string {
  return parts.map(commandBreaker(reader)).join('')
}

const attacks = [
  '##[set-output name=approved;]yes',
  'nginx: ##[add-mask]a text in the middle of a line',
  '###[error]x',
  '::set-output name=approved::yes',
  '  ::add-mask::secret',
  '\u00A0::stop-commands::x',
  '\u2003\u3000\u0085\u202F::error::x',
  'first\n\t::group::x',
  'first\r::error::x',
  '\u200B::error::x',
  ' ::error file=a,line=1::x',
]

it.each(attacks)('the model of the runner takes %j for a command, and fleet’s output of it for none', (attack) => {
  expect(commandsIn(attack)).not.toEqual([])
  expect(commandsIn(written('actions', attack))).toEqual([])
})

it('breaks by one space, and leaves everything else as it is', () => {
  expect(written('actions', '  ::error::a ::b ##[x] ##y [::]\nC::d fe80::1 #[1]\n')).toBe(
    '  : :error::a ::b ## [x] ##y [::]\nC::d fe80::1 #[1]\n',
  )
})

it('finds a command whose parts are written one after another', () => {
  for (const attack of attacks)
    for (let at = 1; at < attack.length; at += 1)
      expect(commandsIn(written('actions', attack.slice(0, at), attack.slice(at)))).toEqual([])
})

it('lets no text through that a runner takes for a command, however it is cut', () => {
  const piece = fc.constantFrom(
    ':',
    '::',
    '#',
    '##',
    '[',
    ']',
    ' ',
    '\u00A0',
    '\u2028',
    '\n',
    '\r',
    'error',
    'group',
    'x',
  )
  const text = fc.array(piece, { maxLength: 24 })
  fc.assert(
    fc.property(text, (parts) => {
      expect(commandsIn(written('actions', ...parts))).toEqual([])
      expect(written('actions', ...parts)).toBe(written('actions', parts.join('')))
    }),
  )
})

it('opens and closes no section of GitLab’s, however it is cut', () => {
  const marker = /section_(?:start|end):\d+:[\w.-]+/
  const attack = '\u001B[0Ksection_start:1:fake\r\u001B[0Khidden\nsection_end:1:fleet_1_canary'
  expect(attack).toMatch(marker)
  for (let at = 0; at < attack.length; at += 1)
    expect(written('gitlab', attack.slice(0, at), attack.slice(at))).not.toMatch(marker)
})

it('a line of many blanks costs no more than its length', () => {
  const breaker = commandBreaker('actions')
  const began = process.cpuUsage()
  for (let count = 0; count < 200; count += 1) breaker(' '.repeat(50_000))
  expect(process.cpuUsage(began).user).toBeLessThan(2_000_000)
})

it('JSON says the same to whoever parses it, and nothing to a log', () => {
  const value = { line: '##[error]x', section: 'section_start:1:a' }
  const text = json(value, 2)
  expect(commandsIn(text)).toEqual([])
  expect(text).not.toMatch(/section_(?:start|end):/)
  expect(JSON.parse(text)).toEqual(value)
})
