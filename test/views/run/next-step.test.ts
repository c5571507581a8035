import { expect, test } from 'vitest'
import { codes, isKnown } from '../../../src/model/codes/codes.ts'
import { diagnostic } from '../../../src/model/diagnostic.ts'
import { adviceOf } from '../../../src/views/run/host-entry.ts'
import { diagnosticsText } from '../../../src/views/terminal/diagnostics.ts'
import type { HostOutcome } from '../../../src/views/run/ending.ts'

const all = Object.keys(codes).filter(isKnown)

/** Whose next step, to read, to fix and to plan again, the last lines of every report name. */
const inTheLastLines = [
  'activate/failed',
  'activate/units-failed',
  'check/unhealthy',
  'roll-back/not-started',
  'wave/halted',
]

test('a host that ended with any code is told with what to do about it', () => {
  const silent = all.filter((code) => {
    const ending = { type: 'host.failed', code, reason: '', host: 'a', wave: 'w', touched: false, step: 'copy' }
    const outcome = { ending, unhealthy: null, reverted: null } as unknown as HostOutcome
    return adviceOf(outcome, { run: 'a1b2', host: 'web' }).text === ''
  })
  expect(silent.toSorted()).toEqual(inTheLastLines)
})

test('an error that has no place in a file ends with the command that explains it', () => {
  const text = (code: (typeof all)[number]) =>
    diagnosticsText([diagnostic(code, codes[code].title, 'Why.')], { color: false, width: 80 })
  for (const code of all) expect(text(code).endsWith(`\n1 error\nNext: fleet explain ${code}\n`), code).toBe(true)
})
