import { codeFrom } from '../../../src/model/codes/codes.ts'
import fc from 'fast-check'
import type { Diff, HostPlan, Note, Plan } from '../../../src/model/plan/plan-schema.ts'
import {
  changed,
  type Draft,
  excluded,
  hostilePlanOf,
  samplePlan,
  sampleSettings,
  sampleWave,
  unchanged,
  unevaluated,
  unreachable,
} from '../../rig/samples/plan.ts'
import { hostileNames } from './hostile-plan.ts'

const text = fc.oneof(
  fc.constantFrom(...hostileNames),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('`', '<', '/', '>', '|', '\n', '@', '~', 'a', ' ', '\\', '&', '-', '!'),
    maxLength: 40,
  }),
  fc.integer({ min: 1, max: 400 }).map((count) => 'long-'.repeat(count)),
)
const texts = fc.array(text, { maxLength: 6 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const names = fc.record({ added: texts, removed: texts, changed: texts })

const diff: fc.Arbitrary<Diff> = fc.record({
  exact: fc.boolean(),
  kind: fc.constantFrom('stamp', 'configuration', 'packages', 'reboot'),
  packages: maybe(
    fc.array(
      fc.record({
        name: text,
        from: texts,
        to: texts,
        direction: fc.constantFrom('added', 'removed', 'up', 'down', 'changed'),
        selected: fc.boolean(),
      }),
      { maxLength: 12 },
    ),
  ),
  sizeDelta: maybe(fc.integer()),
  download: maybe(fc.nat()),
  reboot: fc.record({ needed: maybe(fc.boolean()), because: texts }),
  units: maybe(
    fc.record({
      restarted: texts,
      stopped: texts,
      started: texts,
      reloaded: texts,
      notStopped: texts,
      pathsOnly: texts,
      because: fc.array(fc.record({ unit: text, files: texts }), { maxLength: 3 }),
      restartedWith: fc.array(fc.record({ unit: text, with: texts }), { maxLength: 3 }),
      alsoStarted: fc.array(fc.record({ unit: text, was: fc.constantFrom('failed', 'stopped', 'ended', 'inactive') }), {
        maxLength: 3,
      }),
    }),
  ),
  etc: maybe(
    fc.array(
      fc.record({
        path: text,
        change: fc.constantFrom('added', 'removed', 'changed'),
        inherited: fc.boolean(),
        patch: maybe(fc.array(text, { maxLength: 80 }).map((lines) => lines.join('\n'))),
      }),
      { maxLength: 5 },
    ),
  ),
  users: maybe(names),
  groups: maybe(names),
  firewall: maybe(fc.record({ opened: texts, closed: texts, enabled: maybe(fc.boolean()) })),
  inhibitors: maybe(fc.array(fc.record({ name: text, from: maybe(text), to: maybe(text) }), { maxLength: 3 })),
  causes: maybe(
    fc.array(fc.record({ name: text, from: maybe(text), to: maybe(text), rebuilds: fc.nat() }), { maxLength: 4 }),
  ),
  provenance: fc.dictionary(
    fc.constantFrom('packages', 'units', 'etc', 'sizeDelta', 'reboot', 'firewall'),
    fc.constantFrom('built', 'predicted', 'unknown'),
  ),
})

const note: fc.Arbitrary<Note> = fc
  .tuple(fc.boolean(), fc.constantFrom<Note['severity'][]>('info', 'warning', 'error'), text, text)
  .map(([isPending, severity, summary, detail]) => {
    const code = isPending ? 'plan/reboot-pending' : codeFrom('plan/x')
    return { code, severity, summary, detail }
  })

const host: fc.Arbitrary<Draft<HostPlan>> = fc
  .record({ kind: fc.nat({ max: 6 }), diff, notes: fc.array(note, { maxLength: 3 }), words: text, note: maybe(text) })
  .map(({ kind, diff, notes, words, note }): Draft<HostPlan> => {
    const settings = sampleSettings('x', { note })
    const failure = { code: codeFrom('x'), summary: words, detail: words.repeat(3) }
    if (kind === 0) return { ...unreachable('x'), notes, settings, failure }
    if (kind === 1) return { ...unevaluated('x'), notes, settings, failure }
    if (kind === 2) return unchanged('x', { notes })
    if (kind === 3) return excluded('x', words)
    return changed('x', diff, { notes })
  })

/** Plans of any shape that the schema allows, with hostile text in every field that holds text. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    hosts: fc.uniqueArray(fc.tuple(text, host), { maxLength: 8, selector: ([name]) => name }),
    waves: fc.array(text, { minLength: 1, maxLength: 4 }),
    name: text,
    original: text,
    rev: maybe(text),
    notes: fc.array(note, { maxLength: 3 }),
  })
  .map(({ hosts, waves, name, original, rev, notes }) => {
    const source = { ...samplePlan({}).body.source, original, rev, lastModified: rev }
    const members = waves.map((wave, index) =>
      sampleWave(
        wave,
        hosts.filter((_, at) => at % waves.length === index).map(([host]) => host),
      ),
    )
    return hostilePlanOf(Object.fromEntries(hosts), members, { name, source, notes })
  })
