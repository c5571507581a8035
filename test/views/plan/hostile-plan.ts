import { codeFrom } from '../../../src/model/codes/codes.ts'
import type { Note, Plan } from '../../../src/model/plan/plan-schema.ts'
import {
  changed,
  excluded,
  sampleDiff,
  sampleObserved,
  hostilePlanOf,
  samplePlan,
  sampleSettings,
  sampleWave,
  unchanged,
  unevaluated,
  unreachable,
} from '../../rig/samples/plan.ts'

/** Names that try to leave the place they are put in: the terminal, Markdown, HTML. */
export const hostileNames = [
  '`code` ``two`` ```three',
  '</details></summary><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '| a | b |',
  'first\n\n# second\n- third',
  '@everyone #1 https://evil.example www.evil.example',
  '--> <!-- x',
  '[click](javascript:alert(1)) ![x](https://evil.example/x.png)',
  '**bold** _under_ ~~gone~~ $x$ \\',
  '\u001B[2J\u202Ereversed\u0007',
  '&lt;script&gt; &amp;',
  '" onmouseover="alert(1)',
  '',
] as const

/** Hostile text in every field that holds text. */
export function hostile(): Plan {
  const bad = hostileNames.join(' ')
  const names = [...hostileNames]
  const diff = sampleDiff({
    packages: names.map((name) => ({ name, from: [name], to: ['<b>1</b>`', name], direction: 'up', selected: true })),
    units: {
      restarted: names,
      stopped: names,
      started: names,
      reloaded: names,
      notStopped: names,
      pathsOnly: ['a'],
      because: [{ unit: names[0] ?? '', files: names }],
      restartedWith: [{ unit: bad, with: names }],
      alsoStarted: [{ unit: bad, was: 'failed' }],
      userUnits: { users: names, restarted: [bad], stopped: [], started: [], reloaded: [], notStopped: [] },
    },
    specialisations: { added: [bad], removed: [], changed: [] },
    etc: names.map((path) => ({
      path,
      change: 'changed',
      inherited: false,
      patch: '@@ -1 +1 @@\n-```\n+``````\n </details>\n+</pre><script>alert(1)</script>\n-@everyone\n~~~~\n',
    })),
    users: { added: names, removed: names, changed: names },
    groups: { added: names, removed: names, changed: names },
    firewall: { opened: names, closed: names, enabled: false },
    inhibitors: names.map((name) => ({ name, from: name, to: name })),
    causes: names.map((name) => ({ name, from: name, to: name, rebuilds: 3 })),
    reboot: { needed: true, because: names },
  })
  const note: Note = {
    code: codeFrom('plan/x'),
    severity: 'warning',
    summary: bad,
    detail: `${bad}\n\`\`\`\`\n</details>`,
  }
  const failure = { code: codeFrom('x'), summary: bad, detail: `${bad}\n\`\`\`\n</details>\n<script>alert(1)</script>` }
  return hostilePlanOf(
    {
      'a`b|c<d>': changed('a', diff, { notes: [note, { ...note, severity: 'info' }] }),
      '@team/</details>': { ...unevaluated('b'), failure, settings: sampleSettings('b', { note: bad }) },
      'line\nbreak': { ...unreachable('c'), failure, settings: sampleSettings('c', { note: bad }) },
      '<!--': excluded('d', bad),
      same: unchanged('e', { from: sampleObserved('e', { failedUnits: names }) }),
    },
    [
      sampleWave('| wave | `x` <b>', ['a`b|c<d>', '@team/</details>']),
      sampleWave(bad, ['line\nbreak', '<!--', 'same']),
    ],
    {
      name: `--><script>alert(1)</script> ${bad}`,
      source: { ...samplePlan({}).body.source, original: bad, rev: '`<b>@x', lastModified: '<i>`|@y' },
      hooks: names.map((name) => ({ on: [name], run: [name], timeoutMs: 1, onError: 'ignore' as const })),
      lock: { http: 'https://user:s3cr3t@evil.example/`<b>@x' },
      ranBefore: { of: '</summary>\n# x', entries: names.map((name) => ({ kind: 'ssh', name: '', what: name })) },
      notes: [
        { ...note, severity: 'error' },
        { ...note, severity: 'info' },
      ],
    },
  )
}
