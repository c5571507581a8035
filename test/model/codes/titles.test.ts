import { expect, test } from 'vitest'
import { codes, isKnown } from '../../../src/model/codes/codes.ts'
import { sources, summariesIn } from '../../rig/files/said.ts'

/** Codes under which somebody else's own words are printed, and whose. */
const quoted = new Set([
  'plan/console', // the `note` of fleet.yaml
  'plan/evaluation-warning', // Nix
])

/** Codes whose words are put together behind a call that this test does not follow: one helper each, which has a test of its own. */
const elsewhere = new Set([
  'activate/over-rollback', // "…; the engine rolled back too far, to …"
  'derivation/corrupt',
  'derivation/dynamic',
  'hook/failed', // the sentence of the hook's end
  'hook/refused',
  'reboot/failed', // the failure of the reboot
  'roll-back/not-started', // the view says it: "not rolled back, still runs the new system"
  'usage/unknown-code', // its title itself
  'wave/halted', // the sentence of the halt
])

/** What stands in a title for what differs from one message to the next. */
const placeholder = /\b(?:CHANGES|COMMITS|ENGINE|HOSTS?|NAME|NEW|OLD|PATH|PLATFORM|REF|REVISION|RUN|TIME|UNITS)\b/g

/** What is made for a code; a view may shorten it. */
const printed = sources()
  .filter(({ file }) => !file.startsWith('model/codes/') && !file.startsWith('views/'))
  .flatMap((source) => summariesIn(source, isKnown))
  // Where a place in fleet.yaml or a detail comes behind the code, the title itself is printed (configurationProblem).
  .filter(({ code, text }) => !code.startsWith('config/') && !isKnown(text) && !quoted.has(code))

test('what is printed for a code has the words of its title, so that the page of all codes is found by them', () => {
  const odd = printed.filter(({ code, text }) => isKnown(code) && !patternOf(codes[code].title).test(plain(text)))
  expect(odd.map(({ at, code, text }) => `${at} ${code}: ${text}`)).toEqual([])
})

test('nearly every code has such a place, so that the test above sees what it looks for', () => {
  const seen = new Set(printed.map(({ code }) => code))
  const unseen = Object.keys(codes).filter((code) => !code.startsWith('config/') && !seen.has(code))
  expect(unseen.toSorted()).toEqual([...elsewhere, ...quoted].toSorted())
})

function patternOf(title: string): RegExp {
  const words = plain(title)
    .split(placeholder)
    .map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))
  return new RegExp(words.join('.*'))
}

function plain(text: string): string {
  return text.replaceAll('’', "'")
}
