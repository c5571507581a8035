import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { sources, textsIn } from './rig/files/said.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What no text for a person says, and the word of docs/reference/glossary.md that it uses instead. */
const retired: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\b(?:take|taken?|takes|taking|took|bring|brings|brought|set|sets)(?: \w+){0,2} back\b/i, 'roll back'],
  [/\b(?:go|goes|going|gone|went) back\b|\b(?:the )?way back\b/i, 'roll back'],
  [/(?<!host\.)\brevert(?:ed|ing)\b(?!")/i, 'rolled back'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\b(?:tell|tells|telling|told)\b/i, 'say, report, notify'],
  [/\b(?:nobody|somebody|someone|anybody|anyone|whoever)\b/i, 'you, or who it is'],
  [/\b(?:begin|begins|beginning|began|begun)\b/i, 'start'],
  [/\b(?:go|goes|going|went|carry|carries) on\b/i, 'continue'],
  [/\bset aside\b/i, 'override'],
  [/\bcondemn/i, 'fail the host'],
  [/\bnot known\b/i, 'unknown'],
  [/\b(?:could not|cannot) (?:be )?measured?\b|\binconclusive\b/i, 'no result, health unknown'],
  [/\bdealt with\b/i, 'has a result'],
  [/\bnot reached\b/i, 'not started'],
  [/\bready-made\b/i, 'built-in'],
  [/\b(?:all|hosts?|many|several) at once\b/i, 'at a time, in parallel'],
  [/(?<![`:]\s?)\boperators?(?:['’]s)?\b(?!`)/i, 'you, this machine, the deploying machine'],
  [/\b(?:a|the) yes\b/i, 'confirmation, approval'],
  [/\bas fleet\.yaml says\b/i, 'according to fleet.yaml'],
  [/\bwithout a word\b/i, 'without a message'],
  [/\b(?:rolled? back|deployed?|rolls? back) by path\b/i, 'to the exact store path'],
  [/\bto be had\b/i, 'available'],
  [/\bmoved since\b/i, 'changed since the plan'],
  [/\bbroke off\b/i, 'was interrupted'],
  [/\b(?:is|are|was|were|be|been|not) asked (?!to\b)/i, 'contacted (a host), run (a check)'],
  [/\b(?:COULD NOT|UNKNOWN:|NOT ROLLED)\b/, 'the same in small letters'],
]

/** What says such a word and means it otherwise, or repeats what another program says. */
const meant: readonly RegExp[] = [
  /\bBEGIN \{/, // awk
  /`began`|^began=/, // a key of the lock's record on the host
  /`[a-z-]+\/[\w./-]+`/g, // a code, also one that was renamed, and a path
]

/** The places where one of these words stands: `place: word (use …) in text`. */
function found(place: string, text: string): readonly string[] {
  const bare = meant.reduce((rest, phrase) => rest.replace(phrase, ''), text)
  return retired.flatMap(([pattern, instead]) => {
    const hit = pattern.exec(bare)
    return hit === null ? [] : [`${place}: "${hit[0]}" (use: ${instead}) in: ${bare.trim().slice(0, 160)}`]
  })
}

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const below = (folder: string, ending: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name))

function linesOf(files: readonly string[]): readonly string[] {
  return files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => found(`${file}:${index + 1}`, line)),
  )
}

function descriptionsIn(value: unknown, place: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'description' && typeof inner === 'string' ? found(place, inner) : descriptionsIn(inner, `${place}/${key}`),
  )
}

describe('one concept, one word: no retired word', () => {
  test('in a sentence that fleet prints', () => {
    const texts = sources()
      .filter(({ file }) => !/(?:script|inventory.expression)\.ts$/.test(file))
      .flatMap(textsIn)
      .filter(({ text }) => !text.startsWith('bug: '))
    expect(texts.flatMap(({ at, text }) => found(at, text))).toEqual([])
  })

  test('in what the program on the hosts prints', () => {
    const spoken = read('src/adapters/engines/activate.sh').match(/(?<=\bsay ").*(?=")/g) ?? []
    expect(spoken.flatMap((text) => found('activate.sh', text))).toEqual([])
  })

  test('in whole pages of what it prints', () => {
    expect(
      linesOf([
        ...below('test/golden/help', /txt$/),
        ...below('test/golden/codes', /txt$/),
        'test/golden/sentences.txt',
      ]),
    ).toEqual([])
  })

  test('in the schemas', () => {
    const schemas = below('schemas', /json$/)
    expect(schemas.flatMap((file) => descriptionsIn(JSON.parse(read(file)), file))).toEqual([])
  })

  test('in the documentation for users', () => {
    expect(
      linesOf([
        'README.md',
        'SECURITY.md',
        ...below('docs', /md$/).filter((file) => !file.startsWith(join('docs', 'contributing'))),
      ]),
    ).toEqual([])
  })

  test('in the checks and examples that are shipped', () => {
    expect(linesOf([...below('checks', /\.ya?ml$/), ...below('examples', /\.(?:sh|ya?ml|md|mjs|js)$/)])).toEqual([])
  })
})
